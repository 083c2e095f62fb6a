package f32

// Gemm computes C (+)= A·B for B [k, n], C [m, n] and A, whose m rows and k columns are the
// two axes. Each element of C is one chain over k ascending of fused multiply-adds,
//
//	c ← FMA(a[i,0], b[0,j], c),  c ← FMA(a[i,1], b[1,j], c), …
//
// beginning from C where accumulate is set and from zero otherwise. C overlaps neither A
// nor B.
func Gemm(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	GemmRows(m, n, k, a, b, ldb, c, m.Inner*ldc, ldc, accumulate)
}

// GemmRows is [Gemm] for a C whose rows have the two levels of m: row (o, i) begins at
// o*outer + i*ldc.
func GemmRows(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, outer, ldc int, accumulate bool) {
	if m.size() == 0 || n == 0 {
		return
	}
	if m.flattens() && (Axis{m.Outer, outer, m.Inner, ldc}).flattens() {
		if m.Inner == 1 {
			ldc = outer
		}
		m = m.flat()
	}
	if start(m, n, k.size(), c, outer, ldc, accumulate) {
		product(m, n, k.flat(), a, b, ldb, c, outer, ldc, accumulate)
	}
}

// GemmNN computes C (+)= A·B for A [m, k], B [k, n] and C [m, n], with the chains of
// [Gemm]. The rows of A may overlap.
func GemmNN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	Gemm(Line(m, lda), n, Line(k, 1), a, b, ldb, c, ldc, accumulate)
}

// GemmTN computes C (+)= Aᵀ·B for A stored [k, m], B [k, n] and C [m, n], with the chains
// of [Gemm].
func GemmTN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	Gemm(Line(m, 1), n, Line(k, lda), a, b, ldb, c, ldc, accumulate)
}

// GemmNT computes C (+)= A·Bᵀ for A [m, k], B stored [n, k] and C [m, n], with the chains
// of [Gemm]. It transposes B, or A and C where they are smaller, bit by bit on the way: to
// multiply by the same Bᵀ often, transpose it once and take [GemmNN].
func GemmNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	if m == 0 || n == 0 {
		return
	}
	if start(Line(m, lda), n, k, c, 0, ldc, accumulate) {
		productNT(m, n, k, a, lda, b, ldb, c, ldc, accumulate)
	}
}

// start reports whether there is anything to multiply; where there isn't, but C doesn't go
// on from itself, it zeroes C.
func start(m Axis, n, k int, c []float32, outer, ldc int, accumulate bool) bool {
	if k > 0 {
		return true
	}
	if !accumulate {
		rows := Axis{m.Outer, outer, m.Inner, ldc}
		for i := range rows.size() {
			clear(c[rows.at(i):][:n])
		}
	}
	return false
}
