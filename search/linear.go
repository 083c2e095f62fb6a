package search

import "math"

// The dense linear algebra that decides proposals: small, and in one fixed order of
// operations on every processor, which that of gonum isn't (its assembly sums in another
// order than its portable loops). Matrices are square, by rows, in one slice.

// dot returns the sum of the products, by four chains that are added at the end.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += float64(a[i] * b[i])
		s1 += float64(a[i+1] * b[i+1])
		s2 += float64(a[i+2] * b[i+2])
		s3 += float64(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += float64(a[i] * b[i])
	}
	return (s0 + s1) + (s2 + s3)
}

// addScaled adds c·x to y.
func addScaled(y []float64, c float64, x []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += float64(c * v)
	}
}

// cholesky replaces the lower triangle of a symmetric n × n matrix by L with L·Lᵀ = a. It
// reports whether the matrix is positive definite.
func cholesky(a []float64, n int) bool {
	for i := range n {
		row := a[i*n : i*n+i+1]
		for j := range i {
			row[j] = (row[j] - dot(row[:j], a[j*n:j*n+j])) / a[j*n+j]
		}
		pivot := row[i] - dot(row[:i], row[:i])
		if !(pivot > 0) || math.IsInf(pivot, 0) {
			return false
		}
		row[i] = math.Sqrt(pivot)
	}
	return true
}

// solveLower replaces b by L⁻¹·b.
func solveLower(l []float64, n int, b []float64) {
	for i := range n {
		b[i] = (b[i] - dot(l[i*n:i*n+i], b[:i])) / l[i*n+i]
	}
}

// solveUpper replaces b by L⁻ᵀ·b.
func solveUpper(l []float64, n int, b []float64) {
	for i := n - 1; i >= 0; i-- {
		b[i] /= l[i*n+i]
		addScaled(b[:i], -b[i], l[i*n:i*n+i])
	}
}

// inverse returns (L·Lᵀ)⁻¹, both triangles.
func inverse(l []float64, n int) []float64 {
	// rows of u are the columns of L⁻¹: u[j][i] for i ≥ j.
	u := make([]float64, n*n)
	for j := range n {
		row := u[j*n : j*n+n]
		row[j] = 1 / l[j*n+j]
		for i := j + 1; i < n; i++ {
			row[i] = -dot(l[i*n+j:i*n+i], row[j:i]) / l[i*n+i]
		}
	}
	inv := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			v := dot(u[i*n+i:i*n+n], u[j*n+i:j*n+n])
			inv[i*n+j], inv[j*n+i] = v, v
		}
	}
	return inv
}

// eigen returns the eigenvalues of a symmetric n × n matrix and its eigenvectors, as the
// columns of v, by Jacobi's rotations in cyclic order (Golub and Van Loan, Matrix
// Computations, 2013, section 8.5). It destroys a.
func eigen(a []float64, n int) (values, v []float64) {
	v = make([]float64, n*n)
	for i := range n {
		v[i*n+i] = 1
	}
	for range 60 { // sweeps; a dozen are enough for any matrix of doubles
		off, diagonal := 0.0, 0.0
		for i := range n {
			diagonal += float64(a[i*n+i] * a[i*n+i])
			for j := range i {
				off += float64(a[i*n+j] * a[i*n+j])
			}
		}
		if off <= 1e-30*diagonal || off == 0 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(a, v, n, p, q)
			}
		}
	}
	values = make([]float64, n)
	for i := range values {
		values[i] = a[i*n+i]
	}
	return values, v
}

// rotate makes the element (p, q) of a symmetric matrix zero.
func rotate(a, v []float64, n, p, q int) {
	apq := a[p*n+q]
	if apq == 0 {
		return
	}
	theta := (a[q*n+q] - a[p*n+p]) / (2 * apq)
	t := 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := float64(t * c)
	for k := range n {
		x, y := a[k*n+p], a[k*n+q]
		a[k*n+p], a[k*n+q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range n {
		x, y := a[p*n+k], a[q*n+k]
		a[p*n+k], a[q*n+k] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	a[p*n+q], a[q*n+p] = 0, 0
	for k := range n {
		x, y := v[k*n+p], v[k*n+q]
		v[k*n+p], v[k*n+q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
}
