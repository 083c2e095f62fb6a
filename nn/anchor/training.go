package anchor

import (
	"math/rand/v2"

	"medml/nn"
)

// training is a model at its batch, with Adam at a rate of 0.001.
type training struct {
	model  *nn.Model
	x      *nn.Tensor
	target nn.Target
	loss   nn.Loss
	grad   *nn.Tensor
	adam   nn.Optimizer
	last   float64 // the last step's loss
}

func newTraining(m model, seed uint64, batch int) *training {
	rng := rand.New(rand.NewPCG(seed, 0))
	t := &training{
		model: nn.NewModel(nn.Parts{Body: nn.Sequential{}, Head: m.layers()}, m.in, batch, rng),
		x:     nn.NewTensor(append([]int{batch}, m.in...)...),
		grad:  nn.NewTensor(batch, m.out),
		loss:  m.loss,
	}
	switch m.target {
	case classes:
		t.target.Labels = make([]int32, batch)
		for i := range t.target.Labels {
			t.target.Labels[i] = rng.Int32N(int32(m.out))
		}
	case numbers:
		t.target.Values = make([]float32, batch*m.out)
		uniform(rng, t.target.Values)
	case itself:
		t.target.Values = t.x.Data
	}
	uniform(rng, t.x.Data)
	adam, err := nn.NewOptimizer("adam", t.model.Weights(), nn.OptimizerConfig{})
	if err != nil {
		panic(err) // adam is in the table
	}
	t.adam = adam
	return t
}

// uniform fills x with numbers of [0, 1).
func uniform(rng *rand.Rand, x []float32) {
	for i := range x {
		x[i] = rng.Float32()
	}
}

// step is forward, loss, backward and update.
func (t *training) step() {
	t.model.Forward(t.x, true)
	t.last = t.loss.Compute(t.model.Logits(), t.target, t.grad)
	t.model.Backward(t.grad, nil)
	t.adam.Step(1e-3)
}
