package nn

import (
	"slices"
	"strings"
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

// A way back sets the gradients anew, those of parts it leaves out to 0.
func TestGradientsStartAnewEachTime(t *testing.T) {
	parts := Parts{Body: Sequential{&Dense{Units: 5}, &ReLU{}}, Head: &Dense{Units: 2}, Decoder: Sequential{&Dense{Units: 4}, &ReLU{}, &Dense{Units: 6}}}
	m := NewModel(parts, []int{6}, 3, testStream(1))
	x := TensorOf(normals(testStream(2), 18), 3, 6)
	back := func(head, decoder bool) []float32 {
		m.Forward(x, true)
		var dlogits, dreconstruction *Tensor
		if head {
			dlogits = TensorOf(normals(testStream(3), 6), 3, 2)
		}
		if decoder {
			dreconstruction = TensorOf(normals(testStream(4), 18), 3, 6)
		}
		m.Backward(dlogits, dreconstruction)
		return slices.Clone(m.plan.grad)
	}
	both := back(true, true)
	back(true, false)
	for _, w := range m.Weights() {
		zero := !slices.ContainsFunc(w.Grad, func(g float32) bool { return g != 0 })
		if left := strings.HasPrefix(w.Name, "decoder"); zero != left {
			t.Errorf("without the decoder: the gradient of %s being 0 is %v", w.Name, zero)
		}
	}
	back(false, true)
	if again := back(true, true); !slices.Equal(again, both) {
		t.Error("the gradients of a step depend on those before")
	}
}
