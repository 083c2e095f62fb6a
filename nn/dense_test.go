package nn

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDenseGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, i := drawLast(t)
		d := &Dense{Units: rapid.IntRange(1, 6).Draw(t, "units"), NoBias: rapid.Bool().Draw(t, "no bias")}
		checkLayer(t, drawSeed(t), layerCheck{
			layer: d, in: in, n: rapid.IntRange(1, 5).Draw(t, "n"),
			ref: func(x []float64, _ int, w map[string][]float64) []float64 {
				return denseReference(x, i, d.Units, w["kernel"], w["bias"])
			},
		})
	})
}

// denseReference is x·W + b for rows of i numbers; b may be nil.
func denseReference(x []float64, i, o int, w, b []float64) []float64 {
	y := make([]float64, len(x)/i*o)
	for r := range len(x) / i {
		for q := range o {
			for p := range i {
				y[r*o+q] += x[r*i+p] * w[p*o+q]
			}
			if b != nil {
				y[r*o+q] += b[q]
			}
		}
	}
	return y
}

func TestDenseLeavesOutTheInputGradientOfAFirstLayer(t *testing.T) {
	p := NewPlan(2, testStream(1))
	d := &Dense{Units: 3}
	d.Build(p, []int{4})
	p.Allocate()
	y := d.Forward(TensorOf(normals(testStream(2), 8), 2, 4), true)
	if dx := d.Backward(y); dx != nil {
		t.Fatalf("got %v, want none", dx.Shape)
	}
}
