package nn

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// grid is the geometry of a test's convolution or pooling: an image of [h, w, c] and
// windows of kh·kw. Edges holds the padding before and after rows and columns.
type grid struct {
	h, w, c, kh, kw, sh, sw, oh, ow, top, left int
}

// gridOf follows the definitions of TensorFlow's "same" and "valid".
func gridOf(h, w, c, kh, kw, sh, sw int, padding Padding) grid {
	g := grid{h: h, w: w, c: c, kh: kh, kw: kw, sh: sh, sw: sw}
	out := func(n, k, s int) (int, int) {
		if padding == Valid {
			return (n - k + s) / s, 0
		}
		o := int(math.Ceil(float64(n) / float64(s)))
		return o, max((o-1)*s+k-n, 0) / 2
	}
	g.oh, g.top = out(h, kh, sh)
	g.ow, g.left = out(w, kw, sw)
	return g
}

// windows calls f for each output pixel and each tap of its window that lies on the image.
func (g grid) windows(f func(out, tap, in int)) {
	for i := range g.oh {
		for j := range g.ow {
			for r := range g.kh {
				for q := range g.kw {
					y, x := i*g.sh+r-g.top, j*g.sw+q-g.left
					if y >= 0 && y < g.h && x >= 0 && x < g.w {
						f(i*g.ow+j, r*g.kw+q, y*g.w+x)
					}
				}
			}
		}
	}
}

func convReference(g grid, o int) reference {
	return func(x []float64, n int, w map[string][]float64) []float64 {
		kernel, bias := w["kernel"], w["bias"]
		y := make([]float64, n*g.oh*g.ow*o)
		for e := range n {
			xe, ye := x[e*g.h*g.w*g.c:], y[e*g.oh*g.ow*o:]
			g.windows(func(out, tap, in int) {
				for c := range g.c {
					for f := range o {
						ye[out*o+f] += xe[in*g.c+c] * kernel[(tap*g.c+c)*o+f]
					}
				}
			})
		}
		for i := range y {
			if bias != nil {
				y[i] += bias[i%o]
			}
		}
		return y
	}
}

func drawPadding(t *rapid.T) Padding {
	return rapid.SampledFrom([]Padding{Valid, Same}).Draw(t, "padding")
}

func TestConv2DGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, s := rapid.IntRange(1, 4).Draw(t, "kernel"), rapid.IntRange(1, 3).Draw(t, "stride")
		h, w := rapid.IntRange(k, 7).Draw(t, "h"), rapid.IntRange(k, 7).Draw(t, "w")
		c, o := rapid.IntRange(1, 3).Draw(t, "c"), rapid.IntRange(1, 4).Draw(t, "o")
		padding := drawPadding(t)
		checkLayer(t, drawSeed(t), layerCheck{
			layer: &Conv2D{Filters: o, Kernel: k, Stride: s, Padding: padding, NoBias: rapid.Bool().Draw(t, "no bias")},
			in:    []int{h, w, c}, n: rapid.IntRange(1, 3).Draw(t, "n"),
			ref: convReference(gridOf(h, w, c, k, k, s, s, padding), o),
		})
	})
}

func TestConv1DGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, s := rapid.IntRange(1, 4).Draw(t, "kernel"), rapid.IntRange(1, 3).Draw(t, "stride")
		steps := rapid.IntRange(k, 9).Draw(t, "t")
		c, o := rapid.IntRange(1, 3).Draw(t, "c"), rapid.IntRange(1, 4).Draw(t, "o")
		padding := drawPadding(t)
		checkLayer(t, drawSeed(t), layerCheck{
			layer: &Conv1D{Filters: o, Kernel: k, Stride: s, Padding: padding},
			in:    []int{steps, c}, n: rapid.IntRange(1, 3).Draw(t, "n"),
			ref: convReference(gridOf(1, steps, c, 1, k, 1, s, padding), o),
		})
	})
}

func TestConv1DWithLengthsGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, s := rapid.IntRange(1, 4).Draw(t, "kernel"), rapid.IntRange(1, 2).Draw(t, "stride")
		steps, n := rapid.IntRange(k, 9).Draw(t, "t"), rapid.IntRange(1, 3).Draw(t, "n")
		c, o := rapid.IntRange(1, 3).Draw(t, "c"), rapid.IntRange(1, 4).Draw(t, "o")
		lengths := rapid.SliceOfN(rapid.IntRange(0, steps), n, n).Draw(t, "lengths")
		padding := drawPadding(t)
		g := gridOf(1, steps, c, 1, k, 1, s, padding)
		whole := convReference(g, o)
		checkLayer(t, drawSeed(t), layerCheck{
			layer: &Conv1D{Filters: o, Kernel: k, Stride: s, Padding: padding},
			in:    []int{steps, c}, n: n, lengths: lengths,
			ref: func(x []float64, n int, w map[string][]float64) []float64 {
				x = slices.Clone(x)
				for e, l := range lengths {
					clear(x[(e*steps+l)*c : (e+1)*steps*c])
				}
				y := whole(x, n, w)
				for e, l := range lengths {
					out := (l + s - 1) / s
					if padding == Valid && l > 0 { // one window at least
						out = max(1, (l-k+s)/s)
					}
					clear(y[(e*g.ow+out)*o : (e+1)*g.ow*o])
				}
				return y
			},
		})
	})
}

// The step a padded batch adds must not change what an example gives.
func TestConv1DGivesAShortExampleTheBitsItHasAlone(t *testing.T) {
	rng := testStream(3)
	build := func(steps int) *Conv1D {
		l := &Conv1D{Filters: 4, Kernel: 3, Padding: Same}
		p := NewPlan(1, testStream(9))
		l.Build(p, []int{steps, 2})
		p.Allocate()
		return l
	}
	x := normals(rng, 9*2)
	padded := TensorOf(x, 1, 9, 2)
	padded.Lengths = []int{6}
	got := build(9).Forward(padded, false)
	want := build(6).Forward(TensorOf(x[:12], 1, 6, 2), false)
	if !slices.Equal(got.Data[:6*4], want.Data) {
		t.Errorf("got %v, want %v", got.Data[:6*4], want.Data)
	}
	if got.Lengths[0] != 6 || slices.Max(got.Data[6*4:]) != 0 || slices.Min(got.Data[6*4:]) != 0 {
		t.Errorf("beyond length %v: %v", got.Lengths, got.Data[6*4:])
	}
}

func TestSamePaddingIsTensorFlows(t *testing.T) {
	for _, c := range []struct {
		name                          string
		in, size, stride, out, before int
	}{
		{"odd size, stride 1: symmetric", 5, 3, 1, 5, 1},
		{"even size: the greater half comes after", 5, 4, 1, 5, 1},
		{"stride 2, even input: all of it after", 6, 3, 2, 3, 0},
		{"stride 2, odd input: symmetric", 5, 3, 2, 3, 1},
		{"stride above size: none where it fits", 8, 2, 3, 3, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSpan("test", c.in, c.size, c.stride, Same)
			if s.out != c.out || s.before != c.before {
				t.Errorf("got %d windows, %d before, want %d, %d", s.out, s.before, c.out, c.before)
			}
		})
	}
}
