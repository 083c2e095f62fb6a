package nn

import "medml/nn/internal/f32"

// UpSample2D repeats each pixel Size times along rows and columns: [N, H, W, C] becomes
// [N, H·Size, W·Size, C].
type UpSample2D struct {
	Size int // default 2

	upSample
}

// Build declares the output.
func (l *UpSample2D) Build(p *Plan, in []int) []int {
	mustRank("UpSample2D", in, 3, "[H, W, C]")
	k := orInt(l.Size, 2)
	l.upSample = upSample{h: in[0], w: in[1], c: in[2], rows: k, columns: k}
	return l.build(p, in, []int{in[0] * k, in[1] * k, in[2]})
}

// UpSample1D repeats each step Size times: [N, T, C] becomes [N, T·Size, C].
type UpSample1D struct {
	Size int // default 2

	upSample
	lengths []int
}

// Build declares the output.
func (l *UpSample1D) Build(p *Plan, in []int) []int {
	mustRank("UpSample1D", in, 2, "[T, C]")
	k := orInt(l.Size, 2)
	l.upSample = upSample{h: 1, w: in[0], c: in[1], rows: 1, columns: k}
	l.lengths = make([]int, p.Batch())
	return l.build(p, in, []int{in[0] * k, in[1]})
}

// Forward repeats the steps.
func (l *UpSample1D) Forward(x *Tensor, train bool) *Tensor {
	y := l.upSample.Forward(x, train)
	y.Lengths = nil
	if x.Lengths != nil {
		y.Lengths = l.lengths[:y.Len()]
		for i := range y.Lengths {
			y.Lengths[i] = x.Lengths[i] * l.columns
		}
	}
	return y
}

// upSample repeats pixels along one or two dimensions.
type upSample struct {
	h, w, c       int
	rows, columns int // repetitions
	y, dx         *Tensor
}

func (l *upSample) build(p *Plan, in, out []int) []int {
	if l.columns < 1 {
		panic("nn: an upsampling wants a size of at least 1")
	}
	l.y = p.Tensor(out...)
	if p.InputGrad() {
		l.dx = p.Tensor(in...)
	}
	return out
}

// Forward repeats the pixels.
func (l *upSample) Forward(x *Tensor, _ bool) *Tensor {
	l.y.Resize(x.Len())
	to := l.y.Data
	l.copies(x, func(pixel []float32) {
		copy(to, pixel)
		to = to[l.c:]
	})
	if l.dx != nil {
		follow(l.dx, x)
	}
	return l.y
}

// Backward sums the gradients of each pixel's copies, in their order.
func (l *upSample) Backward(dy *Tensor) *Tensor {
	if l.dx == nil {
		return nil
	}
	clear(l.dx.Data)
	from := dy.Data
	l.copies(l.dx, func(pixel []float32) {
		f32.Add(pixel, pixel, from)
		from = from[l.c:]
	})
	return l.dx
}

// copies calls f with the pixel that each pixel of the output, ascending, is a copy of.
func (l *upSample) copies(t *Tensor, f func(pixel []float32)) {
	for i := range t.Len() * l.h * l.rows {
		row := i / l.rows * l.w * l.c
		for j := range l.w * l.columns {
			f(t.Data[row+j/l.columns*l.c:][:l.c])
		}
	}
}
