package elementary

import "math"

// Erf returns the error function of x, within 3 ulp.
func Erf(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return x
	case a < 0.5:
		return erfTaylor(x)
	}
	return math.Copysign(1-erfcPositive(a), x)
}

// Erfc returns 1 - erf(x), accurate where erf(x) is near 1, within 5 ulp.
func Erfc(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < -0.5:
		return 2 - erfcPositive(-x)
	case x < 0.5:
		return 1 - erfTaylor(x)
	}
	return erfcPositive(x)
}

// erfTaylor returns 2/√π·Σ (-1)ⁿ·x²ⁿ⁺¹/(n!·(2n+1)) for |x| ≤ 1/2.
func erfTaylor(x float64) float64 {
	const hi, lo = 0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56 // 2/√π
	z := float64(x * x)
	p := mulAdd(z, 1.0/(479001600*25), -1.0/(39916800*23))
	p = mulAdd(z, p, 1.0/(3628800*21))
	p = mulAdd(z, p, -1.0/(362880*19))
	p = mulAdd(z, p, 1.0/(40320*17))
	p = mulAdd(z, p, -1.0/(5040*15))
	p = mulAdd(z, p, 1.0/(720*13))
	p = mulAdd(z, p, -1.0/(120*11))
	p = mulAdd(z, p, 1.0/(24*9))
	p = mulAdd(z, p, -1.0/(6*7))
	p = mulAdd(z, p, 1.0/(2*5))
	p = mulAdd(z, p, -1.0/3)
	p = mulAdd(float64(z*p), hi, lo)
	return mulAdd(x, p, float64(x*hi))
}

// erfcPositive returns erfc(x) for x ≥ 0.
func erfcPositive(x float64) float64 {
	if x > 27.5 {
		return 0
	}
	h, l := twoProd(x, x)
	return float64(expSum(-h, -l) * erfcScaled(x))
}

// erfcScaled returns e^(x²)·erfc(x) for x ≥ 0: a Chebyshev sum in (x-3.75)/(x+3.75) over
// 1 + 2x (Shepherd & Laframboise 1981, Math. Comp. 36:249; the coefficients computed
// anew with 90 digits).
func erfcScaled(x float64) float64 {
	t := (x - 3.75) / (x + 3.75)
	t2 := float64(2 * t)
	var b, b1, b2 float64 // Clenshaw's recurrence
	for i := len(erfcChebyshev) - 1; i > 0; i-- {
		b = float64(t2*b1) - b2 + erfcChebyshev[i]
		b1, b2 = b, b1
	}
	sum := float64(t*b1) - b2 + erfcChebyshev[0]
	return sum / mulAdd(2, x, 1)
}

// erfcChebyshev are the coefficients of erfcScaled; those left out are below 2⁻⁵⁸.
var erfcChebyshev = [...]float64{
	1.1775789345674017541,
	-0.0045900545806464773309,
	-0.084249133366517915584,
	0.059209939998191890498,
	-0.026658668435305752277,
	0.0090749976707052650939,
	-0.0024131635404176081909,
	0.00049077583652580863229,
	-0.000069169733025012063671,
	4.1390279860730101675e-6,
	7.7403830661984906686e-7,
	-2.1886401049234395661e-7,
	1.0764999465670910377e-8,
	4.5219598112182868979e-9,
	-7.7544002088313511065e-10,
	-6.3180883408866844944e-11,
	2.8687950109306698981e-11,
	1.945586854577734723e-13,
	-9.6546967484334389059e-13,
	3.2525481481487398415e-14,
	3.3478119482868053878e-14,
	-1.8645628804193131015e-15,
	-1.2507950530688647085e-15,
	7.418235256624043463e-17,
	5.0681489047961113168e-17,
	-2.2370566594359995974e-18,
}
