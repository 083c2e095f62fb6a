package nn

import "medml/nn/internal/f32"

// convolution maps one image of [H, W, C] to [H', W', O] by a kernel of [KH, KW, C, O],
// and knows the two gradients. It calls the matrix product on strided views of the image
// and never lays windows out beside each other: the windows are the rows of a matrix that
// overlap in memory. A signal is an image of one row.
type convolution struct {
	h, w   span
	c, o   int
	canvas bool     // windows reach over the edges, so that each image is copied onto paper
	paper  *scratch // an image with its padding
	back   *scratch // the gradient with respect to that, where canvas is set
}

// declare asks for the paper, and where back is set for the gradient's.
func (v *convolution) declare(p *Plan, padding Padding, back bool) {
	n := v.h.padded * v.w.padded * v.c
	v.canvas = padding == Same && v.h.size*v.w.size > 1
	v.paper = p.perThread(n)
	if back && v.canvas {
		v.back = p.perThread(n)
	}
}

// image returns x with its padding; beyond the first width columns of each row windows see
// zeros. Where no window reaches there, that's x itself.
func (v *convolution) image(worker int, x []float32, width int) []float32 {
	if !v.canvas && width >= v.w.size {
		return x
	}
	row, paper := v.w.in*v.c, v.paper.of(worker)
	for i := range v.h.in {
		line := paper[v.offset(i+v.h.before, v.w.before):][:row]
		clear(line[copy(line, x[i*row:][:width*v.c]):])
	}
	return paper
}

// offset returns where the pixel of padded row i and column j begins.
func (v *convolution) offset(i, j int) int { return (i*v.w.padded + j) * v.c }

// block is a part of the output: rows from first on, of each the first columns. An array
// [rows, columns, O] is laid out without gaps.
type block struct{ first, rows, columns int }

// whole is the block of all output.
func (v *convolution) whole() block { return block{0, v.h.out, v.w.out} }

// pixels is the axis of a block's windows on the padded image, from the block's first on.
func (v *convolution) pixels(b block) f32.Axis {
	return f32.Axis{Outer: b.rows, OuterStride: v.offset(v.h.stride, 0), Inner: b.columns, Stride: v.w.stride * v.c}
}

// taps is the axis of a window's numbers: kernel row, then column and channel.
func (v *convolution) taps() f32.Axis {
	return f32.Axis{Outer: v.h.size, OuterStride: v.offset(1, 0), Inner: v.w.size * v.c, Stride: 1}
}

// forward computes a block y of the output from a padded image x and a kernel w
// [KH, KW, C, O]. An element's chain runs over kernel row, kernel column and channel,
// ascending.
func (v *convolution) forward(b block, x, w, y []float32) {
	f32.Gemm(v.pixels(b), v.o, v.taps(), x[v.offset(b.first*v.h.stride, 0):], w, v.o, y, v.o, false)
}

// kernelGrad adds to dw [KH, KW, C, O], of which only the filters from up to to, what the
// padded image x and a block dy of the output's gradient give. An element's chain runs over
// the pixels of dy, ascending.
func (v *convolution) kernelGrad(b block, x, dy, dw []float32, from, to int) {
	f32.Gemm(v.taps(), to-from, v.pixels(b), x[v.offset(b.first*v.h.stride, 0):], dy[from:], v.o, dw[from:], v.o, true)
}

// cost is how many multiplications an image takes forward.
func (v *convolution) cost() int { return v.h.out * v.w.out * v.o * v.h.size * v.w.size * v.c }

// scatter is forward's transpose: it adds a block dy of the output's gradient to the
// padded image dx through the kernel's transpose wt [KH, KW, O, C]. An element's chain
// runs over the rows of dy, which the falling kernel rows bring, then kernel columns and O,
// ascending; so it is the same for all blocks together as for the whole.
func (v *convolution) scatter(b block, dy, wt, dx []float32) {
	pixels := f32.Axis{Outer: b.rows, OuterStride: b.columns * v.o, Inner: b.columns, Stride: v.o}
	for r := v.h.size - 1; r >= 0; r-- {
		for q := range v.w.size {
			tap := wt[(r*v.w.size+q)*v.o*v.c:]
			at := v.offset(b.first*v.h.stride+r, q)
			f32.GemmRows(pixels, v.c, f32.Line(v.o, 1), dy, tap, v.c, dx[at:], v.offset(v.h.stride, 0), v.w.stride*v.c, true)
		}
	}
}

// begin returns the padded image to scatter onto, zeroed: dst [H, W, C] itself, where there
// is no padding.
func (v *convolution) begin(worker int, dst []float32) []float32 {
	if v.canvas {
		dst = v.back.of(worker)
	}
	clear(dst)
	return dst
}

// end brings what was scattered to dst, leaving out what fell on the padding and, of each
// row, beyond the first width columns.
func (v *convolution) end(worker int, dst []float32, width int) {
	row := v.w.in * v.c
	for i := range v.h.in {
		line := dst[i*row:][:row]
		if v.canvas {
			copy(line[:width*v.c], v.back.of(worker)[v.offset(i+v.h.before, v.w.before):])
		}
		clear(line[width*v.c:])
	}
}

// transposeTaps sets dst [taps, O, C] to the transposes of src [taps, C, O].
func transposeTaps(taps, c, o int, src, dst []float32) {
	for i := range taps {
		f32.Transpose(c, o, src[i*c*o:], dst[i*c*o:])
	}
}
