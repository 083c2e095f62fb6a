//go:build !purego

package f32

// productNT multiplies by a transpose of B, or where they are less to move, by one of A
// into one of C: Cᵀ = B·Aᵀ.
func productNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	_ = a[(m-1)*lda+k-1]
	_ = b[(n-1)*ldb+k-1]
	_ = c[(m-1)*ldc+n-1]
	switch {
	case active == generic:
		loops(Line(m, lda), n, Line(k, 1), a, b, 1, ldb, c, 0, ldc, accumulate)
	case m*k+2*m*n < n*k:
		swapped(m, n, k, a, lda, b, ldb, c, ldc, accumulate)
	default:
		packed(Line(m, lda), n, Line(k, 1), a, b, ldb, true, c, 0, ldc, accumulate)
	}
}

// swapped multiplies B by panels of Aᵀ.
func swapped(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	w := borrow()
	defer w.giveBack()
	width := 2 * shapes[active].lanes
	deep := evenly(k, deepest)
	high := min(n, len(w.a)/width)
	for i := 0; i < m; i += width {
		wide := min(m-i, width)
		for p := 0; p < k; p += deep {
			deep, goOn := min(k-p, deep), accumulate || p > 0
			transpose(wide, deep, a[i*lda+p:], lda, w.b, width)
			for j := 0; j < n; j += high {
				high, to := min(n-j, high), c[i*ldc+j:]
				if goOn {
					transpose(wide, high, to, ldc, w.a, width)
				}
				blocks(Line(high, ldb), wide, Line(deep, 1), b[j*ldb+p:], w.b, width, w.a, 0, width, goOn)
				transpose(high, wide, w.a, width, to, ldc)
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
