package nn

import (
	"fmt"
	"slices"

	"medml/nn/internal/f32"
)

// Residual adds a shortcut to a body: y = Body(x) + Shortcut(x) (He et al. 2016).
type Residual struct {
	Body Layer
	// Shortcut is the identity where nil and the body keeps the shape; where it changes
	// channels or strides, a linear map of single places: Dense, Conv1D or Conv2D of
	// kernel 1.
	Shortcut Layer

	y  *Tensor
	dy *Tensor // a copy for the shortcut, whose gradient the body may overwrite
}

// Build builds the body, and the shortcut to fit it.
func (l *Residual) Build(p *Plan, in []int) []int {
	want := p.inputGrad
	out := p.scoped("body", l.Body, in)
	if l.Shortcut == nil && !slices.Equal(in, out) {
		l.Shortcut = projection(in, out)
	}
	if l.Shortcut != nil {
		p.inputGrad = want
		if got := p.scoped("shortcut", l.Shortcut, in); !slices.Equal(got, out) {
			panic(fmt.Sprintf("nn: Residual has a body to %v and a shortcut to %v", out, got))
		}
	}
	p.inputGrad = want
	l.y, l.dy = p.Tensor(out...), p.Tensor(out...)
	return out
}

// projection returns a linear map of single places from in to out.
func projection(in, out []int) Layer {
	if len(in) != len(out) || len(in) > 3 {
		panic(fmt.Sprintf("nn: no shortcut leads from %v to %v", in, out))
	}
	c, stride := out[len(out)-1], 1
	for i, n := range out[:len(out)-1] {
		stride = max(stride, (in[i]+n-1)/n)
	}
	switch len(in) {
	case 1:
		return &Dense{Units: c, NoBias: true}
	case 2:
		return &Conv1D{Filters: c, Kernel: 1, Stride: stride, Padding: Same, NoBias: true}
	}
	return &Conv2D{Filters: c, Kernel: 1, Stride: stride, Padding: Same, NoBias: true}
}

// Forward adds the two.
func (l *Residual) Forward(x *Tensor, train bool) *Tensor {
	a, b := l.Body.Forward(x, train), x
	if l.Shortcut != nil {
		b = l.Shortcut.Forward(x, train)
	}
	follow(l.y, a)
	f32.Add(l.y.Data, a.Data, b.Data)
	return l.y
}

// Backward runs both and adds their gradients.
func (l *Residual) Backward(dy *Tensor) *Tensor {
	follow(l.dy, dy)
	copy(l.dy.Data, dy.Data)
	a, b := l.Body.Backward(dy), l.dy
	if l.Shortcut != nil {
		b = l.Shortcut.Backward(b)
	}
	if a == nil || b == nil {
		return nil
	}
	f32.Add(a.Data, a.Data, b.Data)
	return a
}
