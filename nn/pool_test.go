package nn

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// poolReference reduces each window's values, per channel, within each example's length.
func poolReference(g grid, lengths, outs []int, reduce func([]float64) float64) reference {
	return func(x []float64, n int, _ map[string][]float64) []float64 {
		y := make([]float64, n*g.oh*g.ow*g.c)
		for e := range n {
			values := make([][]float64, g.oh*g.ow*g.c)
			g.windows(func(out, _, in int) {
				if lengths != nil && (in >= lengths[e] || out >= outs[e]) {
					return
				}
				for c := range g.c {
					values[out*g.c+c] = append(values[out*g.c+c], x[e*g.h*g.w*g.c+in*g.c+c])
				}
			})
			for i, v := range values {
				if len(v) > 0 {
					y[e*len(values)+i] = reduce(v)
				}
			}
		}
		return y
	}
}

func mean(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

func TestPool2DGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, s := rapid.IntRange(1, 3).Draw(t, "size"), rapid.IntRange(0, 3).Draw(t, "stride")
		h, w := rapid.IntRange(k, 6).Draw(t, "h"), rapid.IntRange(k, 6).Draw(t, "w")
		c, padding := rapid.IntRange(1, 4).Draw(t, "c"), drawPadding(t)
		g := gridOf(h, w, c, k, k, orInt(s, k), orInt(s, k), padding)
		check := layerCheck{
			layer: &MaxPool2D{Size: k, Stride: s, Padding: padding},
			in:    []int{h, w, c}, n: rapid.IntRange(1, 3).Draw(t, "n"), draw: apart,
			ref: poolReference(g, nil, nil, slices.Max),
		}
		if rapid.Bool().Draw(t, "average") {
			check.layer = &AvgPool2D{Size: k, Stride: s, Padding: padding}
			check.ref = poolReference(g, nil, nil, mean)
		}
		checkLayer(t, drawSeed(t), check)
	})
}

func TestPool1DGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, s := rapid.IntRange(1, 3).Draw(t, "size"), rapid.IntRange(0, 3).Draw(t, "stride")
		steps, n := rapid.IntRange(k, 8).Draw(t, "t"), rapid.IntRange(1, 3).Draw(t, "n")
		c, padding := rapid.IntRange(1, 4).Draw(t, "c"), drawPadding(t)
		g := gridOf(1, steps, c, 1, k, 1, orInt(s, k), padding)
		var lengths, outs []int
		if rapid.Bool().Draw(t, "lengths") {
			lengths = rapid.SliceOfN(rapid.IntRange(0, steps), n, n).Draw(t, "lengths")
			for _, l := range lengths {
				out := gridOf(1, l, c, 1, k, 1, orInt(s, k), padding).ow
				if l > 0 { // one window at least
					out = max(out, 1)
				}
				outs = append(outs, out)
			}
		}
		check := layerCheck{
			layer: &MaxPool1D{Size: k, Stride: s, Padding: padding},
			in:    []int{steps, c}, n: n, lengths: lengths, draw: apart,
			ref: poolReference(g, lengths, outs, slices.Max),
		}
		if rapid.Bool().Draw(t, "average") {
			check.layer = &AvgPool1D{Size: k, Stride: s, Padding: padding}
			check.ref = poolReference(g, lengths, outs, mean)
		}
		checkLayer(t, drawSeed(t), check)
	})
}

func TestGlobalPoolGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, n := rapid.IntRange(1, 4).Draw(t, "c"), rapid.IntRange(1, 3).Draw(t, "n")
		in := []int{rapid.IntRange(1, 6).Draw(t, "t"), c}
		var lengths, outs []int
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			in = []int{in[0], rapid.IntRange(1, 4).Draw(t, "w"), c}
		case 1:
			lengths = rapid.SliceOfN(rapid.IntRange(0, in[0]), n, n).Draw(t, "lengths")
			outs = slices.Repeat([]int{1}, n)
		}
		places := size(in) / c
		g := gridOf(1, places, c, 1, places, 1, 1, Valid)
		check := layerCheck{
			layer: &GlobalMaxPool{}, in: in, n: n, lengths: lengths, draw: apart,
			ref: poolReference(g, lengths, outs, slices.Max),
		}
		if rapid.Bool().Draw(t, "average") {
			check.layer, check.ref = &GlobalAvgPool{}, poolReference(g, lengths, outs, mean)
		}
		checkLayer(t, drawSeed(t), check)
	})
}

func TestMaxPoolGivesATiesGradientToTheFirst(t *testing.T) {
	p := NewPlan(1, testStream(1))
	p.WantInputGrad()
	l := &MaxPool2D{}
	l.Build(p, []int{2, 2, 1})
	p.Allocate()
	l.Forward(TensorOf([]float32{-1, 3, 3, 3}, 1, 2, 2, 1), true)
	dx := l.Backward(TensorOf([]float32{5}, 1, 1, 1, 1))
	if want := []float32{0, 5, 0, 0}; !slices.Equal(dx.Data, want) {
		t.Errorf("got %v, want %v", dx.Data, want)
	}
}

func TestMaxPoolShowsANaN(t *testing.T) {
	nan := float32(math.NaN())
	p := NewPlan(1, testStream(1))
	l := &MaxPool1D{Size: 3}
	l.Build(p, []int{6, 1})
	p.Allocate()
	y := l.Forward(TensorOf([]float32{nan, 1, 2, 1, nan, 2}, 1, 6, 1), false)
	for i, v := range y.Data {
		if v == v {
			t.Errorf("window %d: %v, want NaN", i, v)
		}
	}
}
