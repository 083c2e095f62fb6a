package nn

import "fmt"

// Padding says what a convolution or pooling does at the edges.
type Padding int

const (
	// Valid takes only windows that lie inside: out = ⌊(in-size)/stride⌋ + 1.
	Valid Padding = iota
	// Same pads so that out = ⌈in/stride⌉, as TensorFlow and Keras do: of the padding
	// max((out-1)·stride + size - in, 0), half, rounded down, comes before and the rest
	// after. With a stride above 1, or an even size, that's not PyTorch's padding.
	Same
)

// span is the geometry of windows along one dimension.
type span struct {
	in, size, stride, out int
	before                int // padding before the first element
	padded                int // elements with padding
}

// newSpan places windows; what names the layer where they don't fit.
func newSpan(what string, in, size, stride int, padding Padding) span {
	if size < 1 || stride < 1 {
		panic(fmt.Sprintf("nn: %s wants a size and a stride of at least 1, got %d and %d", what, size, stride))
	}
	s := span{in: in, size: size, stride: stride, padded: in}
	if padding == Same {
		s.out = (in + stride - 1) / stride
		total := max((s.out-1)*stride+size-in, 0)
		s.before, s.padded = total/2, in+total
		return s
	}
	if in < size {
		panic(fmt.Sprintf("nn: a %s of size %d doesn't fit into %d", what, size, in))
	}
	s.out = (in-size)/stride + 1
	return s
}

// single is the span of a dimension that isn't there.
func single() span { return span{in: 1, size: 1, stride: 1, out: 1, padded: 1} }

// inside returns the part of window i that lies on elements 0 to limit: window elements
// from to to, the first of which is element at.
func (s span) inside(i, limit int) (from, to, at int) {
	start := i*s.stride - s.before
	from = max(-start, 0)
	return from, min(s.size, limit-start), start + from
}

// outLength returns how many windows an example of n real steps has: at least one, if it
// has any step.
func (s span) outLength(n int, padding Padding) int {
	if n <= 0 {
		return 0
	}
	if padding == Same {
		return (n + s.stride - 1) / s.stride
	}
	return max((n-s.size)/s.stride, 0) + 1
}

// mask keeps the lengths of a layer's output over time.
type mask struct {
	padding Padding
	time    span
	row     int // numbers of a step of the output
	lengths []int
}

func newMask(p *Plan, padding Padding, time span, row int) mask {
	return mask{padding: padding, time: time, row: row, lengths: make([]int, p.Batch())}
}

// lengthsFor sets y's lengths from its input's.
func (m *mask) lengthsFor(y, x *Tensor) {
	y.Lengths = nil
	if x.Lengths == nil {
		return
	}
	y.Lengths = m.lengths[:y.Len()]
	for i, n := range x.Lengths[:y.Len()] {
		y.Lengths[i] = m.time.outLength(n, m.padding)
	}
}

// silence zeroes t, an output or its gradient, beyond the lengths.
func (m *mask) silence(t *Tensor, lengths []int) {
	for i, n := range lengths {
		clear(t.Row(i)[n*m.row:])
	}
}

// orInt returns n, or the default where n is zero.
func orInt(n, standard int) int {
	if n == 0 {
		return standard
	}
	return n
}
