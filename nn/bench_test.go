package nn

import "testing"

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
	{"signal10", []int{10, 3}, func() Sequential {
		return Sequential{
			&Conv1D{Filters: 32, Padding: Same}, &BatchNorm{}, &ReLU{}, &Dropout{Rate: 0.2},
			&Conv1D{Filters: 32, Padding: Same}, &BatchNorm{}, &ReLU{}, &MaxPool1D{}, &Dropout{Rate: 0.2},
			&GlobalAvgPool{}, &Dense{Units: 2},
		}
	}},
}

// A step is forward and backward, without loss and optimizer.
func BenchmarkStep(b *testing.B) {
	for _, a := range anchors {
		b.Run(a.name, func(b *testing.B) {
			const batch = 32
			m := NewModel(Parts{Body: Sequential{}, Head: a.body()}, a.in, batch, testStream(1))
			x := TensorOf(normals(testStream(2), batch*size(a.in)), append([]int{batch}, a.in...)...)
			m.Forward(x, true)
			dy := NewTensor(append([]int{batch}, m.Out()...)...)
			g := normals(testStream(3), len(dy.Data))
			for b.Loop() {
				m.Forward(x, true)
				copy(dy.Data, g)
				m.Backward(dy, nil)
			}
			b.ReportMetric(batch*float64(b.N)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
