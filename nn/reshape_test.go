package nn

import (
	"testing"

	"pgregory.net/rapid"
)

func TestReshapeGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 3).Draw(t, "in")
		l := Layer(&Flatten{})
		if rapid.Bool().Draw(t, "reshape") {
			l = &Reshape{Shape: rapid.Permutation(in).Draw(t, "shape")}
		}
		checkLayer(t, drawSeed(t), layerCheck{
			layer: l, in: in, n: rapid.IntRange(1, 3).Draw(t, "n"),
			ref: func(x []float64, _ int, _ map[string][]float64) []float64 { return x },
		})
	})
}

func TestReshapeToAnotherNumberOfElementsPanics(t *testing.T) {
	defer func() {
		if want := "nn: Reshape wants 6 elements for [2 3], got [5]"; recover() != want {
			t.Errorf("want the panic %q", want)
		}
	}()
	(&Reshape{Shape: []int{2, 3}}).Build(NewPlan(1, testStream(1)), []int{5})
}
