package nn

import (
	"slices"
	"testing"
)

// The anchors together hold every kind of layer chain: their steps must allocate nothing,
// and a smaller batch in between must leave no trace.
func TestStepsOfWholeModels(t *testing.T) {
	for _, a := range anchors[1:] { // cnn150 takes seconds
		t.Run(a.name, func(t *testing.T) {
			const batch = 4
			m := NewModel(Parts{Body: Sequential{}, Head: a.body()}, a.in, batch, testStream(1))
			x := TensorOf(normals(testStream(2), batch*size(a.in)), append([]int{batch}, a.in...)...)
			few := TensorOf(x.Data[:2*size(a.in)], append([]int{2}, a.in...)...)
			dy := NewTensor(append([]int{batch}, m.Out()...)...)
			fewDy := NewTensor(append([]int{2}, m.Out()...)...)
			g := normals(testStream(3), len(dy.Data))
			step := func(x, dy *Tensor) {
				m.Forward(x, true)
				copy(dy.Data, g)
				m.Backward(dy, nil)
			}
			if n := testing.AllocsPerRun(3, func() { step(x, dy); step(few, fewDy) }); n != 0 {
				t.Errorf("two steps allocate %v times", n)
			}
			m.Forward(x, false)
			before := slices.Clone(m.Logits().Data)
			m.Forward(few, false)
			if !slices.Equal(m.Logits().Data, before[:len(before)/2]) {
				t.Error("a smaller batch gives its examples other logits")
			}
			m.Forward(x, false)
			if !slices.Equal(m.Logits().Data, before) {
				t.Error("a smaller batch left a trace")
			}
		})
	}
}
