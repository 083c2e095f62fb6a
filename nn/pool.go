package nn

// pool is the geometry that poolings share. A signal is an image of one row.
type pool struct {
	h, w span
	c    int
	x, y *Tensor
	dx   *Tensor // nil where the plan doesn't want it
	mask *mask   // of a pooling over time
}

// pool1D returns the geometry of a pooling over time.
func pool1D(p *Plan, what string, in []int, length, stride int, padding Padding) pool {
	k := orInt(length, 2)
	w := newSpan(what, in[0], k, orInt(stride, k), padding)
	m := newMask(p, padding, w, in[1])
	return pool{h: single(), w: w, c: in[1], mask: &m}
}

func (l *pool) build(p *Plan, in, out []int) []int {
	l.y = p.Tensor(out...)
	if p.InputGrad() {
		l.dx = p.Tensor(in...)
	}
	return out
}

// begin sets the output's size and lengths, and zeroes it beyond these.
func (l *pool) begin(x *Tensor) {
	l.x = x
	l.y.Resize(x.Len())
	if l.mask != nil {
		l.mask.lengthsFor(l.y, x)
		l.mask.silence(l.y, l.y.Lengths)
	}
}

// window is what of one output pixel's window lies on the image: its rows r0 to r1 and
// columns q0 to q1, the first of which is the image's pixel (row, column).
type window struct {
	r0, r1, q0, q1 int
	row, column    int
}

// places returns how many pixels of the image the window has.
func (w window) places() int { return (w.r1 - w.r0) * (w.q1 - w.q0) }

// at returns where the channels of a window's place (r, q) begin in the image.
func (l *pool) at(win window, r, q int) int {
	return ((win.row+r-win.r0)*l.w.in + win.column + q - win.q0) * l.c
}

// pixels calls f for each output pixel of example e, ascending, within its length.
func (l *pool) pixels(e int, f func(pixel int, win window)) {
	width, columns := l.w.in, l.w.out
	if l.y.Lengths != nil {
		width, columns = l.x.Lengths[e], l.y.Lengths[e]
	}
	for i := range l.h.out {
		var win window
		win.r0, win.r1, win.row = l.h.inside(i, l.h.in)
		for j := range columns {
			win.q0, win.q1, win.column = l.w.inside(j, width)
			f(i*l.w.out+j, win)
		}
	}
}
