package nn

import "medml/nn/internal/f32"

// AvgPool2D takes the mean of each window of an image: [N, H, W, C] becomes
// [N, H', W', C]. Padding doesn't count, as in TensorFlow.
type AvgPool2D struct {
	Size    int     // rows and columns of the window; default 2
	Stride  int     // default Size
	Padding Padding // default Valid

	avgPool
}

// Build declares the output.
func (l *AvgPool2D) Build(p *Plan, in []int) []int {
	mustRank("AvgPool2D", in, 3, "[H, W, C]")
	k := orInt(l.Size, 2)
	s := orInt(l.Stride, k)
	l.pool = pool{c: in[2], h: newSpan("AvgPool2D", in[0], k, s, l.Padding), w: newSpan("AvgPool2D", in[1], k, s, l.Padding)}
	return l.build(p, in, []int{l.h.out, l.w.out, in[2]})
}

// AvgPool1D takes the mean of each window of a signal: [N, T, C] becomes [N, T', C].
// Padding and steps beyond an example's length don't count; what is beyond gives zeros.
type AvgPool1D struct {
	Size    int     // steps of the window; default 2
	Stride  int     // default Size
	Padding Padding // default Valid

	avgPool
}

// Build declares the output.
func (l *AvgPool1D) Build(p *Plan, in []int) []int {
	mustRank("AvgPool1D", in, 2, "[T, C]")
	l.pool = pool1D(p, "AvgPool1D", in, l.Size, l.Stride, l.Padding)
	return l.build(p, in, []int{l.w.out, in[1]})
}

// avgPool is the mean over one or two dimensions.
type avgPool struct{ pool }

// Forward takes the means: a chain over the window's places, ascending, then a division.
func (l *avgPool) Forward(x *Tensor, _ bool) *Tensor {
	l.begin(x)
	for e := range x.Len() {
		in, out := x.Row(e), l.y.Row(e)
		l.pixels(e, func(pixel int, win window) {
			to := out[pixel*l.c:][:l.c]
			clear(to)
			for r := win.r0; r < win.r1; r++ {
				for q := win.q0; q < win.q1; q++ {
					f32.Add(to, to, in[l.at(win, r, q):])
				}
			}
			divide(to, float32(win.places()))
		})
	}
	return l.y
}

// Backward spreads each gradient evenly over its window.
func (l *avgPool) Backward(dy *Tensor) *Tensor {
	if l.dx == nil {
		return nil
	}
	follow(l.dx, l.x)
	clear(l.dx.Data)
	for e := range dy.Len() {
		g, dx := dy.Row(e), l.dx.Row(e)
		l.pixels(e, func(pixel int, win window) {
			from := g[pixel*l.c:][:l.c]
			divide(from, float32(win.places()))
			for r := win.r0; r < win.r1; r++ {
				for q := win.q0; q < win.q1; q++ {
					to := dx[l.at(win, r, q):][:l.c]
					f32.Add(to, to, from)
				}
			}
		})
	}
	return l.dx
}

// divide divides each number of x by n.
func divide(x []float32, n float32) {
	for i := range x {
		x[i] /= n
	}
}
