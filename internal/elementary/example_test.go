package elementary_test

import (
	"fmt"

	"medml/internal/elementary"
)

func Example() {
	fmt.Printf("%.17g\n", elementary.Exp(1))
	fmt.Printf("%.15g\n", elementary.NormQuantile(0.975))
	fmt.Printf("%.17g\n", elementary.LogSumExp([]float64{1000, 1000}))
	// Output:
	// 2.7182818284590451
	// 1.95996398454005
	// 1000.6931471805599
}
