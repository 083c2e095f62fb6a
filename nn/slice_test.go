package nn

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSliceGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 7).Draw(t, "width")
		from := rapid.IntRange(0, width-1).Draw(t, "from")
		to := rapid.IntRange(from+1, width).Draw(t, "to")
		checkLayer(t, drawSeed(t), layerCheck{
			layer: &Slice{From: from, To: to},
			in:    []int{width}, n: rapid.IntRange(1, 3).Draw(t, "n"),
			ref: func(x []float64, n int, _ map[string][]float64) (y []float64) {
				for i := range n {
					y = append(y, x[i*width+from:i*width+to]...)
				}
				return y
			},
		})
	})
}

func TestSliceOutsideAnExamplePanics(t *testing.T) {
	for _, l := range []Slice{{From: 1, To: 1}, {From: -1, To: 2}, {From: 0, To: 4}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v of 3 numbers was built", l)
				}
			}()
			l.Build(NewPlan(1, testStream(1)), []int{3})
		}()
	}
}
