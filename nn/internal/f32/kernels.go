package f32

// vectorKernels are the kernels of a path beside the matrix product. The portable path has
// none: each kernel's twin is the loop in the function that calls it, which it follows
// operation for operation.
type vectorKernels struct {
	lanes int // of a vector

	exp, tanh, sigmoid, erf, relu             mapKernel
	add, mul, reluGrad, tanhGrad, sigmoidGrad pairKernel

	scale      func(s float32, x *float32, n int)
	axpy       func(s float32, x, y *float32, n int)
	addRows    func(m, n int, c, bias *float32)
	columnSums func(m, n int, x, out *float32)
	normalize  func(m, n int, dst, x, mean, inv, gamma, beta *float32)

	// Sums down the columns of matrices with c of them, the first n, by half vectors only.
	columnSums64    func(m, n, c int, x *float32, sums *float64)
	columnSquares64 func(m, n, c int, x *float32, mean, squares *float64)
	normalizedSums  func(m, n, c int, dy, x, mean, inv *float32, sums, products *float64)
	normalizeGrad   func(m, n int, dy, x, mean, inv, sum, product, gain *float32)

	addRowsReLU func(m, n int, c, bias *float32)

	sum func(a *float32, blocks int) [16]float32
	dot func(a, b *float32, blocks int) [16]float32

	lstm     func(n, u, ldh int, z, bias, before, c, tanhC, h *float32)
	lstmBack func(n, u int, z, dh, dc, before, tanhC *float32)
	gru      func(n, u int, z, bias, q, stateBias, before, h *float32)
	gruBack  func(n, u int, z, q, dh, before *float32)

	// By the rows of a window less one; and by whole vectors of channels only.
	pool     [2]poolKernel
	unpool   [2]unpoolKernel
	overtake func(best *float32, winner *uint16, x *float32, place, n int)

	adam               func(w, grad, m, v *float32, n int, rates *float32)
	binaryCrossEntropy func(x, t, grad *float32, n int, scale float32) [16]float64
}

type (
	mapKernel    func(dst, x *float32, n int)
	pairKernel   func(dst, a, b *float32, n int)
	poolKernel   func(n, w, c int, x *float32, row int, bias, y *float32, winner *uint8)
	unpoolKernel func(n, w, c int, dx *float32, row int, dy *float32, winner *uint8)
)

// run applies the kernel, and reports whether there is one.
func (k mapKernel) run(dst, x []float32) bool {
	if k == nil {
		return false
	}
	if len(dst) > 0 {
		k(&dst[0], &x[0], len(dst))
	}
	return true
}

func (k pairKernel) run(dst, a, b []float32) bool {
	if k == nil {
		return false
	}
	if len(dst) > 0 {
		k(&dst[0], &a[0], &b[0], len(dst))
	}
	return true
}
