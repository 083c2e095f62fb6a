//go:build !amd64 || purego

package f32

func product(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, co, ldc int, accumulate bool) {
	loops(m, n, k, a, b, ldb, 1, c, co, ldc, accumulate)
}

func productNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	loops(Line(m, lda), n, Line(k, 1), a, b, 1, ldb, c, 0, ldc, accumulate)
}

func panelWidth() int { return widestPanel }

func productPanels(m int, a []float32, lda int, b Panels, c []float32, ldc int, accumulate bool, _ *Ahead) {
	loopsPanels(m, a, lda, b, c, ldc, accumulate)
}

// packPanels copies B [k, n] into panels of so many columns.
func packPanels(k, n, width int, b []float32, ldb int, to []float32) {
	for j := 0; j < n; j += width {
		for p := range k {
			copy(to[j*k+p*width:][:min(width, n-j)], b[p*ldb+j:])
		}
	}
}
