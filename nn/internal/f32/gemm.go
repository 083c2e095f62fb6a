package f32

// GemmNN computes C (+)= A·B for A [m, k], B [k, n] and C [m, n]. Each element of C is one
// chain over k ascending,
//
//	c ← c + a[i,0]·b[0,j],  c ← c + a[i,1]·b[1,j], …
//
// beginning from C where accumulate is set and from zero otherwise, with the product
// rounded before the sum.
func GemmNN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	naive(m, n, k, a, lda, 1, b, ldb, 1, c, ldc, accumulate)
}

// GemmTN computes C (+)= Aᵀ·B for A stored [k, m], B [k, n] and C [m, n], with the chains
// of [GemmNN].
func GemmTN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	naive(m, n, k, a, 1, lda, b, ldb, 1, c, ldc, accumulate)
}

// GemmNT computes C (+)= A·Bᵀ for A [m, k], B stored [n, k] and C [m, n], with the chains
// of [GemmNN].
func GemmNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	naive(m, n, k, a, lda, 1, b, 1, ldb, c, ldc, accumulate)
}

// naive is the definition. Element (i, p) of A is a[i*ai+p*ap], element (p, j) of B is
// b[p*bp+j*bj].
func naive(m, n, k int, a []float32, ai, ap int, b []float32, bp, bj int, c []float32, ldc int, accumulate bool) {
	for i := range m {
		for j := range n {
			s := float32(0)
			if accumulate {
				s = c[i*ldc+j]
			}
			for p := range k {
				s += float32(a[i*ai+p*ap] * b[p*bp+j*bj])
			}
			c[i*ldc+j] = s
		}
	}
}
