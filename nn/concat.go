package nn

import (
	"fmt"
	"slices"
	"strconv"

	"medml/nn/internal/f32"
)

// Concat runs branches on the same input and puts their outputs side by side: of outputs
// [N, …, C₁], [N, …, C₂], … it makes [N, …, C₁+C₂+…] (Szegedy et al. 2015).
type Concat struct {
	Branches []Layer

	y     *Tensor
	parts []*Tensor // of the gradient, one for each branch, which may overwrite it
}

// Build builds the branches, which must agree in all but the last dimension.
func (l *Concat) Build(p *Plan, in []int) []int {
	if len(l.Branches) == 0 {
		panic("nn: Concat wants at least one branch")
	}
	want := p.inputGrad
	var out []int
	for i, b := range l.Branches {
		p.inputGrad = want
		got := p.scoped(strconv.Itoa(i), b, in)
		last := len(got) - 1
		switch {
		case i == 0:
			out = slices.Clone(got)
		case len(got) != len(out) || !slices.Equal(got[:last], out[:last]):
			panic(fmt.Sprintf("nn: Concat has branches to %v and %v", out, got))
		default:
			out[last] += got[last]
		}
		l.parts = append(l.parts, p.Tensor(got...))
	}
	p.inputGrad = want
	l.y = p.Tensor(out...)
	return out
}

// Forward runs the branches.
func (l *Concat) Forward(x *Tensor, train bool) *Tensor {
	at := 0
	for i, b := range l.Branches {
		part := b.Forward(x, train)
		if i == 0 {
			follow(l.y, part)
		}
		wide, c := lastOf(l.y), lastOf(part)
		for j := range len(part.Data) / c {
			copy(l.y.Data[at+j*wide:][:c], part.Data[j*c:])
		}
		at += c
	}
	return l.y
}

// Backward runs the branches on their parts of the gradient and adds what they give.
func (l *Concat) Backward(dy *Tensor) *Tensor {
	var dx *Tensor
	at, wide := 0, lastOf(dy)
	for i, b := range l.Branches {
		part := l.parts[i]
		follow(part, dy)
		c := lastOf(part)
		for j := range len(part.Data) / c {
			copy(part.Data[j*c:][:c], dy.Data[at+j*wide:])
		}
		at += c
		if d := b.Backward(part); i == 0 {
			dx = d
		} else if d != nil {
			f32.Add(dx.Data, dx.Data, d.Data)
		}
	}
	return dx
}

// lastOf returns the last dimension of t.
func lastOf(t *Tensor) int { return t.Shape[len(t.Shape)-1] }
