package nn

import "medml/nn/internal/f32"

// AttentionPool takes a weighted mean over all places, whose weights are learnt: [N, T, C]
// or [N, H, W, C] becomes [N, C]. With h the channels of place t,
//
//	s(t) = u·tanh(W·h(t) + b),  a = softmax(s),  y = Σ_t a(t)·h(t)
//
// (Bahdanau et al. 2015 with one learnt query, as Yang et al. 2016, eq. 5-7, and for images
// Ilse et al. 2018, eq. 8). Of a [N, T, C] with lengths it takes the real steps alone; an
// example without any gives zeros.
type AttentionPool struct {
	Units int // of the tanh; default 32

	global
	score  Sequential
	weight *Buffer // a, [N, places]
	ds     *Tensor // [N, places, 1]
	wants  bool
}

// Build declares the maps W, b and u as a part of its own, "score".
func (l *AttentionPool) Build(p *Plan, in []int) []int {
	want := p.inputGrad
	p.inputGrad = true // a tensor for what the means give
	out := l.global.Build(p, in)
	p.inputGrad = want
	l.wants = want
	l.score = Sequential{&Reshape{Shape: []int{l.n, l.c}}, &Dense{Units: orInt(l.Units, 32)}, &Tanh{}, &Dense{Units: 1, NoBias: true}}
	p.scoped("score", l.score, in)
	p.inputGrad = want
	l.weight, l.ds = p.Buffer(p.Batch()*l.n), p.Tensor(l.n, 1)
	return out
}

// Forward scores the places and takes the mean: a chain over the places, ascending.
func (l *AttentionPool) Forward(x *Tensor, train bool) *Tensor {
	l.begin(x)
	s := l.score.Forward(x, train)
	clear(l.y.Data)
	for e := range x.Len() {
		n := l.places(e)
		if n == 0 {
			continue
		}
		a := l.weights(e)[:n]
		softmax(a, s.Row(e)[:n])
		for i, v := range a {
			f32.Axpy(v, x.Row(e)[i*l.c:][:l.c], l.y.Row(e))
		}
	}
	return l.y
}

// Backward: with g(t) = dy·h(t), ds(t) = a(t)·(g(t) - Σ a·g) and dh(t) = a(t)·dy, to which
// the scores' share comes.
func (l *AttentionPool) Backward(dy *Tensor) *Tensor {
	l.ds.Resize(dy.Len())
	clear(l.ds.Data)
	for e := range dy.Len() {
		n := l.places(e)
		a, ds := l.weights(e)[:n], l.ds.Row(e)[:n]
		for i := range ds {
			ds[i] = f32.Dot(dy.Row(e), l.x.Row(e)[i*l.c:][:l.c])
		}
		mean := f32.Dot(a, ds)
		for i, g := range ds {
			ds[i] = a[i] * (g - mean)
		}
	}
	d := l.score.Backward(l.ds)
	if !l.wants {
		return nil
	}
	follow(l.dx, l.x)
	copy(l.dx.Data, d.Data)
	for e := range dy.Len() {
		for i, v := range l.weights(e)[:l.places(e)] {
			f32.Axpy(v, dy.Row(e), l.dx.Row(e)[i*l.c:][:l.c])
		}
	}
	return l.dx
}

// weights are those of example e's places.
func (l *AttentionPool) weights(e int) []float32 { return l.weight.Data[e*l.n:][:l.n] }
