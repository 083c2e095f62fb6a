// Package anchor holds what the engine is measured on: four models, each a size and kind
// that studies train, and plain matrix products. A [Workload] is one of them; [Measure]
// runs it and says how fast it went.
//
// The models are those of bench/torch_peer.py, layer for layer, so that figures of both
// stand beside each other. Each trains on one fixed batch: reading and shuffling data isn't
// measured.
package anchor

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"medml/internal/nearest"
	"medml/nn"
)

// Workload is something to measure, repeated step by step.
type Workload struct {
	Name string
	Doc  string
	// Samples is how many examples a step trains on; 1 for a product.
	Samples int
	// FLOPs counts a step's floating-point operations as the algorithm needs them: two for
	// each multiplication and addition of the products, nothing for all else.
	FLOPs float64
	// Splits says whether a step can be split over several threads.
	Splits bool
	// Start readies a step on so many threads, which stop ends; the same seed gives the same
	// numbers.
	Start func(seed uint64, threads int) (step, stop func())
}

// batch is the number of examples in a step of training.
const batch = 32

// model describes an anchor that trains.
type model struct {
	doc    string
	in     []int
	out    int
	layers func() nn.Sequential
	loss   nn.Loss
	target kind
	// products are the sizes of the forward pass's products for one example.
	products []product
}

// kind says what a model is to learn.
type kind uint8

const (
	classes kind = iota // one of out classes
	numbers             // out numbers
	itself              // its input
)

// names are the models' in the order of a table.
var names = []string{"cnn150", "cnn28", "lstm100", "ae784"}

var models = map[string]model{
	"cnn150": {
		doc: "three convolutions of 32, 64 and 128 filters on images of 150×150×3, dense 512, 10 classes",
		in:  []int{150, 150, 3}, out: 10, loss: &nn.CrossEntropy{}, target: classes,
		layers: func() nn.Sequential {
			return nn.Sequential{
				&nn.Conv2D{Filters: 32}, &nn.ReLU{}, &nn.MaxPool2D{},
				&nn.Conv2D{Filters: 64}, &nn.ReLU{}, &nn.MaxPool2D{},
				&nn.Conv2D{Filters: 128}, &nn.ReLU{}, &nn.MaxPool2D{},
				&nn.Flatten{}, &nn.Dense{Units: 512}, &nn.ReLU{}, &nn.Dense{Units: 10},
			}
		},
		products: []product{{148 * 148, 32, 27}, {72 * 72, 64, 288}, {34 * 34, 128, 576}, {1, 512, 36992}, {1, 10, 512}},
	},
	"cnn28": {
		doc: "two convolutions of 16 and 32 filters on images of 28×28, dense 64, 2 classes",
		in:  []int{28, 28, 1}, out: 2, loss: &nn.CrossEntropy{}, target: classes,
		layers: func() nn.Sequential {
			return nn.Sequential{
				&nn.Conv2D{Filters: 16}, &nn.ReLU{}, &nn.MaxPool2D{},
				&nn.Conv2D{Filters: 32}, &nn.ReLU{}, &nn.MaxPool2D{},
				&nn.Flatten{}, &nn.Dense{Units: 64}, &nn.ReLU{}, &nn.Dense{Units: 2},
			}
		},
		products: []product{{26 * 26, 16, 9}, {11 * 11, 32, 144}, {1, 64, 800}, {1, 2, 64}},
	},
	"lstm100": {
		doc: "three LSTM layers of 64 units over 100 steps of one number, one output",
		in:  []int{100, 1}, out: 1, loss: nn.MSE{}, target: numbers,
		layers: func() nn.Sequential {
			return nn.Sequential{
				&nn.LSTM{Units: 64, ReturnSequences: true}, &nn.LSTM{Units: 64, ReturnSequences: true},
				&nn.LSTM{Units: 64}, &nn.Dense{Units: 1},
			}
		},
		products: []product{{100, 256, 1}, {100, 256, 64}, {100, 256, 64}, {100, 256, 64}, {100, 256, 64}, {100, 256, 64}, {1, 1, 64}},
	},
	"ae784": {
		doc: "autoencoder of a vector of 784 through dense 64-32-64, binary cross-entropy",
		in:  []int{784}, out: 784, loss: &nn.BinaryCrossEntropy{}, target: itself,
		layers: func() nn.Sequential {
			return nn.Sequential{
				&nn.Dense{Units: 64}, &nn.ReLU{}, &nn.Dense{Units: 32}, &nn.ReLU{},
				&nn.Dense{Units: 64}, &nn.ReLU{}, &nn.Dense{Units: 784},
			}
		},
		products: []product{{1, 64, 784}, {1, 32, 64}, {1, 64, 32}, {1, 784, 64}},
	},
}

// product is a matrix product, [m, k] by [k, n].
type product struct{ m, n, k int }

func (p product) flops() float64 { return 2 * float64(p.m) * float64(p.n) * float64(p.k) }

// flops is one example's forward and backward pass: each product of the forward pass has
// two of its size in the backward pass, the weights' gradient and the input's; the first
// layer's input needs none.
func (m model) flops() float64 {
	sum := 0.0
	for _, p := range m.products {
		sum += p.flops()
	}
	return 3*sum - m.products[0].flops()
}

// Models returns the names of the workloads that train a model.
func Models() []string { return slices.Clone(names) }

// Lookup returns the workload with a name: a model's, or a product's as [Product] reads it.
func Lookup(name string) (Workload, error) {
	if m, ok := models[name]; ok {
		return Workload{
			Name: name, Doc: m.doc, Samples: batch, FLOPs: batch * m.flops(), Splits: true,
			Start: func(seed uint64, threads int) (step, stop func()) {
				t := newTraining(m, seed, batch)
				return t.step, t.model.Split(threads)
			},
		}, nil
	}
	if strings.HasPrefix(name, productPrefix) {
		return Product(name)
	}
	known := append(slices.Sorted(maps.Keys(models)), "sgemm512")
	return Workload{}, fmt.Errorf("unknown model %q%s", name, nearest.Hint(name, known))
}
