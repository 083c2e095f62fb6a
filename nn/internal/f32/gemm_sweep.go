package f32

const (
	narrow = 8   // fewer columns than this aren't worth sweeping along
	blockK = 64  // rows of B, and
	blockN = 512 // columns of it, that stay in the cache while the rows of A pass
)

// sweep adds A·B to C along the rows of B and C: two rows of C at a time, four rows of B,
// so that a loaded number serves several sums. Element (i, p) of A is a[i*ai+p*ap].
func sweep(m, n, k int, a []float32, ai, ap int, b []float32, ldb int, c []float32, ldc int) {
	for j := 0; j < n; j += blockN {
		for p := 0; p < k; p += blockK {
			sweepBlock(m, min(n-j, blockN), min(k-p, blockK), a[p*ap:], ai, ap, b[p*ldb+j:], ldb, c[j:], ldc)
		}
	}
}

func sweepBlock(m, n, k int, a []float32, ai, ap int, b []float32, ldb int, c []float32, ldc int) {
	i := 0
	for ; i+2 <= m; i += 2 {
		p, c := 0, c[i*ldc:]
		for ; p+4 <= k; p += 4 {
			x, y := i*ai+p*ap, (i+1)*ai+p*ap
			sweep2x4(n, b[p*ldb:], ldb, c, ldc,
				a[x], a[x+ap], a[x+2*ap], a[x+3*ap], a[y], a[y+ap], a[y+2*ap], a[y+3*ap])
		}
		x, y := i*ai+p*ap, (i+1)*ai+p*ap
		if p+2 <= k {
			sweep2x2(b[p*ldb:][:n], b[(p+1)*ldb:], c, c[ldc:], a[x], a[x+ap], a[y], a[y+ap])
			p, x, y = p+2, x+2*ap, y+2*ap
		}
		if p < k {
			sweep2x1(b[p*ldb:][:n], c, c[ldc:], a[x], a[y])
		}
	}
	if i == m {
		return
	}
	p, last := 0, c[i*ldc:][:n]
	for ; p+4 <= k; p += 4 {
		x := i*ai + p*ap
		sweep1x4(b[p*ldb:], ldb, last, a[x], a[x+ap], a[x+2*ap], a[x+3*ap])
	}
	for ; p < k; p++ {
		Axpy(a[i*ai+p*ap], b[p*ldb:], last)
	}
}

// sweep2x4 goes on with the chains of two rows of C by four rows of B. x0 to x3 are the
// first row's numbers of A, y0 to y3 the second's.
func sweep2x4(n int, b []float32, ldb int, c []float32, ldc int, x0, x1, x2, x3, y0, y1, y2, y3 float32) {
	b0, b1, b2, b3 := b[:n], b[ldb:][:n], b[2*ldb:][:n], b[3*ldb:][:n]
	c0, c1 := c[:n], c[ldc:][:n]
	for j, v := range b0 {
		s, t := c0[j], c1[j]
		s += float32(x0 * v)
		t += float32(y0 * v)
		v = b1[j]
		s += float32(x1 * v)
		t += float32(y1 * v)
		v = b2[j]
		s += float32(x2 * v)
		t += float32(y2 * v)
		v = b3[j]
		s += float32(x3 * v)
		t += float32(y3 * v)
		c0[j], c1[j] = s, t
	}
}

// sweep1x4 goes on with the chains of one row of C by four rows of B.
func sweep1x4(b []float32, ldb int, c []float32, x0, x1, x2, x3 float32) {
	n := len(c)
	b0, b1, b2, b3 := b[:n], b[ldb:][:n], b[2*ldb:][:n], b[3*ldb:][:n]
	for j, s := range c {
		s += float32(x0 * b0[j])
		s += float32(x1 * b1[j])
		s += float32(x2 * b2[j])
		s += float32(x3 * b3[j])
		c[j] = s
	}
}

// sweep2x2 goes on with the chains of two rows of C by two rows of B.
func sweep2x2(b0, b1, c0, c1 []float32, x0, x1, y0, y1 float32) {
	b1, c0, c1 = b1[:len(b0)], c0[:len(b0)], c1[:len(b0)]
	for j, v := range b0 {
		w := b1[j]
		s := c0[j] + float32(x0*v)
		t := c1[j] + float32(y0*v)
		c0[j] = s + float32(x1*w)
		c1[j] = t + float32(y1*w)
	}
}

// sweep2x1 goes on with the chains of two rows of C by one row of B.
func sweep2x1(b, c0, c1 []float32, x, y float32) {
	c0, c1 = c0[:len(b)], c1[:len(b)]
	for j, v := range b {
		c0[j] += float32(x * v)
		c1[j] += float32(y * v)
	}
}

// sweepColumns adds Aᵀ·B to C, of few columns, along the rows of A: it sweeps over the
// transpose of C. A is stored [k, m].
func sweepColumns(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int) {
	const wide = 64
	var transposed [narrow * wide]float32
	for i := 0; i < m; i += wide {
		w := min(m-i, wide)
		t, block := transposed[:n*w], c[i*ldc:]
		for r := range w {
			for j, v := range block[r*ldc:][:n] {
				t[j*w+r] = v
			}
		}
		sweep(n, w, k, b, 1, ldb, a[i:], lda, t, w)
		for r := range w {
			to := block[r*ldc:][:n]
			for j := range to {
				to[j] = t[j*w+r]
			}
		}
	}
}
