package nn_test

import (
	"fmt"
	"math/rand/v2"

	"medml/nn"
)

// A small network learns the exclusive or.
func Example() {
	x := nn.TensorOf([]float32{0, 0, 0, 1, 1, 0, 1, 1}, 4, 2)
	labels := nn.Target{Labels: []int32{0, 1, 1, 0}}

	m := nn.NewModel(nn.Parts{
		Body: nn.Sequential{&nn.Dense{Units: 8}, &nn.Tanh{}},
		Head: nn.Sequential{&nn.Dense{Units: 2}},
	}, []int{2}, 4, rand.New(rand.NewPCG(1, 2)))
	loss := &nn.CrossEntropy{}
	adam, err := nn.NewOptimizer("adam", m.Weights(), nn.OptimizerConfig{})
	if err != nil {
		panic(err)
	}

	gradient := nn.NewTensor(4, 2)
	for range 200 {
		m.Forward(x, true)
		loss.Compute(m.Logits(), labels, gradient)
		m.Backward(gradient, nil)
		adam.Step(0.03)
	}

	m.Forward(x, false)
	fmt.Printf("loss below 0.01: %v\n", loss.Compute(m.Logits(), labels, nil) < 0.01)
	for i := range x.Len() {
		logits := m.Logits().Row(i)
		fmt.Println(x.Row(i), logits[1] > logits[0])
	}
	// Output:
	// loss below 0.01: true
	// [0 0] false
	// [0 1] true
	// [1 0] true
	// [1 1] false
}
