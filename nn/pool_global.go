package nn

import "medml/nn/internal/f32"

// GlobalAvgPool takes the mean of each channel over all places: [N, T, C] or [N, H, W, C]
// becomes [N, C]. Of a [N, T, C] with lengths it takes the real steps alone; an example
// without any gives zeros.
type GlobalAvgPool struct{ global }

// Forward takes the means: a chain over the places, ascending, then a division.
func (l *GlobalAvgPool) Forward(x *Tensor, _ bool) *Tensor {
	l.begin(x)
	clear(l.y.Data)
	for e := range x.Len() {
		if n := l.places(e); n > 0 {
			f32.ColumnSums(n, l.c, x.Row(e), l.y.Row(e))
			divide(l.y.Row(e), float32(n))
		}
	}
	return l.y
}

// Backward spreads each gradient evenly over the places.
func (l *GlobalAvgPool) Backward(dy *Tensor) *Tensor {
	if l.dx == nil {
		return nil
	}
	follow(l.dx, l.x)
	clear(l.dx.Data)
	for e := range dy.Len() {
		n, from, to := l.places(e), dy.Row(e), l.dx.Row(e)
		divide(from, float32(n))
		for i := range n {
			copy(to[i*l.c:], from)
		}
	}
	return l.dx
}

// GlobalMaxPool takes the maximum of each channel over all places: [N, T, C] or
// [N, H, W, C] becomes [N, C]. Of a [N, T, C] with lengths it takes the real steps alone;
// an example without any gives zeros. Of equal values the first wins.
type GlobalMaxPool struct {
	global
	winner []int32 // of each output: the place of the maximum
}

// Build declares the output.
func (l *GlobalMaxPool) Build(p *Plan, in []int) []int {
	out := l.global.Build(p, in)
	l.winner = array[int32](p, p.Batch()*l.c)
	return out
}

// Forward takes the maxima.
func (l *GlobalMaxPool) Forward(x *Tensor, _ bool) *Tensor {
	l.begin(x)
	clear(l.y.Data)
	clear(l.winner)
	for e := range x.Len() {
		in, out, winner := x.Row(e), l.y.Row(e), l.winner[e*l.c:][:l.c]
		for i := range l.places(e) {
			for c, v := range in[i*l.c:][:l.c] {
				if i == 0 || v > out[c] || v != v {
					out[c], winner[c] = v, int32(i)
				}
			}
		}
	}
	return l.y
}

// Backward gives each gradient to the place its maximum came from.
func (l *GlobalMaxPool) Backward(dy *Tensor) *Tensor {
	if l.dx == nil {
		return nil
	}
	follow(l.dx, l.x)
	clear(l.dx.Data)
	for e := range dy.Len() {
		if l.places(e) == 0 {
			continue
		}
		to, winner := l.dx.Row(e), l.winner[e*l.c:]
		for c, g := range dy.Row(e) {
			to[int(winner[c])*l.c+c] = g
		}
	}
	return l.dx
}

// global is what poolings over all places share.
type global struct {
	n, c int // places of an example and its channels
	x, y *Tensor
	dx   *Tensor // nil where the plan doesn't want it
}

// Build declares the output.
func (l *global) Build(p *Plan, in []int) []int {
	if len(in) < 2 {
		panic("nn: a global pooling wants [T, C] or [H, W, C]")
	}
	l.c = in[len(in)-1]
	l.n = size(in) / l.c
	l.y = p.Tensor(l.c)
	if p.InputGrad() {
		l.dx = p.Tensor(in...)
	}
	return []int{l.c}
}

func (l *global) begin(x *Tensor) {
	l.x = x
	l.y.Resize(x.Len())
}

// places returns how many places of example e are real.
func (l *global) places(e int) int {
	if l.x.Lengths == nil {
		return l.n
	}
	return l.x.Lengths[e]
}
