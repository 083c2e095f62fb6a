package elementary

import "math"

// Pow returns x^y, within 0.6 ulp.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x != x || y != y:
		return math.NaN()
	case math.IsInf(y, 0):
		return powInf(math.Abs(x), y > 0)
	}
	negative := math.Signbit(x) && isOdd(y)
	var p float64
	switch {
	case x == 0 || math.IsInf(x, 0):
		if (x == 0) == (y < 0) {
			p = math.Inf(1)
		}
	case x < 0 && math.Trunc(y) != y:
		return math.NaN()
	default:
		p = powPositive(math.Abs(x), y)
	}
	if negative {
		return -p
	}
	return p
}

// powInf returns x^±Inf for x ≥ 0.
func powInf(x float64, positive bool) float64 {
	switch {
	case x == 1:
		return 1
	case (x > 1) == positive:
		return math.Inf(1)
	}
	return 0
}

// isOdd reports whether y is an odd whole number.
func isOdd(y float64) bool {
	if math.Abs(y) >= 1<<53 {
		return false
	}
	return math.Trunc(y) == y && int64(y)&1 == 1
}

// powPositive returns e^(y·log x) for finite x > 0, with the logarithm and the product
// to about 2⁻⁶⁵.
func powPositive(x, y float64) float64 {
	hi, lo := logSum(x)
	switch p := float64(y * hi); {
	case p > 710:
		return math.Inf(1)
	case p < -746:
		return 0
	case math.Abs(p) < 0x1p-60:
		return 1
	}
	p, e := twoProd(y, hi)
	return expSum(p, mulAdd(y, lo, e))
}
