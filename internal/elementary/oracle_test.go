package elementary

import (
	"math"
	"math/big"
	"sync"
)

// The functions here compute with math/big what the package computes in float64: slow,
// plain series, 320 bits or more. They are what every bound is measured against.

const precision = 320

func newBig(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

func bigOf(prec uint) *big.Float { return new(big.Float).SetPrec(prec) }

// ulps returns |got - want| in units of the last place of want.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	if math.IsInf(w, 0) || math.IsInf(got, 0) || math.IsNaN(got) {
		if got == w {
			return 0
		}
		return math.Inf(1)
	}
	a := math.Abs(w)
	ulp := math.Nextafter(a, math.Inf(1)) - a
	if math.IsInf(ulp, 0) {
		ulp = 0x1p971
	}
	d := bigOf(precision).Sub(newBig(got), want)
	e, _ := d.Quo(d.Abs(d), newBig(ulp)).Float64()
	return e
}

// bigExp returns e^x: Taylor's series of x/2^s, squared s times.
func bigExp(x *big.Float) *big.Float {
	prec := x.Prec() + 64
	s := max(0, x.MantExp(nil)) + 16
	r := bigOf(prec).SetMantExp(bigOf(prec).Set(x), -s)
	sum, term := bigOf(prec).SetInt64(1), bigOf(prec).SetInt64(1)
	for n := int64(1); term.Sign() != 0 && term.MantExp(nil) > -int(prec); n++ {
		term.Quo(term.Mul(term, r), bigOf(prec).SetInt64(n))
		sum.Add(sum, term)
	}
	for ; s > 0; s-- {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog returns log x by Halley's iteration on bigExp.
func bigLog(x *big.Float) *big.Float {
	mant := new(big.Float)
	e := x.MantExp(mant)
	m, _ := mant.Float64()
	y := newBig(math.Log(m) + float64(e)*math.Ln2)
	for range 4 {
		ey := bigExp(y)
		num := bigOf(precision).Sub(x, ey)
		den := bigOf(precision).Add(x, ey)
		num.Quo(num, den)
		y.Add(y, num.Add(num, num))
	}
	return y
}

// bigAtan returns atan x: half angles down to 2⁻⁸, then the series.
func bigAtan(x *big.Float) *big.Float {
	prec := x.Prec() + 64
	t := bigOf(prec).Set(x)
	halvings := 0
	for t.Sign() != 0 && t.MantExp(nil) > -8 {
		r := bigOf(prec).Mul(t, t)
		r.Sqrt(r.Add(r, newBig(1)))
		t.Quo(t, r.Add(r, newBig(1)))
		halvings++
	}
	sum := bigAlternating(t, func(n int64) int64 { return 1 })
	return sum.SetMantExp(sum, halvings)
}

// bigAlternating returns Σ (-1)ⁿ·t²ⁿ⁺¹/(2n+1)·Π 1/divisor(n).
func bigAlternating(t *big.Float, divisor func(n int64) int64) *big.Float {
	prec := t.Prec()
	z := bigOf(prec).Mul(t, t)
	sum, power := bigOf(prec), bigOf(prec).Set(t)
	for n := int64(0); power.Sign() != 0; n++ {
		if n > 0 {
			power.Quo(power.Mul(power, z), bigOf(prec).SetInt64(divisor(n)))
			power.Neg(power)
		}
		term := bigOf(prec).Quo(power, bigOf(prec).SetInt64(2*n+1))
		if sum.Sign() != 0 && term.MantExp(nil) < sum.MantExp(nil)-int(prec) {
			break
		}
		sum.Add(sum, term)
	}
	return sum
}

// bigPi is π to 1400 bits, by Machin's formula.
var bigPi = sync.OnceValue(func() *big.Float {
	one := bigOf(1400).SetInt64(1)
	a := bigAtan(bigOf(1400).Quo(one, bigOf(1400).SetInt64(5)))
	b := bigAtan(bigOf(1400).Quo(one, bigOf(1400).SetInt64(239)))
	a.Mul(a, bigOf(1400).SetInt64(16))
	b.Mul(b, bigOf(1400).SetInt64(4))
	return bigOf(1400).Sub(a, b)
})

// bigSinCos returns the sine and the cosine of x.
func bigSinCos(x float64) (sin, cos *big.Float) {
	turn := bigOf(1400).Mul(bigPi(), newBig(2))
	r := bigOf(1400).SetFloat64(x)
	whole, _ := bigOf(1400).Quo(r, turn).Int(nil)
	r.Sub(r, turn.Mul(turn, bigOf(1400).SetInt(whole)))
	r = bigOf(precision).Set(r)
	sin, cos = bigOf(precision), newBig(1)
	term := newBig(1)
	for n := int64(1); n < 200; n++ {
		term.Quo(term.Mul(term, r), bigOf(precision).SetInt64(n))
		if n%2 == 0 {
			cos.Add(cos, signed(term, n/2))
		} else {
			sin.Add(sin, signed(term, n/2))
		}
	}
	return sin, cos
}

func signed(x *big.Float, n int64) *big.Float {
	if n%2 == 1 {
		return bigOf(x.Prec()).Neg(x)
	}
	return x
}

// bigErf returns erf x by its Taylor series, with the bits that cancellation costs.
func bigErf(x *big.Float) *big.Float {
	f, _ := x.Float64()
	sum := bigAlternating(bigOf(precision+uint(6*f*f)).Set(x), func(n int64) int64 { return n })
	root := bigOf(1400).Sqrt(bigPi())
	return sum.Quo(sum.Add(sum, sum), root)
}

func bigErfc(x *big.Float) *big.Float {
	e := bigErf(x)
	return bigOf(e.Prec()).Sub(bigOf(e.Prec()).SetInt64(1), e)
}
