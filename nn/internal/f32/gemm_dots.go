package f32

// dots adds A·Bᵀ to C by rows of A and rows of B, B stored [n, k]: two by four at a time,
// whose eight chains run beside each other.
func dots(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int) {
	j := 0
	for ; j+4 <= n; j += 4 {
		i, b := 0, b[j*ldb:]
		for ; i+2 <= m; i += 2 {
			to0, to1 := (*[4]float32)(c[i*ldc+j:]), (*[4]float32)(c[(i+1)*ldc+j:])
			dot2x4(k, a[i*lda:], lda, b, ldb, to0, to1)
		}
		if i < m {
			dot1x4(a[i*lda:][:k], b, ldb, (*[4]float32)(c[i*ldc+j:]))
		}
	}
	for ; j < n; j++ {
		dotColumn(m, b[j*ldb:][:k], a, lda, c[j:], ldc)
	}
}

// dotColumn goes on with the chains of one column of C: of b and each row of A.
func dotColumn(m int, b []float32, a []float32, lda int, c []float32, ldc int) {
	i := 0
	for ; i+4 <= m; i += 4 {
		s := [4]float32{c[i*ldc], c[(i+1)*ldc], c[(i+2)*ldc], c[(i+3)*ldc]}
		dot1x4(b, a[i*lda:], lda, &s)
		c[i*ldc], c[(i+1)*ldc], c[(i+2)*ldc], c[(i+3)*ldc] = s[0], s[1], s[2], s[3]
	}
	for ; i < m; i++ {
		s, row := c[i*ldc], a[i*lda:][:len(b)]
		for p, v := range b {
			s += float32(v * row[p])
		}
		c[i*ldc] = s
	}
}

// dot2x4 goes on with the chains of two rows of A with four rows of B.
func dot2x4(k int, a []float32, lda int, b []float32, ldb int, to0, to1 *[4]float32) {
	a0, a1 := a[:k], a[lda:][:k]
	b0, b1, b2, b3 := b[:k], b[ldb:][:k], b[2*ldb:][:k], b[3*ldb:][:k]
	s0, s1, s2, s3 := to0[0], to0[1], to0[2], to0[3]
	t0, t1, t2, t3 := to1[0], to1[1], to1[2], to1[3]
	for p, x := range a0 {
		y := a1[p]
		v := b0[p]
		s0 += float32(x * v)
		t0 += float32(y * v)
		v = b1[p]
		s1 += float32(x * v)
		t1 += float32(y * v)
		v = b2[p]
		s2 += float32(x * v)
		t2 += float32(y * v)
		v = b3[p]
		s3 += float32(x * v)
		t3 += float32(y * v)
	}
	*to0, *to1 = [4]float32{s0, s1, s2, s3}, [4]float32{t0, t1, t2, t3}
}

// dot1x4 goes on with the chains of one row of A with four rows of B.
func dot1x4(a, b []float32, ldb int, to *[4]float32) {
	k := len(a)
	b0, b1, b2, b3 := b[:k], b[ldb:][:k], b[2*ldb:][:k], b[3*ldb:][:k]
	s0, s1, s2, s3 := to[0], to[1], to[2], to[3]
	for p, x := range a {
		s0 += float32(x * b0[p])
		s1 += float32(x * b1[p])
		s2 += float32(x * b2[p])
		s3 += float32(x * b3[p])
	}
	*to = [4]float32{s0, s1, s2, s3}
}

// dotsOfColumns adds A·B to C, of few columns, by the columns of B.
func dotsOfColumns(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int) {
	const deep = 64
	var columns [narrow * deep]float32
	for p := 0; p < k; p += deep {
		d := min(k-p, deep)
		for q := range d {
			for j, v := range b[(p+q)*ldb:][:n] {
				columns[j*d+q] = v
			}
		}
		dots(m, n, d, a[p:], lda, columns[:], d, c, ldc)
	}
}
