package f32

import "math"

// The functions below are sequences of float32 operations, each rounded, of which [FMA] is
// one, without a table and with branches only where vectors choose lane by lane. The
// vector kernels follow them operation for operation. Bounds are in units in the last
// place, against the true value, and are tested.

// Exp sets dst = eˣ over len(dst).
func Exp(dst, x []float32) {
	x = x[:len(dst)]
	if vectors[active].exp.run(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = Exp1(v)
	}
}

// Tanh sets dst = tanh x over len(dst).
func Tanh(dst, x []float32) {
	x = x[:len(dst)]
	if vectors[active].tanh.run(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = Tanh1(v)
	}
}

// Sigmoid sets dst = 1/(1+e⁻ˣ) over len(dst).
func Sigmoid(dst, x []float32) {
	x = x[:len(dst)]
	if vectors[active].sigmoid.run(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = Sigmoid1(v)
	}
}

// Erf sets dst = erf x over len(dst).
func Erf(dst, x []float32) {
	x = x[:len(dst)]
	if vectors[active].erf.run(dst, x) {
		return
	}
	for i, v := range x {
		dst[i] = Erf1(v)
	}
}

const (
	log2e     = 1.44269504088896341
	ln2Hi     = 0.693359375 // few enough bits that a product with an exponent is exact
	ln2Lo     = -2.12194440e-4
	toInteger = 3 << 22    // added to x, it leaves x rounded to an integer in the low bits
	integers  = 0x4b400000 // the bits of it
)

// reduce splits x = n·ln 2 + r and returns n, as toInteger + n, and r.
func reduce(x float32) (shifted, r float32) {
	shifted = FMA(x, log2e, toInteger)
	n := shifted - toInteger
	return shifted, FMA(-n, ln2Lo, FMA(-n, ln2Hi, x))
}

// expm1Near returns eʳ-1 for a reduced r, by the polynomial of Cephes (Moshier 1992), expf.
func expm1Near(r float32) float32 {
	p := FMA(1.9875691500e-4, r, 1.3981999507e-3)
	p = FMA(p, r, 8.3334519073e-3)
	p = FMA(p, r, 4.1665795894e-2)
	p = FMA(p, r, 1.6666665459e-1)
	p = FMA(p, r, 5.0000001201e-1)
	return FMA(p, float32(r*r), r)
}

// Exp1 returns eˣ, within 1.1 ulp, subnormal results included.
func Exp1(x float32) float32 { return exp(bounded(x, -104, 89)) }

// exp is Exp1 for x between -104 and 89, or NaN. It scales by halves of the exponent, so
// that only the last product rounds.
func exp(x float32) float32 {
	shifted, r := reduce(x)
	y := expm1Near(r) + 1
	n := int32(math.Float32bits(shifted) - integers)
	half := n >> 1
	return y * powerOfTwo(half) * powerOfTwo(n-half)
}

// bounded returns x, but low or high where it is less or greater. A NaN stays.
func bounded(x, low, high float32) float32 {
	if x > high {
		return high
	}
	if x < low {
		return low
	}
	return x
}

// powerOfTwo returns 2ⁿ, n from -126 to 127.
func powerOfTwo(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

// Tanh1 returns tanh x, within 2 ulp. With m = e²ˣ-1 that is m/(m+2), but the rounding of
// that sum weighs less in m/2 - m/2·m/(m+2) and, for larger ones, in 1 - 2/(m+2).
func Tanh1(x float32) float32 {
	a := bounded(abs(x), 0, 10)
	shifted, r := reduce(a + a)
	s := powerOfTwo(int32(math.Float32bits(shifted) - integers))
	m := FMA(expm1Near(r), s, s-1) // e²ˣ-1
	n := m
	if m > 2 {
		n = 2
	}
	half := n * 0.5
	return copySign(FMA(-half, n/(m+2), half), x)
}

// Sigmoid1 returns 1/(1+e⁻ˣ), within 2 ulp.
func Sigmoid1(x float32) float32 {
	y, _ := sigmoid(x)
	return y
}

// sigmoid goes by way of e = e^-|x|, which never overflows, and returns that too. With the
// share w = e/(1+e) of the lesser side it is 1-w for positive x, and for negative ones w,
// but the rounding of 1+e weighs less in e - e·w.
func sigmoid(x float32) (y, e float32) {
	e = exp(bounded(-abs(x), -104, 0))
	side := float32(1)
	if math.Signbit(float64(x)) {
		side = e
	}
	return FMA(-side, e/(1+e), side), e
}

// log1p returns ln(1+x) for x from 0 to 1, by the polynomial of Cephes, logf.
func log1p(x float32) float32 {
	r, ln2 := x, float32(0)
	if x > 0.41421357 { // √2-1
		r, ln2 = (x-1)*0.5, 0.6931472
	}
	p := FMA(7.0376836292e-2, r, -1.1514610310e-1)
	p = FMA(p, r, 1.1676998740e-1)
	p = FMA(p, r, -1.2420140846e-1)
	p = FMA(p, r, 1.4249322787e-1)
	p = FMA(p, r, -1.6668057665e-1)
	p = FMA(p, r, 2.0000714765e-1)
	p = FMA(p, r, -2.4999993993e-1)
	p = FMA(p, r, 3.3333331174e-1)
	z := float32(r * r)
	return FMA(-0.5, z, float32(float32(p*r)*z)) + r + ln2
}

// Erf1 returns the error function of x, within 1.1 ulp, by minimax polynomials: x·P(x²)
// near zero and 1 - e^(-|x|·Q(|x|)) elsewhere (Juffa's coefficients).
func Erf1(x float32) float32 {
	a := abs(x)
	if a > 0.927734375 {
		a = bounded(a, 0, 4) // from here on 1 to the last bit
		r, u := FMA(-1.72853470e-5, a, 3.83197126e-4), FMA(-3.88396438e-3, a, 2.42546219e-2)
		r = FMA(r, float32(a*a), u)
		r = FMA(r, a, -1.06777877e-1)
		r = FMA(r, a, -6.34846687e-1)
		r = FMA(r, a, -1.28717512e-1)
		return copySign(1-exp(FMA(r, a, -a)), x)
	}
	s := float32(x * x)
	p := FMA(-5.96761703e-4, s, 4.99119423e-3)
	p = FMA(p, s, -2.67681349e-2)
	p = FMA(p, s, 1.12819925e-1)
	p = FMA(p, s, -3.76125336e-1)
	p = FMA(p, s, 1.28379166e-1)
	return FMA(p, x, x)
}

const sign = 1 << 31

// abs works on bits: by way of float64 it takes several times longer.
func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ sign) }

// copySign returns y, which is not negative, with the sign of x.
func copySign(y, x float32) float32 {
	return math.Float32frombits(math.Float32bits(y) | math.Float32bits(x)&sign)
}
