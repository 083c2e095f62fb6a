package nn

import (
	"testing"

	"pgregory.net/rapid"
)

// convTransposeReference scatters x [H', W', I] onto the image of g, whose windows give
// the H'·W' pixels.
func convTransposeReference(g grid, i int) reference {
	o := g.c
	return func(x []float64, n int, w map[string][]float64) []float64 {
		y := make([]float64, n*g.h*g.w*o)
		for e := range n {
			xe, ye := x[e*g.oh*g.ow*i:], y[e*g.h*g.w*o:]
			g.windows(func(out, tap, in int) {
				for p := range i {
					for q := range o {
						ye[in*o+q] += xe[out*i+p] * w["kernel"][(tap*i+p)*o+q]
					}
				}
			})
		}
		for p := range y {
			y[p] += w["bias"][p%o]
		}
		return y
	}
}

// kerasSize is the size of a transposed convolution's output in Keras.
func kerasSize(n, k, s int, padding Padding) int {
	if padding == Same {
		return n * s
	}
	return n*s + max(k-s, 0)
}

func TestConvTransposeGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, s := rapid.IntRange(1, 4).Draw(t, "kernel"), rapid.IntRange(1, 3).Draw(t, "stride")
		w := rapid.IntRange(1, 4).Draw(t, "w")
		i, o := rapid.IntRange(1, 3).Draw(t, "i"), rapid.IntRange(1, 3).Draw(t, "o")
		padding := drawPadding(t)
		g := gridOf(1, kerasSize(w, k, s, padding), o, 1, k, 1, s, padding)
		check := layerCheck{
			layer: &Conv1DTranspose{Filters: o, Kernel: k, Stride: s, Padding: padding},
			in:    []int{w, i}, n: rapid.IntRange(1, 3).Draw(t, "n"),
		}
		if rapid.Bool().Draw(t, "two dimensions") {
			h := rapid.IntRange(1, 4).Draw(t, "h")
			g = gridOf(kerasSize(h, k, s, padding), g.w, o, k, k, s, s, padding)
			check.layer = &Conv2DTranspose{Filters: o, Kernel: k, Stride: s, Padding: padding}
			check.in = []int{h, w, i}
		}
		check.ref = convTransposeReference(g, i)
		checkLayer(t, drawSeed(t), check)
	})
}
