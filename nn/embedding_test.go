package nn

import (
	"math"
	"slices"
	"testing"
)

func TestEmbeddingLooksUpRowsAndSumsTheirGradients(t *testing.T) {
	p := NewPlan(2, testStream(1))
	l := &Embedding{Vocabulary: 3, Units: 2}
	if out := l.Build(p, []int{2}); !slices.Equal(out, []int{2, 2}) {
		t.Fatalf("output of shape %v", out)
	}
	p.Allocate()
	copy(l.w.Data, []float32{1, 2, 3, 4, 5, 6})
	x := TensorOf([]float32{2, 0, 1.9999, 2}, 2, 2)
	y := l.Forward(x, true)
	if want := []float32{5, 6, 1, 2, 5, 6, 5, 6}; !slices.Equal(y.Data, want) {
		t.Errorf("got %v, want %v", y.Data, want)
	}
	if dx := l.Backward(TensorOf([]float32{1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2)); dx != nil {
		t.Errorf("indices have a gradient of shape %v", dx.Shape)
	}
	if want := []float32{3, 4, 0, 0, 13, 16}; !slices.Equal(l.w.Grad, want) {
		t.Errorf("gradient %v, want %v", l.w.Grad, want)
	}
	if n := testing.AllocsPerRun(5, func() { l.Backward(l.Forward(x, true)) }); n != 0 {
		t.Errorf("a step allocates %v times", n)
	}
}

func TestEmbeddingRefusesIndicesItHasNoRowFor(t *testing.T) {
	p := NewPlan(1, testStream(1))
	l := &Embedding{Vocabulary: 3, Units: 2}
	l.Build(p, []int{1})
	p.Allocate()
	for _, v := range []float32{-1, 3, 1e30, float32(math.NaN()), float32(math.Inf(-1))} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v was taken", v)
				}
			}()
			l.Forward(TensorOf([]float32{v}, 1, 1), false)
		}()
	}
}
