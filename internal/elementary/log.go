package elementary

import "math"

// ln2 in two parts; the first has 41 bits, so that its product with an exponent is exact.
const (
	ln2Hi = 0x1.62e42fefa4000p-1
	ln2Lo = -0x1.8432a1b0e2634p-43
)

// Log returns the natural logarithm of x, within 0.51 ulp.
func Log(x float64) float64 {
	if !(x > 0) || x > math.MaxFloat64 {
		return logSpecial(x)
	}
	hi, lo := logSum(x)
	return hi + lo
}

// Log2 returns the binary logarithm of x, within 0.51 ulp; it is exact for powers of two.
func Log2(x float64) float64 {
	const invHi, invLo = 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56 // 1/ln2
	if !(x > 0) || x > math.MaxFloat64 {
		return logSpecial(x)
	}
	hi, lo := logSum(x)
	p, e := twoProd(hi, invHi)
	e += mulAdd(hi, invLo, float64(lo*invHi))
	return p + e
}

// Log1p returns log(1 + x), accurate near 0, within 0.51 ulp.
func Log1p(x float64) float64 {
	switch {
	case math.Abs(x) < 0x1p-54:
		return x
	case !(x > -1) || x > math.MaxFloat64:
		return logSpecial(1 + x)
	}
	y, e := twoSum(1, x)
	hi, lo := logSum(y)
	if y < 0x1p54 {
		hi, e = twoSum(hi, e/y)
		lo += e
	}
	return hi + lo
}

// logSpecial returns the logarithm of what has no finite one.
func logSpecial(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case x > 0:
		return x // +Inf
	}
	return math.NaN()
}

// logSum returns the natural logarithm of a finite x > 0 as hi + lo, right to 2⁻⁶⁵ of
// it. With x = 2^k·z it is k·ln2 + log c + log(1+r), c being the middle of z's row in
// logTable and r = z/c - 1, which the table's short reciprocals give without rounding;
// |r| ≤ 2⁻⁶ (after P. T. P. Tang 1990, ACM TOMS 16:378).
func logSum(x float64) (hi, lo float64) {
	k := 0
	if x < 0x1p-1022 {
		x *= 0x1p52
		k = -52
	}
	bits := math.Float64bits(x)
	k += int(bits>>52) - 1023
	j := bits >> 46 & 63
	row := &logTable[j]
	scaled := float64(k)
	if j >= logHalved {
		scaled++
	}
	z := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	zh, zl := split(z)
	inv := float64(row.inv * (1.0 / 256))
	rh, rl := twoSum(float64(zh*inv)-1, float64(zl*inv)) // all exact

	s, e1 := fastTwoSum(float64(scaled*ln2Hi), row.hi)
	s, e2 := twoSum(s, rh)
	// -r²/2, its leading part exact.
	sh, sl := split(rh)
	s, e3 := fastTwoSum(s, float64(float64(sh*sh)*-0.5))
	square := float64(sh*sl) + float64(float64(sl*sl)*0.5) + float64(rh*rl)

	low := (e1 + e2 + e3) + (rl - square) + mulAdd(scaled, ln2Lo, row.lo)
	low += logTaylor(rh)
	return fastTwoSum(s, low)
}

// logTaylor returns log(1+r) - r + r²/2 for |r| ≤ 2⁻⁶, as r³/3 - r⁴/4 + … + r¹¹/11.
func logTaylor(r float64) float64 {
	p := mulAdd(r, 1.0/11, -1.0/10)
	p = mulAdd(r, p, 1.0/9)
	p = mulAdd(r, p, -1.0/8)
	p = mulAdd(r, p, 1.0/7)
	p = mulAdd(r, p, -1.0/6)
	p = mulAdd(r, p, 1.0/5)
	p = mulAdd(r, p, -1.0/4)
	p = mulAdd(r, p, 1.0/3)
	return float64(float64(float64(r*r)*r) * p)
}

// LogSumExp returns log(Σ e^x) without overflow: the largest x is taken out first, and
// the rest summed in order. It is -Inf for no x at all.
func LogSumExp(xs []float64) float64 {
	largest := math.Inf(-1)
	for _, x := range xs {
		if x != x {
			return x
		}
		largest = max(largest, x)
	}
	if math.IsInf(largest, 0) {
		return largest
	}
	sum := 0.0
	for _, x := range xs {
		sum += Exp(x - largest)
	}
	return largest + Log(sum)
}
