package metric_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"medml/metric"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The values of every metric to the last bit, on a few drawn predictions: the same on
// every processor and with every compiler setting, or studies can't be reproduced.
func TestTheBitsAreFixed(t *testing.T) {
	var out strings.Builder
	for _, name := range names() {
		m := lookup(t, name)
		for _, classes := range classesFor(m) {
			rng := rand.New(rand.NewPCG(17, uint64(classes)))
			fmt.Fprintf(&out, "%s of %d classes:", name, classes)
			var values []float64
			for range 4 {
				p := draw(rng, classes, 100)
				for i := range p.Scores {
					p.Scores[i] *= 0.9999 - float64(i)/1000 // uneven, and still a probability
				}
				p = dressed(m, p)
				values = append(values, m.Compute(p))
				fmt.Fprintf(&out, " %x", values[len(values)-1])
				if m.Interval != nil {
					low, high := m.Interval(p)
					fmt.Fprintf(&out, " (%x %x)", low, high)
				}
			}
			low, high := metric.MeanInterval(values, 300, 100, m)
			fmt.Fprintf(&out, "; mean %x to %x\n", low, high)
		}
	}
	const golden = "testdata/bits.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("the bits have changed (-want +got):\n%s", diff)
	}
}
