package nn

import (
	"fmt"
	"testing"
)

// Every piece of work is shared here, however small.
func TestThreadsDontChangeWhatIsLearnt(t *testing.T) {
	for _, m := range torchModels {
		f := readFixture(t, m.name)
		var want []float32
		for _, threads := range []int{1, 2, 3, 5} {
			layers := m.layers()
			x := f.Input.tensor()
			x.Lengths = f.Lengths
			p := planAsTorch(t, f, layers, x)
			p.team.enough = 0
			stop := p.split(threads)
			learn(t, p, layers, x, f, m.loss)
			stop()
			if threads == 1 {
				want = p.data
				continue
			}
			sameBits(t, fmt.Sprintf("%s on %d threads", m.name, threads), p.data, want)
		}
	}
}

// learn makes two steps of Adam on a fixture's batch.
func learn(t *testing.T, p *Plan, layers Sequential, x *Tensor, f torchFixture, loss Loss) {
	t.Helper()
	target := Target{Labels: f.Labels}
	if f.Targets != nil {
		target.Values = f.Targets.tensor().Data
	}
	adam := mustOptimizer(t, "adam", p.weights, OptimizerConfig{})
	grad := NewTensor(f.Output.Shape...)
	for range 2 {
		p.team.clear(p.grad)
		loss.Compute(layers.Forward(x, true), target, grad)
		layers.Backward(grad)
		adam.Step(1e-3)
	}
}
