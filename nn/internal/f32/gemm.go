package f32

// GemmNN computes C (+)= A·B for A [m, k], B [k, n] and C [m, n]. Each element of C is one
// chain over k ascending,
//
//	c ← c + a[i,0]·b[0,j],  c ← c + a[i,1]·b[1,j], …
//
// beginning from C where accumulate is set and from zero otherwise, with the product
// rounded before the sum. The rows of A may overlap; C overlaps neither A nor B.
func GemmNN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	if !start(m, n, k, c, ldc, accumulate) {
		return
	}
	if n < narrow {
		dotsOfColumns(m, n, k, a, lda, b, ldb, c, ldc)
		return
	}
	sweep(m, n, k, a, lda, 1, b, ldb, c, ldc)
}

// GemmTN computes C (+)= Aᵀ·B for A stored [k, m], B [k, n] and C [m, n], with the chains
// of [GemmNN].
func GemmTN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	if !start(m, n, k, c, ldc, accumulate) {
		return
	}
	if n < narrow {
		sweepColumns(m, n, k, a, lda, b, ldb, c, ldc)
		return
	}
	sweep(m, n, k, a, 1, lda, b, ldb, c, ldc)
}

// GemmNT computes C (+)= A·Bᵀ for A [m, k], B stored [n, k] and C [m, n], with the chains
// of [GemmNN].
func GemmNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	if start(m, n, k, c, ldc, accumulate) {
		dots(m, n, k, a, lda, b, ldb, c, ldc)
	}
}

// start zeroes C where a product doesn't go on from it, and reports whether there is
// anything to add.
func start(m, n, k int, c []float32, ldc int, accumulate bool) bool {
	if m == 0 || n == 0 {
		return false
	}
	if !accumulate {
		for i := range m {
			clear(c[i*ldc:][:n])
		}
	}
	return k > 0
}
