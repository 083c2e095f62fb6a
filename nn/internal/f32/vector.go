package f32

import "math"

// AddRows adds bias [n] to each of the m rows of c [m, n].
func AddRows(m, n int, c, bias []float32) {
	if m == 0 || n == 0 {
		return
	}
	c, bias = c[:m*n], bias[:n]
	if k := vectors[active].addRows; k != nil {
		k(m, n, &c[0], &bias[0])
		return
	}
	for ; len(c) > 0; c = c[n:] {
		for j, b := range bias {
			c[j] += b
		}
	}
}

// AddRowsReLU is [AddRows], and then [ReLU] in place.
func AddRowsReLU(m, n int, c, bias []float32) {
	if m == 0 || n == 0 {
		return
	}
	c, bias = c[:m*n], bias[:n]
	if k := vectors[active].addRowsReLU; k != nil {
		k(m, n, &c[0], &bias[0])
		return
	}
	for ; len(c) > 0; c = c[n:] {
		for j, b := range bias {
			c[j] = relu(c[j] + b)
		}
	}
}

// ColumnSums adds to out [n] the sums over the m rows of x [m, n], a chain over ascending
// rows for each column that begins from out.
func ColumnSums(m, n int, x, out []float32) {
	if m == 0 || n == 0 {
		return
	}
	x, out = x[:m*n], out[:n]
	if k := vectors[active].columnSums; k != nil {
		k(m, n, &x[0], &out[0])
		return
	}
	for ; len(x) > 0; x = x[n:] {
		for j, v := range x[:n] {
			out[j] += v
		}
	}
}

// Add sets dst = a + b, elementwise over len(dst).
func Add(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	if vectors[active].add.run(dst, a, b) {
		return
	}
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// Mul sets dst = a * b, elementwise over len(dst).
func Mul(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	if vectors[active].mul.run(dst, a, b) {
		return
	}
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

// Scale multiplies each element of x by s.
func Scale(s float32, x []float32) {
	if k := vectors[active].scale; k != nil && len(x) > 0 {
		k(s, &x[0], len(x))
		return
	}
	for i := range x {
		x[i] *= s
	}
}

// Axpy sets y = s·x + y over len(y), by fused multiply-adds.
func Axpy(s float32, x, y []float32) {
	x = x[:len(y)]
	if k := vectors[active].axpy; k != nil && len(y) > 0 {
		k(s, &x[0], &y[0], len(y))
		return
	}
	for i := range y {
		y[i] = FMA(s, x[i], y[i])
	}
}

// Fill sets each element of x to v.
func Fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// Transpose sets dst [n, m] to the transpose of src [m, n].
func Transpose(m, n int, src, dst []float32) { transpose(m, n, src, n, dst, m) }

// ReLU sets dst to 0 where x is below 0, and to x elsewhere, over len(dst). A NaN stays.
func ReLU(dst, x []float32) {
	x = x[:len(dst)]
	if vectors[active].relu.run(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = relu(v)
	}
}

// relu chooses among integers, which takes no branch.
func relu(x float32) float32 {
	b := math.Float32bits(x)
	if x < 0 {
		b = 0
	}
	return math.Float32frombits(b)
}

// ReLUGrad sets dst = dy where y > 0 and 0 elsewhere, over len(dst).
func ReLUGrad(dst, dy, y []float32) {
	dy, y = dy[:len(dst)], y[:len(dst)]
	if vectors[active].reluGrad.run(dst, dy, y) {
		return
	}
	for i, v := range y {
		g := math.Float32bits(dy[i])
		if !(v > 0) {
			g = 0
		}
		dst[i] = math.Float32frombits(g)
	}
}

// TanhGrad sets dst = dy·(1-y²), over len(dst).
func TanhGrad(dst, dy, y []float32) {
	dy, y = dy[:len(dst)], y[:len(dst)]
	if vectors[active].tanhGrad.run(dst, dy, y) {
		return
	}
	for i, v := range y {
		dst[i] = dy[i] * FMA(-v, v, 1)
	}
}

// SigmoidGrad sets dst = dy·(y-y²), over len(dst).
func SigmoidGrad(dst, dy, y []float32) {
	dy, y = dy[:len(dst)], y[:len(dst)]
	if vectors[active].sigmoidGrad.run(dst, dy, y) {
		return
	}
	for i, v := range y {
		dst[i] = dy[i] * FMA(-v, v, v)
	}
}

// BinaryCrossEntropy returns the sum of max(x, 0) - x·t + ln(1+e^-|x|) over the logits x
// and targets t, and unless g is nil sets g = scale·(σ(x) - t). The sum is of float64, by
// the tree of [Sum].
func BinaryCrossEntropy(x, t, g []float32, scale float32) float64 {
	t = t[:len(x)]
	var first *float32
	if g != nil && len(x) > 0 {
		g = g[:len(x)]
		first = &g[0]
	}
	var lane [16]float64
	if k := vectors[active].binaryCrossEntropy; k != nil && len(x) > 0 {
		lane = k(&x[0], &t[0], first, len(x), scale)
		return fold(&lane)
	}
	for i, v := range x {
		y, e := sigmoid(v)
		if g != nil {
			g[i] = (y - t[i]) * scale
		}
		lane[i%16] += float64(FMA(-v, t[i], relu(v)) + log1p(e))
	}
	return fold(&lane)
}
