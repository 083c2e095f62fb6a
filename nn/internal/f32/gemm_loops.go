package f32

// The portable loops. A sum lives in a float64 that holds a float32, and each step has the
// body of [FMA] written out. Four chains run beside each other to hide the time that one
// takes.

// loops computes C (+)= A·B; element (p, j) of B is b[p*bp+j*bj].
func loops(m Axis, n int, k Axis, a, b []float32, bp, bj int, c []float32, co, ldc int, accumulate bool) {
	to := Axis{m.Outer, co, m.Inner, ldc}
	if !accumulate {
		for i := range m.size() {
			clear(c[to.at(i):][:n])
		}
	}
	for s := range k.Outer {
		a, b := a[s*k.OuterStride:], b[s*k.Inner*bp:]
		j := 0
		for ; j+4 <= n; j += 4 {
			for i := range m.size() {
				dot1x4(k.Inner, a[m.at(i):], k.Stride, b[j*bj:], bp, bj, (*[4]float32)(c[to.at(i)+j:]))
			}
		}
		for ; j < n; j++ {
			for o := range m.Outer {
				column(m.Inner, k.Inner, a[o*m.OuterStride:], m.Stride, k.Stride, b[j*bj:], bp, c[o*co+j:], ldc)
			}
		}
	}
}

// column goes on with the chains of one column of C, four rows at a time.
func column(m, k int, a []float32, am, ak int, b []float32, bp int, c []float32, ldc int) {
	i := 0
	for ; i+4 <= m; i += 4 {
		to := c[i*ldc:]
		z := [4]float32{to[0], to[ldc], to[2*ldc], to[3*ldc]}
		dot1x4(k, b, bp, a[i*am:], ak, am, &z)
		to[0], to[ldc], to[2*ldc], to[3*ldc] = z[0], z[1], z[2], z[3]
	}
	for ; i < m; i++ {
		z, a := float64(c[i*ldc]), a[i*am:]
		for p := range k {
			y := float64(a[p*ak]) * float64(b[p*bp])
			s := y + z
			if mayTie(s) {
				s = toOdd(y, z, s)
			}
			z = float64(float32(s))
		}
		c[i*ldc] = float32(z)
	}
}

// dot1x4 goes on with the chains of one vector x with four vectors y; element (p, j) of
// them is y[p*yp+j*yj].
func dot1x4(k int, x []float32, xp int, y []float32, yp, yj int, c *[4]float32) {
	v0, v1, v2, v3 := y, y[yj:], y[2*yj:], y[3*yj:]
	z0, z1, z2, z3 := float64(c[0]), float64(c[1]), float64(c[2]), float64(c[3])
	for p := range k {
		v, q := float64(x[p*xp]), p*yp
		y0, y1, y2, y3 := v*float64(v0[q]), v*float64(v1[q]), v*float64(v2[q]), v*float64(v3[q])
		s0, s1, s2, s3 := y0+z0, y1+z1, y2+z2, y3+z3
		if mayTie(s0) {
			s0 = toOdd(y0, z0, s0)
		}
		if mayTie(s1) {
			s1 = toOdd(y1, z1, s1)
		}
		if mayTie(s2) {
			s2 = toOdd(y2, z2, s2)
		}
		if mayTie(s3) {
			s3 = toOdd(y3, z3, s3)
		}
		z0, z1, z2, z3 = float64(float32(s0)), float64(float32(s1)), float64(float32(s2)), float64(float32(s3))
	}
	c[0], c[1], c[2], c[3] = float32(z0), float32(z1), float32(z2), float32(z3)
}
