package nn

import (
	"fmt"
	"slices"
)

// Reshape gives each example another shape of as many elements. It copies nothing.
type Reshape struct {
	Shape []int // of an example, without the batch

	y, dx *Tensor
	wants bool
}

// Build checks the number of elements.
func (l *Reshape) Build(p *Plan, in []int) []int {
	if size(in) != size(l.Shape) {
		panic(fmt.Sprintf("nn: Reshape wants %d elements for %v, got %v", size(l.Shape), l.Shape, in))
	}
	l.y, l.dx, l.wants = view(l.Shape), view(in), p.InputGrad()
	return slices.Clone(l.Shape)
}

// Forward returns x in the other shape.
func (l *Reshape) Forward(x *Tensor, _ bool) *Tensor { return see(l.y, x) }

// Backward returns dy in the input's shape.
func (l *Reshape) Backward(dy *Tensor) *Tensor {
	if !l.wants {
		return nil
	}
	return see(l.dx, dy)
}

// Flatten makes a vector of each example. It copies nothing.
type Flatten struct{ Reshape }

// Build takes the shape from the input.
func (l *Flatten) Build(p *Plan, in []int) []int {
	l.Shape = []int{size(in)}
	return l.Reshape.Build(p, in)
}

// view returns a tensor that has no data of its own.
func view(shape []int) *Tensor {
	return &Tensor{Shape: append([]int{0}, shape...), full: size(shape)}
}

// see points a view at a tensor's data.
func see(v, t *Tensor) *Tensor {
	v.Data, v.Shape[0] = t.Data, t.Len()
	return v
}
