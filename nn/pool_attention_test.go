package nn

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// attentionReference is the weighted mean over each example's first places.
func attentionReference(places, c, units int, lengths []int) reference {
	return func(x []float64, n int, w map[string][]float64) []float64 {
		y := make([]float64, n*c)
		for e := range n {
			h := x[e*places*c:][:places*c]
			if lengths != nil {
				h = h[:lengths[e]*c]
			}
			scores := denseReference(tanhOf(denseReference(h, c, units, w["score.1.kernel"], w["score.1.bias"])), units, 1, w["score.3.kernel"], nil)
			total := 0.0
			for i, s := range scores {
				scores[i] = math.Exp(s)
				total += scores[i]
			}
			for i, s := range scores {
				for j := range c {
					y[e*c+j] += s / total * h[i*c+j]
				}
			}
		}
		return y
	}
}

func TestAttentionPoolGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, n, units := rapid.IntRange(1, 4).Draw(t, "c"), rapid.IntRange(1, 3).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "units")
		in := []int{rapid.IntRange(1, 6).Draw(t, "t"), c}
		var lengths []int
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			in = []int{in[0], rapid.IntRange(1, 4).Draw(t, "w"), c}
		case 1:
			lengths = rapid.SliceOfN(rapid.IntRange(0, in[0]), n, n).Draw(t, "lengths")
		}
		checkLayer(t, drawSeed(t), layerCheck{
			layer: &AttentionPool{Units: units}, in: in, n: n, lengths: lengths,
			ref: attentionReference(size(in)/c, c, units, lengths),
		})
	})
}

// Where no place is preferred the mean is the plain one.
func TestAttentionWithoutPreferenceIsTheMean(t *testing.T) {
	p := NewPlan(1, testStream(1))
	l := &AttentionPool{}
	l.Build(p, []int{4, 2})
	p.Allocate()
	clear(p.weights[2].Data)
	y := l.Forward(TensorOf([]float32{1, 2, 3, 4, 5, 6, 7, 8}, 1, 4, 2), true)
	if want := []float32{4, 5}; !slices.Equal(y.Data, want) {
		t.Errorf("got %v, want %v", y.Data, want)
	}
	if l.Backward(TensorOf([]float32{1, 1}, 1, 2)) != nil {
		t.Error("a gradient of the input though the plan wants none")
	}
}
