package nn

import "medml/nn/internal/f32"

// gemm is a matrix product that a team shares: its columns where there are few rows, its
// rows otherwise.
type gemm struct {
	form       form
	m, n, k    int
	a, b, c    []float32
	panels     f32.Panels // of b, in the form nnPanels
	ahead      *f32.Ahead
	lda, ldb   int
	ldc        int
	accumulate bool
	columns    bool
	part       func(worker, from, to int) // multiply, made once
}

type form uint8

const (
	nn form = iota
	tn
	nt
	nnPanels
)

// The kernels work on tiles of about so many rows and columns; splitting through tiles
// would waste their registers.
const (
	tileRows    = 12
	tileColumns = 64
)

// gemmNN is f32.GemmNN, shared.
func (t *team) gemmNN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	t.multiply(nn, m, n, k, a, lda, b, ldb, c, ldc, accumulate)
}

// gemmTN is f32.GemmTN, shared.
func (t *team) gemmTN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	t.multiply(tn, m, n, k, a, lda, b, ldb, c, ldc, accumulate)
}

// gemmNT is f32.GemmNT, shared.
func (t *team) gemmNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	t.multiply(nt, m, n, k, a, lda, b, ldb, c, ldc, accumulate)
}

// gemmPanels is f32.GemmPanels, shared.
func (t *team) gemmPanels(m int, a []float32, lda int, b f32.Panels, c []float32, ldc int, accumulate bool, ahead *f32.Ahead) {
	k, n := b.Size()
	t.gemm.panels, t.gemm.ahead = b, ahead
	t.multiply(nnPanels, m, n, k, a, lda, nil, 0, c, ldc, accumulate)
	t.gemm.panels, t.gemm.ahead = f32.Panels{}, nil
}

func (t *team) multiply(form form, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	g := &t.gemm
	g.form, g.m, g.n, g.k, g.accumulate = form, m, n, k, accumulate
	g.a, g.lda, g.b, g.ldb, g.c, g.ldc = a, lda, b, ldb, c, ldc
	if g.columns = m < n; g.columns {
		t.each(n, t.grains(n, tileColumns), m*k, g.part)
	} else {
		t.each(m, t.grains(m, tileRows), n*k, g.part)
	}
	g.a, g.b, g.c = nil, nil, nil
}

// multiply computes a range of columns or rows.
func (g *gemm) multiply(_, from, to int) {
	m, n, a, b, c, panels := g.m, g.n, g.a, g.b, g.c, g.panels
	switch size := to - from; {
	case g.columns && g.form == nnPanels:
		panels, c = panels.Columns(from, to), c[from:]
	case g.columns && g.form == nt:
		n, b, c = size, b[from*g.ldb:], c[from:]
	case g.columns:
		n, b, c = size, b[from:], c[from:]
	case g.form == tn:
		m, a, c = size, a[from:], c[from*g.ldc:]
	default:
		m, a, c = size, a[from*g.lda:], c[from*g.ldc:]
	}
	switch g.form {
	case nn:
		f32.GemmNN(m, n, g.k, a, g.lda, b, g.ldb, c, g.ldc, g.accumulate)
	case tn:
		f32.GemmTN(m, n, g.k, a, g.lda, b, g.ldb, c, g.ldc, g.accumulate)
	case nnPanels:
		f32.GemmPanels(m, a, g.lda, panels, c, g.ldc, g.accumulate, g.ahead)
	case nt:
		f32.GemmNT(m, n, g.k, a, g.lda, b, g.ldb, c, g.ldc, g.accumulate)
	}
}
