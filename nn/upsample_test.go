package nn

import (
	"testing"

	"pgregory.net/rapid"
)

func TestUpSampleGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, w := 1, rapid.IntRange(1, 4).Draw(t, "w")
		c, k := rapid.IntRange(1, 3).Draw(t, "c"), rapid.IntRange(1, 3).Draw(t, "size")
		n, rows := rapid.IntRange(1, 3).Draw(t, "n"), 1
		check := layerCheck{layer: &UpSample1D{Size: k}, in: []int{w, c}, n: n}
		if rapid.Bool().Draw(t, "two dimensions") {
			h, rows = rapid.IntRange(1, 4).Draw(t, "h"), k
			check.layer, check.in = &UpSample2D{Size: k}, []int{h, w, c}
		}
		check.ref = func(x []float64, n int, _ map[string][]float64) []float64 {
			var y []float64
			for e := range n {
				for i := range h * rows {
					for j := range w * k {
						at := ((e*h+i/rows)*w + j/k) * c
						y = append(y, x[at:at+c]...)
					}
				}
			}
			return y
		}
		checkLayer(t, drawSeed(t), check)
	})
}
