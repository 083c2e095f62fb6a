package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The functions here follow map.go of the package, operation for operation.

const (
	log2e     = 1.44269504088896341
	ln2Hi     = 0.693359375
	ln2Lo     = -2.12194440e-4
	toInteger = 3 << 22
)

var (
	expPolynomial = []float32{1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}
	logPolynomial = []float32{7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1}
	erfNear = []float32{-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1}
	erfFar  = []float32{3.83197126e-4, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1}
)

const signBit = 1 << 31

func constantTable() []uint32 {
	var bits []uint32
	for _, list := range [][]float32{expPolynomial, logPolynomial, erfNear, erfFar, {
		log2e, ln2Hi, ln2Lo, toInteger, 0.5, 1, 2, 10, 89, -104, 0.41421357, 0.6931472, 0.927734375, 4, 0x1p-126, -1.72853470e-5, -3.88396438e-3,
	}} {
		for _, c := range list {
			bits = append(bits, math.Float32bits(c))
		}
	}
	return append(bits, signBit, signBit-1, 0, 0x3f800000, math.Float32bits(toInteger), 1, 2, 3)
}

// horner returns ((p·x + c₀)·x + c₁)…, p's register being used up.
func (l *lanes) horner(p vec, x reg.Register, coefficients []float32) vec {
	for _, c := range coefficients {
		VFMADD213PS(l.of(c), x, p)
	}
	return p
}

// polynomial begins with its first coefficient.
func (l *lanes) polynomial(x reg.Register, c []float32) vec {
	return l.horner(l.in(c[0]), x, c[1:])
}

// reduce splits x = n·ln 2 + r: shifted is n + toInteger.
func (l *lanes) reduce(x reg.Register) (shifted, n, r vec) {
	shifted = l.in(toInteger)
	VFMADD231PS(l.of(log2e), x, shifted)
	n = l.sub(shifted, l.of(toInteger))
	r = l.fnma(n, l.of(ln2Hi), x)
	VFNMADD231PS(l.of(ln2Lo), n, r)
	return shifted, n, r
}

// expm1Near returns eʳ-1 of a reduced r.
func (l *lanes) expm1Near(r vec) vec {
	p := l.polynomial(r, expPolynomial)
	square := l.mul(r, r)
	VFMADD213PS(r, square, p)
	return p
}

// exp returns eˣ for x between -104 and 89, or NaN.
func (l *lanes) exp(x reg.Register) vec {
	shifted, n, r := l.reduce(x)
	y := l.expm1Near(r)
	VADDPS(l.of(1), y, y)
	if l.wide() {
		VSCALEFPS(n, y, y)
		return y
	}
	VPSUBD(l.of(toInteger), shifted, shifted)
	half := YMM()
	VPSRAD(U8(1), shifted, half)
	VPSUBD(half, shifted, shifted)
	VMULPS(l.power(half), y, y)
	VMULPS(l.power(shifted), y, y)
	return y
}

// power returns 2ⁿ for a vector of integers, or of floats n + toInteger; n is used up.
func (l *lanes) power(n vec) vec {
	VPSLLD(U8(23), n, n)
	VPADDD(l.of(1), n, n)
	return n
}

// clamped returns x, but low or high where it is less or greater. A NaN stays.
func (l *lanes) clamped(x reg.Register, low, high float32) vec {
	v := l.in(high)
	VMINPS(x, v, v)
	w := l.in(low)
	VMAXPS(v, w, w)
	return w
}

func (l *lanes) fullExp(x vec) vec { return l.exp(l.clamped(x, -104, 89)) }

// expOfMinusAbs returns e^-|x|.
func (l *lanes) expOfMinusAbs(x reg.Register) vec {
	low := l.in(-104)
	VMAXPS(l.or(x, l.bits(signBit)), low, low)
	return l.exp(low)
}

// sigmoid returns 1/(1+e⁻ˣ) and the e^-|x| it made on the way.
func (l *lanes) sigmoid(x vec) (y, e vec) {
	e = l.expOfMinusAbs(x)
	w := l.div(e, l.add(e, l.of(1)))
	y = l.chosen(x, l.in(1), e)
	VFNMADD213PS(y, w, y)
	return y, e
}

func (l *lanes) tanh(x vec) vec {
	a := l.in(10)
	VMINPS(l.and(x, l.bits(signBit-1)), a, a)
	VADDPS(a, a, a)
	shifted, _, r := l.reduce(a)
	q := l.expm1Near(r)
	s := l.power(shifted)
	d := l.sub(s, l.of(1))
	VFMADD213PS(d, s, q)
	n := l.in(2)
	VMINPS(q, n, n)
	y := l.mul(n, l.of(0.5))
	VFNMADD231PS(l.div(n, l.add(q, l.of(2))), y, y)
	VORPS(l.and(x, l.bits(signBit)), y, y)
	return y
}

// log1p returns ln(1+x) for x between 0 and 1.
func (l *lanes) log1p(x vec) vec {
	large := l.compare(greater, x, l.of(0.41421357))
	r := l.pick(large, x, l.mul(l.sub(x, l.of(1)), l.of(0.5)))
	p := l.polynomial(r, logPolynomial)
	z := l.mul(r, r)
	VMULPS(r, p, p)
	VMULPS(z, p, p) // r³·P(r)
	VFNMADD231PS(l.of(0.5), z, p)
	VADDPS(r, p, p)
	VADDPS(l.keep(large, l.in(0.6931472)), p, p)
	return p
}

func (l *lanes) erf(x vec) vec {
	a := l.and(x, l.bits(signBit-1))
	s := l.mul(x, x)
	near := l.polynomial(s, erfNear)
	VFMADD213PS(x, x, near)

	far := l.in(4)
	VMINPS(a, far, far)
	r := l.in(-1.72853470e-5)
	VFMADD213PS(l.of(erfFar[0]), far, r)
	u := l.in(-3.88396438e-3)
	VFMADD213PS(l.of(erfFar[1]), far, u)
	square := l.mul(far, far)
	VFMADD213PS(u, square, r)
	r = l.horner(r, far, erfFar[2:])
	w := l.copy(far)
	VFMSUB231PS(r, far, w)
	return l.erfJoined(x, a, near, w)
}

// erfJoined is written in main's loop.
func (l *lanes) erfJoined(x, a, near, r vec) vec {
	y := l.sub(l.in(1), l.exp(r))
	VORPS(l.and(x, l.bits(signBit)), y, y)
	return l.pick(l.compare(greater, a, l.of(0.927734375)), near, y)
}

// mapKernel emits dst = f(x) over n numbers.
func (l *lanes) mapKernel(name, doc string, f func(x vec) vec) {
	TEXT(name+l.name, NOSPLIT, "func(dst, x *float32, n int)")
	Doc(name+l.name+" is", doc)
	Pragma("noescape")
	dst, x, n, off := pointer("dst"), pointer("x"), pointer("n"), GP64()
	l.along(n, off, func() { l.store(f(l.load(at(x, off))), at(dst, off)) })
	ret()
}
