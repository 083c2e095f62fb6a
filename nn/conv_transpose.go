package nn

import "medml/nn/internal/f32"

// Conv2DTranspose is the transpose of a convolution, which a decoder enlarges images with:
// [N, H, W, I] becomes [N, H', W', Filters] (Zeiler et al. 2010). The size is Keras's: with
// Same padding H·Stride, with Valid H·Stride + max(Kernel-Stride, 0).
type Conv2DTranspose struct {
	Filters int     // O
	Kernel  int     // K, rows and columns of the window; default 3
	Stride  int     // default 1
	Padding Padding // default Valid
	Init    Init    // of the kernel; default GlorotUniform, as Keras
	NoBias  bool

	convTranspose
}

// Build declares the weights kernel [K, K, I, O] and bias [O].
func (l *Conv2DTranspose) Build(p *Plan, in []int) []int {
	mustRank("Conv2DTranspose", in, 3, "[H, W, C]")
	k, s := orInt(l.Kernel, 3), orInt(l.Stride, 1)
	l.geo = convolution{c: l.Filters, o: in[2], h: spanTo(in[0], k, s, l.Padding), w: spanTo(in[1], k, s, l.Padding)}
	w := p.Weight("kernel", orInit(l.Init, GlorotUniform), k, k, in[2], l.Filters)
	return l.build(p, w, l.NoBias, l.Padding, in, []int{l.geo.h.in, l.geo.w.in, l.Filters})
}

// Conv1DTranspose is the transpose of a convolution over signals: [N, T, I] becomes
// [N, T', Filters], T' as in [Conv2DTranspose]. Lengths are not heeded.
type Conv1DTranspose struct {
	Filters int     // O
	Kernel  int     // K, steps of the window; default 3
	Stride  int     // default 1
	Padding Padding // default Valid
	Init    Init    // of the kernel; default GlorotUniform, as Keras
	NoBias  bool

	convTranspose
}

// Build declares the weights kernel [K, I, O] and bias [O].
func (l *Conv1DTranspose) Build(p *Plan, in []int) []int {
	mustRank("Conv1DTranspose", in, 2, "[T, C]")
	k := orInt(l.Kernel, 3)
	l.geo = convolution{c: l.Filters, o: in[1], h: single(), w: spanTo(in[0], k, orInt(l.Stride, 1), l.Padding)}
	w := p.Weight("kernel", orInit(l.Init, GlorotUniform), k, in[1], l.Filters)
	return l.build(p, w, l.NoBias, l.Padding, in, []int{l.geo.w.in, l.Filters})
}

// spanTo is the span of the convolution that has out windows and is transposed.
func spanTo(out, k, stride int, padding Padding) span {
	in := out * stride
	if padding == Valid {
		in += max(k-stride, 0)
	}
	return newSpan("transposed convolution", in, k, stride, padding)
}

// convTranspose is what the transposes over one and two dimensions share. Its output is
// the image of geo, its input what geo makes of that.
type convTranspose struct {
	geo  convolution
	x, y *Tensor
	dx   *Tensor // nil where the plan doesn't want it
	w, b *Weight
	wt   *Buffer // the kernel with its last two dimensions exchanged, for dx
}

func (l *convTranspose) build(p *Plan, kernel *Weight, noBias bool, padding Padding, in, out []int) []int {
	if l.geo.c < 1 {
		panic("nn: a transposed convolution wants at least one filter")
	}
	l.w = kernel
	if !noBias {
		l.b = p.Weight("bias", Zeros, l.geo.c)
	}
	l.y = p.Tensor(out...)
	l.geo.declare(p, padding, true)
	if p.InputGrad() {
		l.dx, l.wt = p.Tensor(in...), p.Buffer(size(kernel.Shape))
	}
	return out
}

// Forward spreads each input pixel over its window.
func (l *convTranspose) Forward(x *Tensor, _ bool) *Tensor {
	l.x = x
	l.y.Resize(x.Len())
	for i := range x.Len() {
		l.geo.scatter(l.geo.whole(), x.Row(i), l.w.Data, l.geo.begin(0, l.y.Row(i)))
		l.geo.end(0, l.y.Row(i), l.geo.w.in)
	}
	if l.b != nil {
		f32.AddRows(len(l.y.Data)/l.geo.c, l.geo.c, l.y.Data, l.b.Data)
	}
	return l.y
}

// Backward adds the gradients of kernel and bias and returns the input's.
func (l *convTranspose) Backward(dy *Tensor) *Tensor {
	g := &l.geo
	if l.b != nil {
		f32.ColumnSums(len(dy.Data)/g.c, g.c, dy.Data, l.b.Grad)
	}
	if l.dx != nil {
		l.dx.Resize(dy.Len())
		transposeTaps(g.h.size*g.w.size, g.o, g.c, l.w.Data, l.wt.Data)
	}
	for i := range dy.Len() {
		image := g.image(0, dy.Row(i), g.w.in)
		g.tapGrads(l.x.Row(i), image, l.w.Grad)
		if l.dx != nil {
			g.forward(g.whole(), image, l.wt.Data, l.dx.Row(i))
		}
	}
	return l.dx
}

// tapGrads adds to dw [KH, KW, O, C] what x [H', W', O], scattered, and the gradient of
// the image it fell on give. An element's chain runs over the pixels of x, ascending.
func (v *convolution) tapGrads(x, image, dw []float32) {
	for i := range v.h.out {
		row := x[i*v.w.out*v.o:]
		for r := range v.h.size {
			for q := range v.w.size {
				tap := dw[(r*v.w.size+q)*v.o*v.c:]
				f32.GemmTN(v.o, v.c, v.w.out, row, v.o, image[v.offset(i*v.h.stride+r, q):], v.w.stride*v.c, tap, v.c, true)
			}
		}
	}
}
