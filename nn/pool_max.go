package nn

import "medml/nn/internal/f32"

// MaxPool2D takes the maximum of each window of an image: [N, H, W, C] becomes
// [N, H', W', C]. Padding never wins; of equal values the first one does, by row and then
// by column.
type MaxPool2D struct {
	Size    int     // rows and columns of the window; default 2
	Stride  int     // default Size
	Padding Padding // default Valid

	maxPool
}

// Build declares the output.
func (l *MaxPool2D) Build(p *Plan, in []int) []int {
	if l.absorbed {
		return in
	}
	mustRank("MaxPool2D", in, 3, "[H, W, C]")
	k := orInt(l.Size, 2)
	s := orInt(l.Stride, k)
	l.pool = pool{c: in[2], h: newSpan("MaxPool2D", in[0], k, s, l.Padding), w: newSpan("MaxPool2D", in[1], k, s, l.Padding)}
	return l.build(p, in, []int{l.h.out, l.w.out, in[2]})
}

// MaxPool1D takes the maximum of each window of a signal: [N, T, C] becomes [N, T', C].
// Steps beyond an example's length never win, and give zeros.
type MaxPool1D struct {
	Size    int     // steps of the window; default 2
	Stride  int     // default Size
	Padding Padding // default Valid

	maxPool
}

// Build declares the output.
func (l *MaxPool1D) Build(p *Plan, in []int) []int {
	if l.absorbed {
		return in
	}
	mustRank("MaxPool1D", in, 2, "[T, C]")
	l.pool = pool1D(p, "MaxPool1D", in, l.Size, l.Stride, l.Padding)
	return l.build(p, in, []int{l.w.out, in[1]})
}

// maxPool is the maximum over one or two dimensions.
type maxPool struct {
	pool
	winner   []uint16 // of each output: the place of the maximum in its window
	absorbed bool     // by the layer before
}

func (l *maxPool) build(p *Plan, in, out []int) []int {
	if l.h.size*l.w.size > 1<<16 {
		panic("nn: a max pool's window has at most 65536 places")
	}
	l.winner = array[uint16](p, p.Batch()*size(out))
	return l.pool.build(p, in, out)
}

// Forward takes the maxima.
func (l *maxPool) Forward(x *Tensor, _ bool) *Tensor {
	if l.absorbed {
		return x
	}
	l.begin(x)
	n := l.y.Size()
	for e := range x.Len() {
		in, out, winner := x.Row(e), l.y.Row(e), l.winner[e*n:]
		l.pixels(e, func(pixel int, win window) {
			at := pixel * l.c
			l.maximum(in, out[at:][:l.c], winner[at:][:l.c], win)
		})
	}
	return l.y
}

// maximum finds the maxima of one window for all channels.
func (l *maxPool) maximum(in, out []float32, winner []uint16, win window) {
	first := true
	for r := win.r0; r < win.r1; r++ {
		for q := win.q0; q < win.q1; q++ {
			tap := uint16(r*l.w.size + q)
			from := in[l.at(win, r, q):][:len(out)]
			if !first {
				f32.Overtake(out, winner, from, tap)
				continue
			}
			first = false
			copy(out, from)
			for c := range winner {
				winner[c] = tap
			}
		}
	}
}

// Backward gives each gradient to the place its maximum came from.
func (l *maxPool) Backward(dy *Tensor) *Tensor {
	if l.absorbed {
		return dy
	}
	if l.dx == nil {
		return nil
	}
	follow(l.dx, l.x)
	clear(l.dx.Data)
	n := l.y.Size()
	for e := range dy.Len() {
		g, dx, winner := dy.Row(e), l.dx.Row(e), l.winner[e*n:]
		l.pixels(e, func(pixel int, win window) {
			for c := range l.c {
				tap := int(winner[pixel*l.c+c])
				dx[l.at(win, tap/l.w.size, tap%l.w.size)+c] += g[pixel*l.c+c]
			}
		})
	}
	return l.dx
}
