package nn

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestResidualOfDenseGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i, o := rapid.IntRange(1, 4).Draw(t, "i"), rapid.IntRange(1, 4).Draw(t, "o")
		checkLayer(t, drawSeed(t), layerCheck{
			// The tanh overwrites the gradient that the shortcut needs too.
			layer: &Residual{Body: Sequential{&Dense{Units: o}, &Tanh{}}},
			in:    []int{i}, n: rapid.IntRange(1, 3).Draw(t, "n"),
			ref: func(x []float64, _ int, w map[string][]float64) []float64 {
				shortcut := x
				if i != o {
					shortcut = denseReference(x, i, o, w["shortcut.kernel"], nil)
				}
				y := denseReference(x, i, o, w["body.0.kernel"], w["body.0.bias"])
				for p, v := range tanhOf(y) {
					y[p] = v + shortcut[p]
				}
				return y
			},
		})
	})
}

func TestResidualOfConvolutionGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, w := rapid.IntRange(1, 6).Draw(t, "h"), rapid.IntRange(1, 6).Draw(t, "w")
		c, o, s := rapid.IntRange(1, 3).Draw(t, "c"), rapid.IntRange(1, 3).Draw(t, "o"), rapid.IntRange(1, 2).Draw(t, "stride")
		body := convReference(gridOf(h, w, c, 3, 3, s, s, Same), o)
		project := convReference(gridOf(h, w, c, 1, 1, s, s, Same), o)
		l := &Residual{Body: &Conv2D{Filters: o, Stride: s, Padding: Same}}
		in := []int{h, w, c}
		if rapid.Bool().Draw(t, "one dimension") {
			in = []int{w, c}
			body = convReference(gridOf(1, w, c, 1, 3, 1, s, Same), o)
			project = convReference(gridOf(1, w, c, 1, 1, 1, s, Same), o)
			l.Body = &Conv1D{Filters: o, Stride: s, Padding: Same}
		}
		checkLayer(t, drawSeed(t), layerCheck{
			layer: l, in: in, n: rapid.IntRange(1, 3).Draw(t, "n"),
			ref: func(x []float64, n int, w map[string][]float64) []float64 {
				y := body(x, n, map[string][]float64{"kernel": w["body.kernel"], "bias": w["body.bias"]})
				shortcut := x
				if kernel := w["shortcut.kernel"]; kernel != nil {
					shortcut = project(x, n, map[string][]float64{"kernel": kernel})
				}
				for i, v := range shortcut {
					y[i] += v
				}
				return y
			},
		})
	})
}

func tanhOf(x []float64) []float64 {
	p := make([]float64, len(x))
	for i, v := range x {
		p[i] = math.Tanh(v)
	}
	return p
}

func TestResidualAsFirstLayerStillTrainsItsShortcut(t *testing.T) {
	p := NewPlan(1, testStream(1))
	l := &Residual{Body: &Dense{Units: 3}}
	l.Build(p, []int{2})
	p.Allocate()
	y := l.Forward(TensorOf([]float32{1, 2}, 1, 2), true)
	if dx := l.Backward(TensorOf([]float32{1, 1, 1}, 1, 3)); dx != nil {
		t.Errorf("a gradient of the input of shape %v though the plan wants none", dx.Shape)
	}
	if want := []float32{1, 1, 1, 2, 2, 2}; !slices.Equal(p.weights[2].Grad, want) {
		t.Errorf("gradient of %s %v, want %v (output %v)", p.weights[2].Name, p.weights[2].Grad, want, y.Data)
	}
}
