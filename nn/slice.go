package nn

import "fmt"

// Slice passes on the numbers of each example from From to To, To excluded, of a vector.
type Slice struct {
	From, To int

	y, dx *Tensor
}

// Build checks the bounds.
func (l *Slice) Build(p *Plan, in []int) []int {
	if len(in) != 1 || l.From < 0 || l.From >= l.To || l.To > in[0] {
		panic(fmt.Sprintf("nn: Slice from %d to %d of examples of shape %v", l.From, l.To, in))
	}
	l.y = p.Tensor(l.To - l.From)
	if p.InputGrad() {
		l.dx = p.Tensor(in...)
	}
	return []int{l.To - l.From}
}

// Forward copies the numbers.
func (l *Slice) Forward(x *Tensor, _ bool) *Tensor {
	l.y.Resize(x.Len())
	for i := range x.Len() {
		copy(l.y.Row(i), x.Row(i)[l.From:l.To])
	}
	return l.y
}

// Backward puts dy in its place among zeros.
func (l *Slice) Backward(dy *Tensor) *Tensor {
	if l.dx == nil {
		return nil
	}
	l.dx.Resize(dy.Len())
	clear(l.dx.Data)
	for i := range dy.Len() {
		copy(l.dx.Row(i)[l.From:l.To], dy.Row(i))
	}
	return l.dx
}
