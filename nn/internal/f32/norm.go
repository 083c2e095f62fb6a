package f32

// Normalize sets dst = (x-mean)·inv·gamma + beta for m rows of n numbers, the last two
// steps fused; mean, inv, gamma and beta are [n].
func Normalize(m, n int, dst, x, mean, inv, gamma, beta []float32) {
	if m == 0 || n == 0 {
		return
	}
	dst, x, mean, inv, gamma, beta = dst[:m*n], x[:m*n], mean[:n], inv[:n], gamma[:n], beta[:n]
	if k := vectors[active].normalize; k != nil {
		k(m, n, &dst[0], &x[0], &mean[0], &inv[0], &gamma[0], &beta[0])
		return
	}
	for ; len(x) > 0; x, dst = x[n:], dst[n:] {
		for j, v := range x[:n] {
			dst[j] = FMA(float32((v-mean[j])*inv[j]), gamma[j], beta[j])
		}
	}
}

// Moments sets, for each of the n columns of x [m, n], mean and the sum of squares around
// it, both in float64 by a chain over the rows.
func Moments(m, n int, x []float32, mean, square []float64) {
	mean, square = mean[:n], square[:n]
	clear(mean)
	clear(square)
	for i := range m {
		for j, v := range x[i*n:][:n] {
			mean[j] += float64(v)
		}
	}
	for j := range mean {
		mean[j] /= float64(m)
	}
	for i := range m {
		for j, v := range x[i*n:][:n] {
			d := float64(v) - mean[j]
			square[j] += float64(d * d)
		}
	}
}

// NormalizedSums sets, for each of the n columns of dy and x [m, n], sum = Σ dy and
// product = Σ dy·(x-mean)·inv, both in float64 by a chain over the rows, of terms rounded
// to float32.
func NormalizedSums(m, n int, dy, x, mean, inv []float32, sum, product []float64) {
	mean, inv, sum, product = mean[:n], inv[:n], sum[:n], product[:n]
	clear(sum)
	clear(product)
	for i := range m {
		g := dy[i*n:][:n]
		for j, v := range x[i*n:][:n] {
			sum[j] += float64(g[j])
			product[j] += float64(float32(g[j] * float32((v-mean[j])*inv[j])))
		}
	}
}
