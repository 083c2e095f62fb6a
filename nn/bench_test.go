package nn

import (
	"testing"

	"medml/nn/internal/f32"
)

// The anchors are the models that the engine is measured on beside PyTorch, and one of the
// size that a study of short signals tries.
var anchors = []struct {
	name string
	in   []int
	body func() Sequential
}{
	{"cnn150", []int{150, 150, 3}, func() Sequential {
		return Sequential{
			&Conv2D{Filters: 32}, &ReLU{}, &MaxPool2D{}, &Conv2D{Filters: 64}, &ReLU{}, &MaxPool2D{},
			&Conv2D{Filters: 128}, &ReLU{}, &MaxPool2D{}, &Flatten{}, &Dense{Units: 512}, &ReLU{}, &Dense{Units: 10},
		}
	}},
	{"cnn28", []int{28, 28, 1}, func() Sequential {
		return Sequential{
			&Conv2D{Filters: 16}, &ReLU{}, &MaxPool2D{}, &Conv2D{Filters: 32}, &ReLU{}, &MaxPool2D{},
			&Flatten{}, &Dense{Units: 64}, &ReLU{}, &Dense{Units: 2},
		}
	}},
	{"ae784", []int{784}, func() Sequential {
		return Sequential{
			&Dense{Units: 64}, &ReLU{}, &Dense{Units: 32}, &ReLU{}, &Dense{Units: 64}, &ReLU{}, &Dense{Units: 784},
		}
	}},
	{"lstm100", []int{100, 1}, func() Sequential {
		return Sequential{&LSTM{Units: 64, ReturnSequences: true}, &LSTM{Units: 64, ReturnSequences: true}, &LSTM{Units: 64}, &Dense{Units: 1}}
	}},
	{"signal10", []int{10, 3}, func() Sequential {
		return Sequential{
			&Conv1D{Filters: 32, Padding: Same}, &BatchNorm{}, &ReLU{}, &Dropout{Rate: 0.2},
			&Conv1D{Filters: 32, Padding: Same}, &BatchNorm{}, &ReLU{}, &MaxPool1D{}, &Dropout{Rate: 0.2},
			&GlobalAvgPool{}, &Dense{Units: 2},
		}
	}},
}

// anchorStep makes an anchor's model and returns a whole step of its training: forward,
// loss, backward and Adam.
func anchorStep(tb testing.TB, in []int, body Sequential, batch int) (m *Model, step func()) {
	return anchorStepIn(tb, new(Arenas), in, body, batch)
}

// anchorStepIn is anchorStep in memory of the arenas.
func anchorStepIn(tb testing.TB, arenas *Arenas, in []int, body Sequential, batch int) (m *Model, step func()) {
	m = arenas.NewModel(Parts{Body: Sequential{}, Head: body}, in, batch, testStream(1))
	x := TensorOf(normals(testStream(2), batch*size(in)), append([]int{batch}, in...)...)
	grad := NewTensor(append([]int{batch}, m.Out()...)...)
	loss, target := Loss(MSE{}), Target{Values: normals(testStream(3), len(grad.Data))}
	switch out := size(m.Out()); {
	case out == size(in):
		f32.Sigmoid(x.Data, x.Data) // to between 0 and 1
		loss, target.Values = &BinaryCrossEntropy{}, x.Data
	case out > 1:
		loss, target = &CrossEntropy{}, Target{Labels: make([]int32, batch)}
		for i := range target.Labels {
			target.Labels[i] = int32(i % out)
		}
	}
	adam := mustOptimizer(tb, "adam", m.Weights(), OptimizerConfig{})
	return m, func() {
		m.Forward(x, true)
		loss.Compute(m.Logits(), target, grad)
		m.Backward(grad, nil)
		adam.Step(1e-3)
	}
}

func BenchmarkStep(b *testing.B) {
	for _, a := range anchors {
		b.Run(a.name, func(b *testing.B) {
			const batch = 32
			_, step := anchorStep(b, a.in, a.body(), batch)
			step()
			for b.Loop() {
				step()
			}
			b.ReportMetric(batch*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
