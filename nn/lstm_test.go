package nn

import (
	"slices"
	"testing"
)

// A product of the inputs with many steps at a time, as large kernels have it, gives the
// bits of one product of input and state at each step.
func TestAnLSTMsInputsMayBeMultipliedApart(t *testing.T) {
	const in, units, time, batch = 5, 7, 90, 6
	lengths := []int{90, 3, 0, 90, 41, 89}
	run := func(apart bool, lengths []int) (outputs, gradients []float32) {
		layer := &LSTM{Units: units, ReturnSequences: true, Bidirectional: true}
		p := NewPlan(batch, testStream(1))
		p.WantInputGrad()
		layer.Build(p, []int{time, in})
		p.Allocate()
		for _, d := range layer.ways {
			d.cell.(*lstmCell).apart = apart
		}
		x := TensorOf(normals(testStream(2), batch*time*in), batch, time, in)
		x.Lengths = lengths
		y := layer.Forward(x, true)
		dx := layer.Backward(TensorOf(normals(testStream(3), len(y.Data)), y.Shape...))
		return slices.Clone(y.Data), slices.Concat(p.grad, dx.Data)
	}
	for _, lengths := range [][]int{nil, lengths} {
		y, g := run(false, lengths)
		yApart, gApart := run(true, lengths)
		sameBits(t, "outputs", yApart, y)
		sameBits(t, "gradients", gApart, g)
	}
}

func TestLargeKernelsAreMultipliedApart(t *testing.T) {
	for units, want := range map[int]bool{64: false, 256: true} {
		layer := &LSTM{Units: units}
		layer.Build(NewPlan(1, testStream(1)), []int{2, 64})
		if got := layer.ways[0].cell.(*lstmCell).apart; got != want {
			t.Errorf("with %d units apart is %v", units, got)
		}
	}
}
