package f32

// Panels is a matrix B [k, n] laid out as products read it fastest, for one that many
// products of few rows share: panels of a few columns, one behind the other, in each the
// rows. They are for the path that was active when they were made.
type Panels struct {
	k, n  int
	width int // of a panel
	apart int // from where a panel begins to where the next does
	data  []float32
}

// widestPanel is the most columns that any path's panels have.
const widestPanel = 32

// PanelsSize returns how much memory the panels of a matrix [k, n] take, in numbers.
func PanelsSize(k, n int) int { return k * ((n + widestPanel - 1) / widestPanel * widestPanel) }

// NewPanels lays a matrix [k, n] out in memory of [PanelsSize]. It has no numbers yet.
func NewPanels(k, n int, memory []float32) Panels {
	w := panelWidth()
	return Panels{k: k, n: n, width: w, apart: k * w, data: memory[:k*((n+w-1)/w*w)]}
}

// Rows returns the rows from to before to as a matrix of its own.
func (p Panels) Rows(from, to int) Panels {
	p.k, p.data = to-from, p.data[from*p.width:]
	return p
}

// Columns returns the columns from to before to; from is a multiple of 32.
func (p Panels) Columns(from, to int) Panels {
	p.n, p.data = to-from, p.data[from/p.width*p.apart:]
	return p
}

// Size returns k and n.
func (p Panels) Size() (k, n int) { return p.k, p.n }

// Set copies B [k, n] into the panels.
func (p Panels) Set(b []float32, ldb int) {
	if p.k == 0 || p.n == 0 {
		return
	}
	_ = b[(p.k-1)*ldb+p.n-1]
	for j := 0; j < p.n; j += p.width {
		packPanels(p.k, min(p.width, p.n-j), p.width, b[j:], ldb, p.data[j/p.width*p.apart:])
	}
}

// SetTransposed copies the transpose of B [n, k] into the panels.
func (p Panels) SetTransposed(b []float32, ldb int) {
	for j := 0; j < p.n; j += p.width {
		transpose(min(p.width, p.n-j), p.k, b[j*ldb:], ldb, p.data[j/p.width*p.apart:], p.width)
	}
}

// Ahead is memory that a product may fetch into the second cache on its way, for what comes
// after it.
type Ahead [4][]float32

// GemmPanels computes C (+)= A·B for A [m, k], panels B [k, n] and C [m, n], with the
// chains of [Gemm]. ahead may be nil.
func GemmPanels(m int, a []float32, lda int, b Panels, c []float32, ldc int, accumulate bool, ahead *Ahead) {
	if m == 0 || b.n == 0 {
		return
	}
	if start(Line(m, lda), b.n, b.k, c, 0, ldc, accumulate) {
		productPanels(m, a, lda, b, c, ldc, accumulate, ahead)
	}
}

// loopsPanels is the product by the portable loops.
func loopsPanels(m int, a []float32, lda int, b Panels, c []float32, ldc int, accumulate bool) {
	for j := 0; j < b.n; j += b.width {
		panel := b.data[j/b.width*b.apart:]
		loops(Line(m, lda), min(b.width, b.n-j), Line(b.k, 1), a, panel, b.width, 1, c[j:], 0, ldc, accumulate)
	}
}
