package trainer_test

import (
	"fmt"
	"os"
	"testing"

	"medml/nn"
)

// The tests run on the path that MEDML_CPU names, as the program does.
func TestMain(m *testing.M) {
	if err := nn.SelectKernels(os.Getenv("MEDML_CPU")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}
