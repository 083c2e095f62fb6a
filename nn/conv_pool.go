package nn

import "medml/nn/internal/f32"

// pooling is the max pool by 2 that a convolution has absorbed. The convolution's output is
// never kept: forward computes it strip by strip, and so small that it stays in the cache,
// and back spreads the gradient over strips of the same size.
type pooling struct {
	h, w   span
	lines  int      // of maxima that a strip gives
	strip  *scratch // [lines·2, W'·2, O] of the convolution's output or its gradient
	bias   *Buffer  // zeros, for a convolution without
	winner []uint8  // of each output: the place of the maximum in its window
}

// stripSize is how many numbers a strip has at most, unless one line takes more.
const stripSize = 32 << 10

// build declares the strip and returns the shape of an example's maxima.
func (p *pooling) build(plan *Plan, l *conv, in []int) []int {
	p.h, p.w = single(), newSpan("max pool", l.geo.w.out, 2, 2, Valid)
	out := []int{p.w.out, l.geo.o}
	if !l.time {
		p.h = newSpan("max pool", l.geo.h.out, 2, 2, Valid)
		out = []int{p.h.out, p.w.out, l.geo.o}
	}
	line := p.h.size * 2 * p.w.out * l.geo.o
	p.lines = min(max(stripSize/line, 1), p.h.out)
	p.strip, p.bias = plan.perThread(p.lines*line), plan.Buffer(l.geo.o)
	p.winner = array[uint8](plan, plan.Batch()*size(out))
	return out
}

// windows are those of example i that begin on line first of the maxima, with the block of
// the convolution's output that they cover.
func (p *pooling) windows(l *conv, i, first int) (f32.Windows, block) {
	columns := p.w.out
	if l.y.Lengths != nil {
		columns = l.y.Lengths[i]
	}
	lines := min(p.lines, p.h.out-first)
	return f32.Windows{Lines: lines, N: columns, Rows: p.h.size, C: l.geo.o, Row: 2 * columns * l.geo.o},
		block{first * p.h.size, lines * p.h.size, 2 * columns}
}

// forward computes the maxima of example i.
func (p *pooling) forward(l *conv, worker int, image []float32, i int) {
	n, strip := l.y.Size(), p.strip.of(worker)
	y, winner, bias := l.y.Row(i), p.winner[i*n:][:n], p.bias.Data
	if l.b != nil {
		bias = l.b.Data
	}
	for first := 0; first < p.h.out; first += p.lines {
		w, b := p.windows(l, i, first)
		l.geo.forward(b, image, l.w.Data, strip)
		if l.time && l.geo.w.outLength(l.width(i), l.padding) == 1 {
			copy(strip[l.geo.o:][:l.geo.o], strip) // a window on one real step
		}
		at := first * p.w.out * l.geo.o
		f32.PoolReLU(w, strip, bias, y[at:], winner[at:])
	}
}

// back adds the filters from up to to of the kernel's gradient by example i, given that of
// its maxima, and scatters onto dx unless it is nil.
func (p *pooling) back(l *conv, worker int, image, dy, dx []float32, i, from, to int) {
	winner, strip := p.winner[i*l.y.Size():], p.strip.of(worker)
	for first := 0; first < p.h.out; first += p.lines {
		w, b := p.windows(l, i, first)
		at := first * p.w.out * l.geo.o
		f32.Unpool(w, strip, dy[at:], winner[at:])
		l.backBlock(b, image, strip, dx, from, to)
	}
}
