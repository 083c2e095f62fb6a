package elementary

import "math"

// ln2/32 in two parts; the first has 36 bits, so that its product with a whole number
// below 2¹⁷ is exact.
const (
	ln2By32Hi  = 0x1.62e42fefa0000p-6
	ln2By32Lo  = 0x1.cf79abc9e3b3ap-45
	ln2By32Inv = 0x1.71547652b82fep+5
)

// Exp returns e^x, within 0.55 ulp.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 710:
		return math.Inf(1)
	case x < -746:
		return 0
	}
	return expSum(x, 0)
}

// expSum returns e^(hi+lo) for hi in [-746, 710] and |lo| ≤ 2⁻⁴⁰. With hi + lo =
// (32m + j)·ln2/32 + r it is 2^m · 2^(j/32) · e^r: the second factor is tabulated, the
// third a short Taylor sum as |r| ≤ ln2/64 (P. T. P. Tang 1989, ACM TOMS 15:144).
func expSum(hi, lo float64) float64 {
	n, r := reduceExp(hi)
	p := expm1Taylor(r + lo)
	t := &exp2Table[n&31]
	return scale(t[0]+mulAdd(t[0], p, t[1]), n>>5)
}

// reduceExp returns the whole number n nearest to x·32/ln2, and x - n·ln2/32.
func reduceExp(x float64) (n int, r float64) {
	k := math.Floor(mulAdd(x, ln2By32Inv, 0.5))
	return int(k), (x - float64(k*ln2By32Hi)) - float64(k*ln2By32Lo)
}

// expm1Taylor returns e^r - 1 for |r| ≤ 0.011, as r + r²/2 + … + r⁷/5040.
func expm1Taylor(r float64) float64 {
	p := mulAdd(r, 1.0/5040, 1.0/720)
	p = mulAdd(r, p, 1.0/120)
	p = mulAdd(r, p, 1.0/24)
	p = mulAdd(r, p, 1.0/6)
	p = mulAdd(r, p, 0.5)
	return mulAdd(float64(r*r), p, r)
}

// scale returns y·2^m for y in [0.9, 2.1], rounded once.
func scale(y float64, m int) float64 {
	switch {
	case m > 1023:
		return float64(float64(y*0x1p1023) * powerOfTwo(m-1023))
	case m < -1021:
		return float64(float64(y*0x1p-1000) * powerOfTwo(m+1000))
	}
	return float64(y * powerOfTwo(m))
}

// powerOfTwo returns 2^m for m in [-1022, 1023].
func powerOfTwo(m int) float64 { return math.Float64frombits(uint64(m+1023) << 52) }

// Expm1 returns e^x - 1, accurate near 0, within 2 ulp.
func Expm1(x float64) float64 {
	switch {
	case x != x || math.Abs(x) < 0x1p-54:
		return x
	case x > 710:
		return math.Inf(1)
	case x < -40:
		return -1
	}
	n, r := reduceExp(x)
	p := expm1Taylor(r)
	if n == 0 {
		return p
	}
	// 2^m·(t·(1+p)) - 1 = 2^m·((t - 2^-m) + t·p): the difference is exact where it counts.
	t, m := &exp2Table[n&31], n>>5
	tail := mulAdd(t[0], p, t[1])
	if m > 60 {
		return scale(t[0]+tail, m)
	}
	return float64(((t[0] - powerOfTwo(-m)) + tail) * powerOfTwo(m))
}
