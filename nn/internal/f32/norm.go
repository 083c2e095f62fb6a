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

// NormalizeGrad sets dy = (dy - sum - x̂·product)·gain for m rows of n numbers, where x̂ =
// (x-mean)·inv and the product by x̂ is fused; all but dy and x are [n].
func NormalizeGrad(m, n int, dy, x, mean, inv, sum, product, gain []float32) {
	if m == 0 || n == 0 {
		return
	}
	dy, x, mean, inv, sum, product, gain = dy[:m*n], x[:m*n], mean[:n], inv[:n], sum[:n], product[:n], gain[:n]
	if k := vectors[active].normalizeGrad; k != nil {
		k(m, n, &dy[0], &x[0], &mean[0], &inv[0], &sum[0], &product[0], &gain[0])
		return
	}
	for ; len(x) > 0; x, dy = x[n:], dy[n:] {
		for j, v := range x[:n] {
			hat := float32((v - mean[j]) * inv[j])
			dy[j] = FMA(-hat, product[j], dy[j]-sum[j]) * gain[j]
		}
	}
}

// Moments sets, for each of the n columns of x [m, n], mean and the sum of squares around
// it, both in float64 by a chain over the rows.
func Moments(m, n int, x []float32, mean, square []float64) {
	x, mean, square = x[:m*n], mean[:n], square[:n]
	clear(mean)
	clear(square)
	if m == 0 || n == 0 {
		return
	}
	k, done := &vectors[active], halves(n)
	if done > 0 {
		k.columnSums64(m, done, n, &x[0], &mean[0])
	}
	for i := 0; i < len(x); i += n {
		for j := done; j < n; j++ {
			mean[j] += float64(x[i+j])
		}
	}
	for j := range mean {
		mean[j] /= float64(m)
	}
	if done > 0 {
		k.columnSquares64(m, done, n, &x[0], &mean[0], &square[0])
	}
	for i := 0; i < len(x); i += n {
		for j := done; j < n; j++ {
			d := float64(x[i+j]) - mean[j]
			square[j] += float64(d * d)
		}
	}
}

// halves returns how many of n columns the path's kernels take by half vectors.
func halves(n int) int {
	if active == generic {
		return 0
	}
	half := vectors[active].lanes / 2
	return n / half * half
}

// NormalizedSums sets, for each of the n columns of dy and x [m, n], sum = Σ dy and
// product = Σ dy·(x-mean)·inv, both in float64 by a chain over the rows, of terms rounded
// to float32.
func NormalizedSums(m, n int, dy, x, mean, inv []float32, sum, product []float64) {
	dy, x, mean, inv, sum, product = dy[:m*n], x[:m*n], mean[:n], inv[:n], sum[:n], product[:n]
	clear(sum)
	clear(product)
	if m == 0 || n == 0 {
		return
	}
	done := halves(n)
	if done > 0 {
		vectors[active].normalizedSums(m, done, n, &dy[0], &x[0], &mean[0], &inv[0], &sum[0], &product[0])
	}
	for i := 0; i < len(x); i += n {
		for j := done; j < n; j++ {
			sum[j] += float64(dy[i+j])
			product[j] += float64(float32(dy[i+j] * float32((x[i+j]-mean[j])*inv[j])))
		}
	}
}
