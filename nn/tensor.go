package nn

import (
	"fmt"
	"slices"
)

// Tensor is a dense row-major array of float32 whose first dimension is the batch.
type Tensor struct {
	Data  []float32
	Shape []int
	// Lengths, where not nil, says how many time steps of each example of a [N, T, …] are
	// real; the rest is padding. Recurrent layers and poolings over time heed it.
	Lengths []int

	full int // elements of one example
}

// NewTensor returns a tensor of zeros.
func NewTensor(shape ...int) *Tensor {
	t := &Tensor{Shape: slices.Clone(shape), full: size(shape[1:])}
	t.Data = make([]float32, size(shape))
	return t
}

// TensorOf wraps data, which is not copied, in a shape.
func TensorOf(data []float32, shape ...int) *Tensor {
	if len(data) != size(shape) {
		panic(fmt.Sprintf("nn: %d numbers do not fill the shape %v", len(data), shape))
	}
	return &Tensor{Data: data, Shape: slices.Clone(shape), full: size(shape[1:])}
}

// Len returns the number of examples, N.
func (t *Tensor) Len() int { return t.Shape[0] }

// Size returns the number of elements of one example.
func (t *Tensor) Size() int { return t.full }

// Row returns the elements of example i.
func (t *Tensor) Row(i int) []float32 { return t.Data[i*t.full : (i+1)*t.full] }

// Resize sets the number of examples to n, up to what the tensor has room for.
func (t *Tensor) Resize(n int) {
	t.Data = t.Data[:n*t.full]
	t.Shape[0] = n
}

// size returns the product of a shape's dimensions.
func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
