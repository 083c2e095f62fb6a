package elementary

import (
	"math"
	"math/bits"
)

// π/2 as the sum of two float64.
const (
	halfPiHi = 0x1.921fb54442d18p+0
	halfPiLo = 0x1.1a62633145c07p-54
)

// Sin returns the sine of x radians, within 0.8 ulp for every finite x.
func Sin(x float64) float64 {
	switch {
	case x == 0:
		return x
	case x != x || math.IsInf(x, 0):
		return math.NaN()
	}
	n, hi, lo := quadrant(math.Abs(x))
	s := wave(n, hi, lo)
	if x < 0 {
		return -s
	}
	return s
}

// Cos returns the cosine of x radians, within 0.8 ulp for every finite x.
func Cos(x float64) float64 {
	if x != x || math.IsInf(x, 0) {
		return math.NaN()
	}
	n, hi, lo := quadrant(math.Abs(x))
	return wave(n+1, hi, lo)
}

// wave returns sin(n·π/2 + hi + lo).
func wave(n uint64, hi, lo float64) float64 {
	var s float64
	if n&1 == 0 {
		s = sinTaylor(hi, lo)
	} else {
		s = cosTaylor(hi, lo)
	}
	if n&2 != 0 {
		return -s
	}
	return s
}

// quadrant returns n and hi + lo, within π/4 of 0, such that x = n·π/2 + hi + lo up to
// whole turns. x ≥ 0 is finite. The product of x's 53 bits with those 192 bits of 2/π
// that matter is taken in whole numbers: what lies above counts whole turns, what lies
// below is beyond the last bit (Payne & Hanek 1983, SIGNUM Newsletter 18:19).
func quadrant(x float64) (n uint64, hi, lo float64) {
	if x <= math.Pi/4 {
		return 0, x, 0
	}
	b := math.Float64bits(x)
	mantissa := b&(1<<52-1) | 1<<52
	exponent := int(b>>52) - 1075 // x = mantissa·2^exponent; at least -53 here

	// The window starts where a bit of 2/π, times 2^exponent, stands for 2.
	at := exponent + 62
	word, shift := at/64, uint(at%64)
	var w [3]uint64
	for i := range w {
		w[i] = twoOverPi[word+i]<<shift | twoOverPi[word+i+1]>>(64-shift)
	}
	h2, p2 := bits.Mul64(mantissa, w[2])
	h1, l1 := bits.Mul64(mantissa, w[1])
	p1, carry := bits.Add64(l1, h2, 0)
	p0 := mantissa*w[0] + h1 + carry

	// Two bits of quadrant, then a fraction of one in 128 bits.
	n = p0 >> 62
	f0, f1 := p0<<2|p1>>62, p1<<2|p2>>62
	nearer := f0>>63 != 0 // to the next quadrant: the fraction becomes negative
	if nearer {
		n++
		var borrow uint64
		f1, borrow = bits.Sub64(0, f1, 0)
		f0, _ = bits.Sub64(0, f0, borrow)
	}
	hi, lo = angle(f0, f1)
	if nearer {
		return n, -hi, -lo
	}
	return n, hi, lo
}

// angle returns π/2 times the fraction whose 128 bits are f0 and f1, as hi + lo.
func angle(f0, f1 uint64) (hi, lo float64) {
	zeros := 0
	if f0 == 0 {
		f0, f1, zeros = f1, 0, 64
	}
	s := uint(bits.LeadingZeros64(f0))
	f0, f1 = f0<<s|f1>>(64-s), f1<<s
	unit := powerOfTwo(-zeros - int(s))
	hi = float64(float64(f0>>11) * float64(unit*0x1p-53))
	lo = float64(float64(f0<<53|f1>>11) * float64(unit*0x1p-117))
	p, e := twoProd(hi, halfPiHi)
	e += mulAdd(hi, halfPiLo, float64(lo*halfPiHi))
	return fastTwoSum(p, e)
}

// sinTaylor returns sin(x + lo) for |x| ≤ π/4, as x - x³/3! + … + x¹⁷/17!.
func sinTaylor(x, lo float64) float64 {
	z := float64(x * x)
	p := mulAdd(z, 1.0/355687428096000, -1.0/1307674368000)
	p = mulAdd(z, p, 1.0/6227020800)
	p = mulAdd(z, p, -1.0/39916800)
	p = mulAdd(z, p, 1.0/362880)
	p = mulAdd(z, p, -1.0/5040)
	p = mulAdd(z, p, 1.0/120)
	p = mulAdd(z, p, -1.0/6)
	return x + mulAdd(float64(x*z), p, float64(lo*mulAdd(z, -0.5, 1)))
}

// cosTaylor returns cos(x + lo) for |x| ≤ π/4, as 1 - x²/2 + … + x¹⁸/18!, the first two
// terms with the error of their difference.
func cosTaylor(x, lo float64) float64 {
	z := float64(x * x)
	p := mulAdd(z, -1.0/6402373705728000, 1.0/20922789888000)
	p = mulAdd(z, p, -1.0/87178291200)
	p = mulAdd(z, p, 1.0/479001600)
	p = mulAdd(z, p, -1.0/3628800)
	p = mulAdd(z, p, 1.0/40320)
	p = mulAdd(z, p, -1.0/720)
	p = mulAdd(z, p, 1.0/24)
	half, e := twoProd(x, float64(x*0.5))
	s, e2 := fastTwoSum(1, -half)
	return s + (e2 - e + mulAdd(float64(z*z), p, -float64(x*lo)))
}
