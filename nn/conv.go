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

func (l *Conv2D) absorb(next []Layer) {
	if l.relu = reluOf(next); l.relu == nil || len(next) < 2 {
		return
	}
	if pool, ok := next[1].(*MaxPool2D); ok && pool.Padding == Valid && orInt(pool.Size, 2) == 2 && orInt(pool.Stride, 2) == 2 {
		l.pool = &pool.maxPool
	}
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
}

// Build declares the weights kernel [K, C, O] and bias [O].
func (l *Conv1D) Build(p *Plan, in []int) []int {
	mustRank("Conv1D", in, 2, "[T, C]")
	k := orInt(l.Kernel, 3)
	l.geo = convolution{c: in[1], o: l.Filters, h: single(),
		w: newSpan("Conv1D", in[0], k, orInt(l.Stride, 1), l.Padding)}
	w := p.Weight("kernel", orInit(l.Init, GlorotUniform), k, in[1], l.Filters)
	l.time = true
	return l.build(p, w, l.NoBias, l.Padding, in, []int{l.geo.w.out, l.Filters})
}

func (l *Conv1D) absorb(next []Layer) {
	if l.relu = reluOf(next); l.relu == nil || len(next) < 2 {
		return
	}
	if pool, ok := next[1].(*MaxPool1D); ok && pool.Padding == Valid && orInt(pool.Size, 2) == 2 && orInt(pool.Stride, 2) == 2 {
		l.pool = &pool.maxPool
	}
}

// conv is what convolutions over one and two dimensions share. With a ReLU behind it, it
// takes that too; and with a max pool by 2 behind that, it convolves a few rows at a time
// into a strip, and keeps only the maxima and where they were.
type conv struct {
	geo     convolution
	padding Padding
	time    bool // over one dimension, where examples may have lengths
	x, y    *Tensor
	dx      *Tensor // nil where the plan doesn't want it
	w, b    *Weight
	wt      *Buffer // the kernel with its last two dimensions exchanged, for dx
	lengths []int

	team     *team
	dy       *Tensor                    // of Backward
	slices   int                        // that the kernel's gradient is divided into
	convolve func(worker, from, to int) // methods, made once
	cut      func(worker, from, to int)
	shares   func(worker, from, to int)

	relu *ReLU    // absorbed, or nil
	pool *maxPool // absorbed, or nil
	pooling
}

func (l *conv) build(p *Plan, kernel *Weight, noBias bool, padding Padding, in, out []int) []int {
	if l.geo.o < 1 {
		panic("nn: a convolution wants at least one filter")
	}
	l.w, l.padding, l.lengths = kernel, padding, make([]int, p.Batch())
	l.team, l.convolve, l.cut, l.shares = p.team, l.forward, l.activate, l.share
	if !noBias {
		l.b = p.Weight("bias", Zeros, l.geo.o)
	}
	if l.relu != nil {
		l.relu.absorbed = true
	}
	if l.pool != nil && l.geo.w.out > 1 && (l.time || l.geo.h.out > 1) {
		l.pool.absorbed = true
		out = l.pooling.build(p, l, out)
	} else {
		l.pool = nil
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
	l.setLengths()
	l.team.each(x.Len(), 1, l.geo.cost(), l.convolve)
	return l.y
}

// forward convolves a range of examples.
func (l *conv) forward(worker, from, to int) {
	for i := from; i < to; i++ {
		image := l.geo.image(worker, l.x.Row(i), l.width(i))
		if l.pool != nil {
			l.pooling.forward(l, worker, image, i)
		} else {
			y := l.y.Row(i)
			l.geo.forward(l.geo.whole(), image, l.w.Data, y)
			addBias(y, l.b, l.relu != nil)
		}
		l.silence(l.y, i)
	}
}

// Backward adds the gradients of kernel and bias and returns the input's. Alone, it takes
// example by example, so that what is near in memory is used twice. A team can't divide the
// kernel's gradient by examples, since its chains run over all of them: some take slices of
// filters of that, and the others the examples' gradients of the input.
func (l *conv) Backward(dy *Tensor) *Tensor {
	l.dy = dy
	l.team.each(dy.Len(), 1, costOfUpdate*dy.Size(), l.cut)
	if l.b != nil {
		f32.ColumnSums(len(dy.Data)/l.geo.o, l.geo.o, dy.Data, l.b.Grad)
	}
	units := 0
	if l.dx != nil {
		follow(l.dx, l.x)
		transposeTaps(l.geo.h.size*l.geo.w.size, l.geo.c, l.geo.o, l.w.Data, l.wt.Data)
		units = dy.Len()
	}
	if !l.team.worth(dy.Len(), 1, l.geo.cost()) {
		for i := range dy.Len() {
			l.back(0, i, 0, l.geo.o, l.dx != nil)
		}
		return l.dx
	}
	l.slices = l.team.threads()
	if l.dx != nil {
		l.slices = (l.slices + 1) / 2 // both gradients take as long
	}
	l.team.each(l.slices+units, 1, dy.Len()*l.geo.cost(), l.shares)
	return l.dx
}

// activate turns a range of examples of dy into the gradient before the ReLU.
func (l *conv) activate(_, from, to int) {
	for i := from; i < to; i++ {
		l.silence(l.dy, i)
		if l.relu != nil {
			f32.ReLUGrad(l.dy.Row(i), l.dy.Row(i), l.y.Row(i))
		}
	}
}

// share computes slices of the kernel's gradient and, numbered after them, examples'
// gradients of the input.
func (l *conv) share(worker, from, to int) {
	for u := from; u < to; u++ {
		if u >= l.slices {
			l.back(worker, u-l.slices, 0, 0, true)
			continue
		}
		for i := range l.dy.Len() {
			l.back(worker, i, l.slice(u), l.slice(u+1), false)
		}
	}
}

// slice returns the filter that a slice begins with.
func (l *conv) slice(u int) int {
	const vector = 16
	vectors := (l.geo.o + vector - 1) / vector
	return min(u*vectors/l.slices*vector, l.geo.o)
}

// back adds the filters from up to to of the kernel's gradient by example i, and, if asked
// to, sets that of its input.
func (l *conv) back(worker, i, from, to int, input bool) {
	if from == to && !input {
		return
	}
	image := l.geo.image(worker, l.x.Row(i), l.width(i))
	var dx []float32
	if input {
		dx = l.geo.begin(worker, l.dx.Row(i))
	}
	if l.pool != nil {
		l.pooling.back(l, worker, image, l.dy.Row(i), dx, i, from, to)
	} else {
		l.backBlock(l.geo.whole(), image, l.dy.Row(i), dx, from, to)
	}
	if input {
		l.geo.end(worker, l.dx.Row(i), l.width(i))
	}
}

// backBlock is back for a block dy, onto a padded image dx unless it is nil.
func (l *conv) backBlock(b block, image, dy, dx []float32, from, to int) {
	if from < to {
		l.geo.kernelGrad(b, image, dy, l.w.Grad, from, to)
	}
	if dx != nil {
		l.geo.scatter(b, dy, l.wt.Data, dx)
	}
}

// width returns how many columns of example i are real.
func (l *conv) width(i int) int {
	if l.x.Lengths == nil {
		return l.geo.w.in
	}
	return l.x.Lengths[i]
}

// setLengths sets the output's lengths from the input's.
func (l *conv) setLengths() {
	l.y.Lengths = nil
	if !l.time || l.x.Lengths == nil {
		return
	}
	l.y.Lengths = l.lengths[:l.y.Len()]
	for i, n := range l.x.Lengths[:l.y.Len()] {
		n = l.geo.w.outLength(n, l.padding)
		if l.pool != nil {
			n = l.pooling.w.outLength(n, Valid)
		}
		l.y.Lengths[i] = n
	}
}

// silence zeroes an example of t, the output or its gradient, beyond its length.
func (l *conv) silence(t *Tensor, i int) {
	if l.y.Lengths != nil {
		clear(t.Row(i)[l.y.Lengths[i]*l.geo.o:])
	}
}
