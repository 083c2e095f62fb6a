package nn

import "medml/nn/internal/f32"

// Conv2D is a convolution (cross-correlation) over images: [N, H, W, C] becomes
// [N, H', W', Filters].
type Conv2D struct {
	Filters int     // O
	Kernel  int     // K, rows and columns of the window; default 3
	Stride  int     // default 1
	Padding Padding // default Valid
	Init    Init    // of the kernel; default GlorotUniform, as Keras
	NoBias  bool

	conv
}

// Build declares the weights kernel [K, K, C, O] and bias [O].
func (l *Conv2D) Build(p *Plan, in []int) []int {
	mustRank("Conv2D", in, 3, "[H, W, C]")
	k, s := orInt(l.Kernel, 3), orInt(l.Stride, 1)
	l.geo = convolution{c: in[2], o: l.Filters,
		h: newSpan("Conv2D", in[0], k, s, l.Padding), w: newSpan("Conv2D", in[1], k, s, l.Padding)}
	w := p.Weight("kernel", orInit(l.Init, GlorotUniform), k, k, in[2], l.Filters)
	return l.build(p, w, l.NoBias, l.Padding, in, []int{l.geo.h.out, l.geo.w.out, l.Filters})
}

// Conv1D is a convolution (cross-correlation) over signals: [N, T, C] becomes
// [N, T', Filters]. Steps beyond an example's length are taken as zeros and give zeros.
type Conv1D struct {
	Filters int     // O
	Kernel  int     // K, steps of the window; default 3
	Stride  int     // default 1
	Padding Padding // default Valid
	Init    Init    // of the kernel; default GlorotUniform, as Keras
	NoBias  bool

	conv
	mask
}

// Build declares the weights kernel [K, C, O] and bias [O].
func (l *Conv1D) Build(p *Plan, in []int) []int {
	mustRank("Conv1D", in, 2, "[T, C]")
	k := orInt(l.Kernel, 3)
	l.geo = convolution{c: in[1], o: l.Filters, h: single(),
		w: newSpan("Conv1D", in[0], k, orInt(l.Stride, 1), l.Padding)}
	w := p.Weight("kernel", orInit(l.Init, GlorotUniform), k, in[1], l.Filters)
	l.mask = newMask(p, l.Padding, l.geo.w, l.Filters)
	return l.build(p, w, l.NoBias, l.Padding, in, []int{l.geo.w.out, l.Filters})
}

// Forward convolves each signal.
func (l *Conv1D) Forward(x *Tensor, train bool) *Tensor {
	y := l.conv.Forward(x, train)
	l.lengthsFor(y, x)
	l.silence(y, y.Lengths)
	return y
}

// Backward returns the gradients of each signal.
func (l *Conv1D) Backward(dy *Tensor) *Tensor {
	l.silence(dy, l.y.Lengths)
	return l.conv.Backward(dy)
}

// conv is what convolutions over one and two dimensions share.
type conv struct {
	geo  convolution
	x, y *Tensor
	dx   *Tensor // nil where the plan doesn't want it
	w, b *Weight
	wt   *Buffer // the kernel with its last two dimensions exchanged, for dx
}

func (l *conv) build(p *Plan, kernel *Weight, noBias bool, padding Padding, in, out []int) []int {
	if l.geo.o < 1 {
		panic("nn: a convolution wants at least one filter")
	}
	l.w = kernel
	if !noBias {
		l.b = p.Weight("bias", Zeros, l.geo.o)
	}
	l.y = p.Tensor(out...)
	l.geo.declare(p, padding, p.InputGrad())
	if p.InputGrad() {
		l.dx, l.wt = p.Tensor(in...), p.Buffer(size(kernel.Shape))
	}
	return out
}

// Forward convolves each example.
func (l *conv) Forward(x *Tensor, _ bool) *Tensor {
	l.x = x
	l.y.Resize(x.Len())
	for i := range x.Len() {
		l.geo.forward(l.geo.image(x.Row(i), l.width(i)), l.w.Data, l.y.Row(i))
	}
	if l.b != nil {
		f32.AddRows(len(l.y.Data)/l.geo.o, l.geo.o, l.y.Data, l.b.Data)
	}
	return l.y
}

// Backward adds the gradients of kernel and bias and returns the input's.
func (l *conv) Backward(dy *Tensor) *Tensor {
	for i := range dy.Len() {
		l.geo.kernelGrad(l.geo.image(l.x.Row(i), l.width(i)), dy.Row(i), l.w.Grad)
	}
	if l.b != nil {
		f32.ColumnSums(len(dy.Data)/l.geo.o, l.geo.o, dy.Data, l.b.Grad)
	}
	if l.dx == nil {
		return nil
	}
	follow(l.dx, l.x)
	transposeTaps(l.geo.h.size*l.geo.w.size, l.geo.c, l.geo.o, l.w.Data, l.wt.Data)
	for i := range dy.Len() {
		l.geo.gather(dy.Row(i), l.wt.Data, l.dx.Row(i), l.width(i))
	}
	return l.dx
}

// width returns how many columns of example i are real.
func (l *conv) width(i int) int {
	if l.x.Lengths == nil {
		return l.geo.w.in
	}
	return l.x.Lengths[i]
}
