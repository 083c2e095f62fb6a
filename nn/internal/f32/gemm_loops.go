package f32

// The portable loops. A sum lives in a float64 that holds a float32, and each step has the
// body of [FMA] written out. In the names, 1x4 is one row of A by four of B, or by four of
// B's columns: enough chains beside each other to hide the time that one takes.

// narrow is the number of columns of C below which sweeping along its rows doesn't pay.
const narrow = 8

// loops computes C (+)= A·B; element (p, j) of B is b[p*bp+j*bj], and bj is 1 or bp is.
func loops(m Axis, n int, k Axis, a, b []float32, bp, bj int, c []float32, ldc int, accumulate bool) {
	for i := range m.size() {
		row := c[i*ldc:][:n]
		if !accumulate {
			clear(row)
		}
		from := i/m.Inner*m.OuterStride + i%m.Inner*m.Stride
		for s := range k.Outer {
			a, b := a[from+s*k.OuterStride:], b[s*k.Inner*bp:]
			if bj != 1 || n < narrow {
				dots(k.Inner, a, k.Stride, b, bp, bj, row)
			} else {
				sweep(k.Inner, a, k.Stride, b, bp, row)
			}
		}
	}
}

// sweep goes on with the chains of a row of C along the rows of B, four at a time.
func sweep(k int, a []float32, as int, b []float32, ldb int, c []float32) {
	p := 0
	for ; p+4 <= k; p += 4 {
		x := p * as
		sweep1x4(a[x], a[x+as], a[x+2*as], a[x+3*as], b[p*ldb:], ldb, c)
	}
	for ; p < k; p++ {
		x, row := float64(a[p*as]), b[p*ldb:][:len(c)]
		for j, v := range row {
			y, z := x*float64(v), float64(c[j])
			s := y + z
			if mayTie(s) {
				s = toOdd(y, z, s)
			}
			c[j] = float32(s)
		}
	}
}

func sweep1x4(x0, x1, x2, x3 float32, b []float32, ldb int, c []float32) {
	n := len(c)
	b0, b1, b2, b3 := b[:n], b[ldb:][:n], b[2*ldb:][:n], b[3*ldb:][:n]
	f0, f1, f2, f3 := float64(x0), float64(x1), float64(x2), float64(x3)
	for j, v := range c {
		y, z := f0*float64(b0[j]), float64(v)
		s := y + z
		if mayTie(s) {
			s = toOdd(y, z, s)
		}
		y, z = f1*float64(b1[j]), float64(float32(s))
		s = y + z
		if mayTie(s) {
			s = toOdd(y, z, s)
		}
		y, z = f2*float64(b2[j]), float64(float32(s))
		s = y + z
		if mayTie(s) {
			s = toOdd(y, z, s)
		}
		y, z = f3*float64(b3[j]), float64(float32(s))
		s = y + z
		if mayTie(s) {
			s = toOdd(y, z, s)
		}
		c[j] = float32(s)
	}
}

// dots goes on with the chains of a row of C by the columns of B, four at a time.
func dots(k int, a []float32, as int, b []float32, bp, bj int, c []float32) {
	j := 0
	for ; j+4 <= len(c); j += 4 {
		dot1x4(k, a, as, b[j*bj:], bp, bj, (*[4]float32)(c[j:]))
	}
	for ; j < len(c); j++ {
		z, b := float64(c[j]), b[j*bj:]
		for p := range k {
			y := float64(a[p*as]) * float64(b[p*bp])
			s := y + z
			if mayTie(s) {
				s = toOdd(y, z, s)
			}
			z = float64(float32(s))
		}
		c[j] = float32(z)
	}
}

func dot1x4(k int, a []float32, as int, b []float32, bp, bj int, c *[4]float32) {
	b0, b1, b2, b3 := b, b[bj:], b[2*bj:], b[3*bj:]
	z0, z1, z2, z3 := float64(c[0]), float64(c[1]), float64(c[2]), float64(c[3])
	for p := range k {
		x, q := float64(a[p*as]), p*bp
		y0, y1, y2, y3 := x*float64(b0[q]), x*float64(b1[q]), x*float64(b2[q]), x*float64(b3[q])
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
