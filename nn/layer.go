package nn

import "strconv"

// Layer is a differentiable map with weights of its own.
type Layer interface {
	// Build declares the layer's weights and buffers on the plan for examples of shape in
	// (without the batch), and returns the shape of its output. It is called once.
	Build(p *Plan, in []int) (out []int)
	// Forward returns the output for a batch x of [n, in...], n at most the plan's batch.
	// The result is the layer's own and stands until the next Forward. train says whether
	// Backward will follow and dropout and batch statistics apply.
	Forward(x *Tensor, train bool) *Tensor
	// Backward takes the gradient of the loss with respect to the last Forward's output,
	// adds the weights' gradients to theirs, and returns the gradient with respect to the
	// input, or nil where the plan doesn't want it. It may overwrite dy. x of the Forward
	// must still stand.
	Backward(dy *Tensor) *Tensor
}

// Sequential runs layers one after the other.
type Sequential []Layer

// Build builds the layers in turn.
func (s Sequential) Build(p *Plan, in []int) []int {
	want := p.inputGrad
	for i, l := range s {
		if a, ok := l.(absorber); ok {
			a.absorb(s[i+1:])
		}
		in = p.scoped(strconv.Itoa(i), l, in)
		p.inputGrad = want || p.trainable()
	}
	return in
}

// Forward runs the layers in turn.
func (s Sequential) Forward(x *Tensor, train bool) *Tensor {
	for _, l := range s {
		x = l.Forward(x, train)
	}
	return x
}

// Backward runs the layers' backward passes in reverse.
func (s Sequential) Backward(dy *Tensor) *Tensor {
	for i := len(s) - 1; i >= 0 && dy != nil; i-- {
		dy = s[i].Backward(dy)
	}
	return dy
}
