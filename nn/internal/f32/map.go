package f32

import "math"

// The functions below are written in float32 operations, each rounded, that have vector
// twins with the same bits: no table, no library call, and branches only where both sides
// could be computed and one chosen. Bounds are in units in the last place, against the
// true value, and are tested.

// Exp sets dst = eˣ over len(dst).
func Exp(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Exp1(v)
	}
}

// Tanh sets dst = tanh x over len(dst).
func Tanh(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Tanh1(v)
	}
}

// Sigmoid sets dst = 1/(1+e⁻ˣ) over len(dst).
func Sigmoid(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Sigmoid1(v)
	}
}

// Erf sets dst = erf x over len(dst).
func Erf(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Erf1(v)
	}
}

const (
	log2e  = 1.44269504088896341
	ln2Hi  = 0.693359375 // few enough bits that a product with an exponent is exact
	ln2Lo  = -2.12194440e-4
	toEven = 3 << 22 // added and taken off, it rounds to an integer
)

// Exp1 returns eˣ, within 1.1 ulp, subnormal results included. The reduction to
// x = n·ln 2 + r and the polynomial are those of Cephes (Moshier 1992), expf.
func Exp1(x float32) float32 {
	if !(x < 88.72284) { // from here on infinite; NaN too
		return x * float32(math.Inf(1))
	}
	if x < -103.98 {
		return 0
	}
	n := float32(x*log2e) + toEven - toEven
	r := x - float32(n*ln2Hi) - float32(n*ln2Lo)
	p := float32(1.9875691500e-4)
	p = float32(p*r) + 1.3981999507e-3
	p = float32(p*r) + 8.3334519073e-3
	p = float32(p*r) + 4.1665795894e-2
	p = float32(p*r) + 1.6666665459e-1
	p = float32(p*r) + 5.0000001201e-1
	y := float32(p*float32(r*r)) + r + 1
	half := int32(n) >> 1
	return y * powerOfTwo(half) * powerOfTwo(int32(n)-half)
}

// powerOfTwo returns 2ⁿ, n from -126 to 127.
func powerOfTwo(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

// Log1 returns ln x, within 1.0 ulp; NaN below zero. The polynomial on [√½, √2) is that of
// Cephes, logf.
func Log1(x float32) float32 {
	switch {
	case x < 0 || x != x:
		return float32(math.NaN())
	case x == 0:
		return float32(math.Inf(-1))
	case x > math.MaxFloat32:
		return x
	}
	e := int32(0)
	if x < 0x1p-126 {
		x, e = x*0x1p23, -23
	}
	const rootHalf = 0x3f3504f3
	bits := math.Float32bits(x) - rootHalf
	e += int32(bits) >> 23
	r := math.Float32frombits(bits&0x7fffff+rootHalf) - 1
	z := float32(r * r)
	p := float32(7.0376836292e-2)
	p = float32(p*r) - 1.1514610310e-1
	p = float32(p*r) + 1.1676998740e-1
	p = float32(p*r) - 1.2420140846e-1
	p = float32(p*r) + 1.4249322787e-1
	p = float32(p*r) - 1.6668057665e-1
	p = float32(p*r) + 2.0000714765e-1
	p = float32(p*r) - 2.4999993993e-1
	p = float32(p*r) + 3.3333331174e-1
	n := float32(e)
	y := float32(float32(p*r)*z) + float32(n*ln2Lo)
	y -= float32(0.5 * z)
	return r + y + float32(n*ln2Hi)
}

// Log1p1 returns ln(1+x), within 2.5 ulp, small x included. The rounding error of 1+x is
// divided out again (Goldberg 1991, theorem 4).
func Log1p1(x float32) float32 {
	u := 1 + x
	switch {
	case u == 1:
		return x
	case u > 0x1p24:
		return Log1(u)
	}
	return Log1(u) * (x / (u - 1))
}

// Tanh1 returns tanh x, within 2 ulp: near zero the polynomial of Cephes, tanhf, and
// elsewhere 1 - 2/(e²ˣ+1).
func Tanh1(x float32) float32 {
	a := abs(x)
	y := 1 - 2/(Exp1(2*a)+1)
	if a < 0.625 {
		z := float32(a * a)
		p := float32(-5.70498872745e-3)
		p = float32(p*z) + 2.06390887954e-2
		p = float32(p*z) - 5.37397155531e-2
		p = float32(p*z) + 1.33314422036e-1
		p = float32(p*z) - 3.33332819422e-1
		y = float32(float32(p*z)*a) + a
	}
	return copySign(y, x)
}

// Sigmoid1 returns 1/(1+e⁻ˣ), within 2.5 ulp, by way of e^-|x|, which never overflows. The
// numerator is chosen among integers, which takes no branch.
func Sigmoid1(x float32) float32 {
	e := Exp1(-abs(x))
	numerator := uint32(0x3f800000) // 1
	if x < 0 {
		numerator = math.Float32bits(e)
	}
	return math.Float32frombits(numerator) / (1 + e)
}

// Erf1 returns the error function of x, within 2.5 ulp, by minimax polynomials: x·P(x²)
// near zero and 1 - e^(-|x|·Q(|x|)) elsewhere (Juffa's coefficients).
func Erf1(x float32) float32 {
	a := abs(x)
	s := float32(x * x)
	if a > 0.927734375 {
		if a > 4 { // 1 to the last bit
			return copySign(1, x)
		}
		r := float32(-1.72853470e-5*a) + 3.83197126e-4
		u := float32(-3.88396438e-3*a) + 2.42546219e-2
		r = float32(r*s) + u
		r = float32(r*a) - 1.06777877e-1
		r = float32(r*a) - 6.34846687e-1
		r = float32(r*a) - 1.28717512e-1
		r = float32(r*a) - a
		return copySign(1-Exp1(r), x)
	}
	p := float32(-5.96761703e-4)
	p = float32(p*s) + 4.99119423e-3
	p = float32(p*s) - 2.67681349e-2
	p = float32(p*s) + 1.12819925e-1
	p = float32(p*s) - 3.76125336e-1
	p = float32(p*s) + 1.28379166e-1
	return float32(p*x) + x
}

const sign = 1 << 31

// abs works on bits: by way of float64 it takes several times longer.
func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ sign) }

// copySign returns y, which is not negative, with the sign of x.
func copySign(y, x float32) float32 {
	return math.Float32frombits(math.Float32bits(y) | math.Float32bits(x)&sign)
}
