package f32

// GemmScatter adds A·B to rows of C as [Gemm] does, but of which row (o, i) of the axis m
// begins at c[o*outer+i*ldc]: the pixels of a part of an image. B is small enough to stay in
// a cache.
func GemmScatter(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, outer, ldc int) {
	if m.size() == 0 || n == 0 || k.size() == 0 {
		return
	}
	if active != generic {
		scatter(m, n, k, a, b, ldb, c, outer, ldc)
		return
	}
	for o := range m.Outer {
		loops(Line(m.Inner, m.Stride), n, k, a[o*m.OuterStride:], b, ldb, 1, c[o*outer:], ldc, true)
	}
}
