package f32

import "math"

// AddRows adds bias [n] to each of the m rows of c [m, n].
func AddRows(m, n int, c, bias []float32) {
	bias = bias[:n]
	for i := range m {
		row := c[i*n:][:n]
		for j, b := range bias {
			row[j] += b
		}
	}
}

// ColumnSums adds to out [n] the sums over the m rows of x [m, n], a chain over ascending
// rows for each column that begins from out.
func ColumnSums(m, n int, x, out []float32) {
	out = out[:n]
	for i := range m {
		row := x[i*n:][:n]
		for j, v := range row {
			out[j] += v
		}
	}
}

// Add sets dst = a + b, elementwise over len(dst).
func Add(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// Mul sets dst = a * b, elementwise over len(dst).
func Mul(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

// Scale multiplies each element of x by s.
func Scale(s float32, x []float32) {
	for i := range x {
		x[i] *= s
	}
}

// Axpy sets y = s·x + y over len(y), rounding the product before the sum.
func Axpy(s float32, x, y []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] = float32(s*x[i]) + y[i]
	}
}

// Fill sets each element of x to v.
func Fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// Transpose sets dst [n, m] to the transpose of src [m, n].
func Transpose(m, n int, src, dst []float32) {
	for i := range m {
		for j, v := range src[i*n:][:n] {
			dst[j*m+i] = v
		}
	}
}

// ReLU sets dst = max(x, 0) over len(dst). A NaN stays.
func ReLU(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] = max(v, 0)
	}
}

// ReLUGrad sets dst = dy where y > 0 and 0 elsewhere, over len(dst). It chooses among
// integers, which takes no branch.
func ReLUGrad(dst, dy, y []float32) {
	dy, y = dy[:len(dst)], y[:len(dst)]
	for i, v := range y {
		g := math.Float32bits(dy[i])
		if !(v > 0) {
			g = 0
		}
		dst[i] = math.Float32frombits(g)
	}
}

// Overtake puts each number of x that is greater than best's, or NaN, into best, and place
// into winner beside it, over len(x).
func Overtake(best []float32, winner []uint16, x []float32, place uint16) {
	best, winner = best[:len(x)], winner[:len(x)]
	for i, v := range x {
		b, w, c := math.Float32bits(best[i]), winner[i], math.Float32bits(v)
		over := v > best[i]
		if over {
			b = c
		}
		if over {
			w = place
		}
		if v != v {
			b, w = c, place
		}
		best[i], winner[i] = math.Float32frombits(b), w
	}
}
