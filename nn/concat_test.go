package nn

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestConcatGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps, i := rapid.IntRange(1, 5).Draw(t, "t"), rapid.IntRange(1, 4).Draw(t, "i")
		a, b := rapid.IntRange(1, 4).Draw(t, "a"), rapid.IntRange(1, 4).Draw(t, "b")
		checkLayer(t, drawSeed(t), layerCheck{
			// The tanh overwrites its part of the gradient; the dropout passes its input through.
			layer: &Concat{Branches: []Layer{Sequential{&Dense{Units: a}, &Tanh{}}, &Dropout{}, &Dense{Units: b, NoBias: true}}},
			in:    []int{steps, i}, n: rapid.IntRange(1, 3).Draw(t, "n"),
			ref: func(x []float64, _ int, w map[string][]float64) (y []float64) {
				first := tanhOf(denseReference(x, i, a, w["0.0.kernel"], w["0.0.bias"]))
				third := denseReference(x, i, b, w["2.kernel"], nil)
				for p := range len(x) / i {
					y = slices.Concat(y, first[p*a:][:a], x[p*i:][:i], third[p*b:][:b])
				}
				return y
			},
		})
	})
}

func TestConcatAsFirstLayerStillTrainsEveryBranch(t *testing.T) {
	p := NewPlan(1, testStream(1))
	l := &Concat{Branches: []Layer{&Dense{Units: 1}, Sequential{&Dropout{}, &Dense{Units: 2}}}}
	l.Build(p, []int{2})
	p.Allocate()
	l.Forward(TensorOf([]float32{1, 2}, 1, 2), true)
	if dx := l.Backward(TensorOf([]float32{1, 1, 1}, 1, 3)); dx != nil {
		t.Errorf("a gradient of the input of shape %v though the plan wants none", dx.Shape)
	}
	if want := []float32{1, 1, 2, 2}; !slices.Equal(p.weights[2].Grad, want) {
		t.Errorf("gradient of %s %v, want %v", p.weights[2].Name, p.weights[2].Grad, want)
	}
}
