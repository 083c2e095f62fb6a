//go:build !purego

package f32

// panelWidth is two vectors of the active path.
func panelWidth() int {
	if active == generic {
		return widestPanel
	}
	return 2 * shapes[active].lanes
}

func productPanels(m int, a []float32, lda int, b Panels, c []float32, ldc int, accumulate bool, ahead *Ahead) {
	if active == generic {
		loopsPanels(m, a, lda, b, c, ldc, accumulate)
		return
	}
	_ = a[(m-1)*lda+b.k-1]
	_ = b.data[(b.n-1)/b.width*b.apart+b.k*b.width-1]
	_ = c[(m-1)*ldc+b.n-1]
	block := block{m: Line(m, lda), k: Line(b.k, 1), n: b.n, a: a, b: b.data, ldb: b.width, panel: b.apart,
		c: c, ldc: ldc, accumulate: accumulate, ahead: stream{later: ahead}}
	block.multiply()
}
