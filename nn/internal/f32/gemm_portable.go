//go:build !amd64 || purego

package f32

func product(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, co, ldc int, accumulate bool) {
	loops(m, n, k, a, b, ldb, 1, c, co, ldc, accumulate)
}

func productNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	loops(Line(m, lda), n, Line(k, 1), a, b, 1, ldb, c, 0, ldc, accumulate)
}
