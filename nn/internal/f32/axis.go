package f32

// Axis is a dimension of a matrix in a slice. It runs in two levels: element (o, i) of it
// is at o*OuterStride + i*Stride, for o < Outer and i < Inner, and counts as o*Inner + i.
// With two of them the windows of an image are a matrix, although they overlap: its rows
// run over the pixels, its columns over the numbers of a window.
type Axis struct {
	Outer, OuterStride int
	Inner, Stride      int
}

// Line is an axis of n elements.
func Line(n, stride int) Axis { return Axis{Outer: 1, Inner: n, Stride: stride} }

func (x Axis) size() int { return x.Outer * x.Inner }

// last is where the last element is.
func (x Axis) last() int { return (x.Outer-1)*x.OuterStride + (x.Inner-1)*x.Stride }

// at is where element p is.
func (x Axis) at(p int) int {
	if x.Outer == 1 {
		return p * x.Stride
	}
	return p/x.Inner*x.OuterStride + p%x.Inner*x.Stride
}

// flattens reports whether x is in one level, but for the way it is written.
func (x Axis) flattens() bool {
	return x.Outer == 1 || x.Inner == 1 || x.OuterStride == x.Inner*x.Stride
}

// flat returns the same axis in one level, where that can be.
func (x Axis) flat() Axis {
	switch {
	case x.Inner == 1:
		return Line(x.Outer, x.OuterStride)
	case x.flattens():
		return Line(x.size(), x.Stride)
	}
	return x
}

// part returns up to most elements of x from element p on, and where they begin: whole
// levels, or a part of one that has more.
func (x Axis) part(p, most int) (Axis, int) {
	at := x.at(p)
	if x.Outer == 1 {
		return Line(min(x.Inner-p, most), x.Stride), at
	}
	if x.Inner <= most {
		x.Outer = min(x.Outer-p/x.Inner, most/x.Inner)
		return x, at
	}
	return Line(min(x.Inner-p%x.Inner, most), x.Stride), at
}
