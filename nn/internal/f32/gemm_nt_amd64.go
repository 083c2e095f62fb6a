//go:build !purego

package f32

const (
	panelColumns = 32 // at least two vectors
	scratchRows  = 96 // of C's transpose
)

// productNT multiplies by a transpose of B, or where they are less to move, by one of A
// into one of C: Cᵀ = B·Aᵀ.
func productNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	switch {
	case active == generic:
		loops(Line(m, lda), n, Line(k, 1), a, b, 1, ldb, c, ldc, accumulate)
	case k <= shallow:
		turnedShallow(m, n, k, a, lda, b, ldb, c, ldc, accumulate)
	case m*k+2*m*n < n*k:
		swapped(m, n, k, a, lda, b, ldb, c, ldc, accumulate)
	default:
		turned(m, n, k, a, lda, b, ldb, c, ldc, accumulate)
	}
}

// turned multiplies A by panels of Bᵀ.
func turned(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	var space [panelColumns*deepest + line/4]float32
	turnedBy(aligned(space[:]), deepest, m, n, k, a, lda, b, ldb, c, ldc, accumulate)
}

// turnedShallow does so with less memory, to clear which takes its time.
func turnedShallow(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	var space [panelColumns*shallow + line/4]float32
	turnedBy(aligned(space[:]), shallow, m, n, k, a, lda, b, ldb, c, ldc, accumulate)
}

func turnedBy(panel []float32, most, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	for p := 0; p < k; p += most {
		deep := min(k-p, most)
		for j := 0; j < n; j += panelColumns {
			wide := min(n-j, panelColumns)
			transpose(wide, deep, b[j*ldb+p:], ldb, panel, panelColumns)
			product(Line(m, lda), wide, Line(deep, 1), a[p:], panel, panelColumns, c[j:], ldc, accumulate || p > 0)
		}
	}
}

// swapped multiplies B by panels of Aᵀ.
func swapped(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	var space [panelColumns*(deepest+scratchRows) + line/4]float32
	panel := aligned(space[:])
	scratch := panel[panelColumns*deepest:]
	for i := 0; i < m; i += panelColumns {
		wide := min(m-i, panelColumns)
		for p := 0; p < k; p += deepest {
			deep, goOn := min(k-p, deepest), accumulate || p > 0
			transpose(wide, deep, a[i*lda+p:], lda, panel, panelColumns)
			for j := 0; j < n; j += scratchRows {
				high, to := min(n-j, scratchRows), c[i*ldc+j:]
				if goOn {
					transpose(wide, high, to, ldc, scratch, panelColumns)
				}
				product(Line(high, ldb), wide, Line(deep, 1), b[j*ldb+p:], panel, panelColumns, scratch, panelColumns, goOn)
				transpose(high, wide, scratch, panelColumns, to, ldc)
			}
		}
	}
}

// transpose sets dst [n, m] to the transpose of src [m, n], by blocks.
func transpose(m, n int, src []float32, lds int, dst []float32, ldd int) {
	if m == 0 || n == 0 {
		return
	}
	_, _ = src[(m-1)*lds+n-1], dst[(n-1)*ldd+m-1]
	i := 0
	if active == avx512 {
		for ; i+16 <= m; i += 16 {
			j := 0
			for ; j+16 <= n; j += 16 {
				transpose16(&src[i*lds+j], lds, &dst[j*ldd+i], ldd)
			}
			transposeEdge(i, i+16, j, n, src, lds, dst, ldd)
		}
	}
	if active >= avx2 {
		for ; i+8 <= m; i += 8 {
			j := 0
			for ; j+8 <= n; j += 8 {
				transpose8(&src[i*lds+j], lds, &dst[j*ldd+i], ldd)
			}
			transposeEdge(i, i+8, j, n, src, lds, dst, ldd)
		}
	}
	transposeEdge(i, m, 0, n, src, lds, dst, ldd)
}

// transposeEdge transposes the rows from i to m, the columns from j to n.
func transposeEdge(i, m, j, n int, src []float32, lds int, dst []float32, ldd int) {
	for ; i < m; i++ {
		for q, v := range src[i*lds+j : i*lds+n] {
			dst[(j+q)*ldd+i] = v
		}
	}
}
