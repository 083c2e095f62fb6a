package nn

import "medml/nn/internal/f32"

// convolution maps one image of [H, W, C] to [H', W', O] by a kernel of [KH, KW, C, O],
// and knows the two gradients. It calls the matrix product on strided views of the image
// and never lays windows out beside each other: for one output row and one kernel row,
// the W' windows of KW·C numbers are the rows of a matrix whose stride is the window's.
// A signal is an image of one row.
type convolution struct {
	h, w   span
	c, o   int
	canvas bool    // windows reach over the edges, so that each image is copied onto paper
	paper  *Buffer // an image with its padding
	back   *Buffer // the gradient with respect to that, where canvas is set
}

// declare asks for the paper, and where back is set for the gradient's.
func (v *convolution) declare(p *Plan, padding Padding, back bool) {
	n := v.h.padded * v.w.padded * v.c
	v.canvas = padding == Same && v.h.size*v.w.size > 1
	v.paper = p.Buffer(n)
	if back && v.canvas {
		v.back = p.Buffer(n)
	}
}

// image returns x with its padding; beyond the first width columns of each row windows see
// zeros. Where no window reaches there, that's x itself.
func (v *convolution) image(x []float32, width int) []float32 {
	if !v.canvas && width >= v.w.size {
		return x
	}
	row := v.w.in * v.c
	for i := range v.h.in {
		line := v.paper.Data[v.offset(i+v.h.before, v.w.before):][:row]
		clear(line[copy(line, x[i*row:][:width*v.c]):])
	}
	return v.paper.Data
}

// offset returns where the pixel of padded row i and column j begins.
func (v *convolution) offset(i, j int) int { return (i*v.w.padded + j) * v.c }

// forward computes y [H', W', O] from a padded image x and a kernel w [KH, KW, C, O]. An
// element's chain runs over kernel row, kernel column and channel, ascending.
func (v *convolution) forward(x, w, y []float32) {
	k, lda := v.w.size*v.c, v.w.stride*v.c
	if v.h.size == 1 && v.h.stride*v.w.padded == v.w.stride*v.w.out {
		f32.GemmNN(v.h.out*v.w.out, v.o, k, x, lda, w, v.o, y, v.o, false)
		return
	}
	for i := range v.h.out {
		out := y[i*v.w.out*v.o:]
		for r := range v.h.size {
			f32.GemmNN(v.w.out, v.o, k, x[v.offset(i*v.h.stride+r, 0):], lda, w[r*k*v.o:], v.o, out, v.o, r > 0)
		}
	}
}

// kernelGrad adds to dw [KH, KW, C, O] what the padded image x and dy [H', W', O] give. An
// element's chain runs over the pixels of dy, ascending.
func (v *convolution) kernelGrad(x, dy, dw []float32) {
	k, lda := v.w.size*v.c, v.w.stride*v.c
	for i := range v.h.out {
		for r := range v.h.size {
			f32.GemmTN(k, v.o, v.w.out, x[v.offset(i*v.h.stride+r, 0):], lda, dy[i*v.w.out*v.o:], v.o, dw[r*k*v.o:], v.o, true)
		}
	}
}

// scatter is forward's transpose: it adds dy [H', W', O] to the padded image dx through
// the kernel's transpose wt [KH, KW, O, C]. An element's chain runs over the rows of dy,
// then kernel columns and O, ascending.
func (v *convolution) scatter(dy, wt, dx []float32) {
	for i := range v.h.out {
		row := dy[i*v.w.out*v.o:]
		for r := range v.h.size {
			for q := range v.w.size {
				tap := wt[(r*v.w.size+q)*v.o*v.c:]
				f32.GemmNN(v.w.out, v.c, v.o, row, v.o, tap, v.c, dx[v.offset(i*v.h.stride+r, q):], v.w.stride*v.c, true)
			}
		}
	}
}

// gather runs scatter onto dst [H, W, C], leaving out what falls on the padding and, of
// each row, beyond the first width columns.
func (v *convolution) gather(dy, wt, dst []float32, width int) {
	row := v.w.in * v.c
	if !v.canvas {
		clear(dst)
		v.scatter(dy, wt, dst)
		for i := range v.h.in {
			clear(dst[i*row:][width*v.c : row])
		}
		return
	}
	clear(v.back.Data)
	v.scatter(dy, wt, v.back.Data)
	for i := range v.h.in {
		line := dst[i*row:][:row]
		clear(line[copy(line[:width*v.c], v.back.Data[v.offset(i+v.h.before, v.w.before):]):])
	}
}

// transposeTaps sets dst [taps, O, C] to the transposes of src [taps, C, O].
func transposeTaps(taps, c, o int, src, dst []float32) {
	for i := range taps {
		f32.Transpose(c, o, src[i*c*o:], dst[i*c*o:])
	}
}
