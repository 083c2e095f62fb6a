package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// maps emits the kernels that go from element to element.
func (l *lanes) maps() {
	l.mapKernel("exp", "for i := range n { dst[i] = Exp1(x[i]) }", l.fullExp)
	l.mapKernel("tanh", "for i := range n { dst[i] = Tanh1(x[i]) }", l.tanh)
	l.mapKernel("sigmoid", "for i := range n { dst[i] = Sigmoid1(x[i]) }", func(x vec) vec { y, _ := l.sigmoid(x); return y })
	l.mapKernel("erf", "for i := range n { dst[i] = Erf1(x[i]) }", l.erf)
	l.mapKernel("relu", "for i := range n { dst[i] = relu(x[i]) }", func(x vec) vec { return l.relu(x) })
	l.pairKernel("add", "for i := range n { dst[i] = a[i] + b[i] }", func(a vec, b reg.Register) vec { return l.add(a, b) })
	l.pairKernel("mul", "for i := range n { dst[i] = a[i] * b[i] }", func(a vec, b reg.Register) vec { return l.mul(a, b) })
	l.pairKernel("reluGrad", "for i := range n { dst[i] = passed(a[i], b[i]) }", func(a vec, b reg.Register) vec {
		return l.keep(l.compare(greater, b, l.zero()), a)
	})
	l.pairKernel("tanhGrad", "for i := range n { dst[i] = a[i] * FMA(-b[i], b[i], 1) }", func(a vec, b reg.Register) vec {
		return l.mul(a, l.oneMinusSquare(b))
	})
	l.pairKernel("sigmoidGrad", "for i := range n { dst[i] = a[i] * FMA(-b[i], b[i], b[i]) }", func(a vec, b reg.Register) vec {
		return l.mul(a, l.minusSquare(b))
	})
	l.scaleKernels()
}

// relu returns 0 where x is below 0, and x elsewhere.
func (l *lanes) relu(x reg.Register) vec { return l.max(l.zero(), x) }

// oneMinusSquare returns 1 - y².
func (l *lanes) oneMinusSquare(y reg.Register) vec { return l.fnma(y, y, l.in(1)) }

// minusSquare returns y - y².
func (l *lanes) minusSquare(y reg.Register) vec { return l.fnma(y, y, y) }

// pairKernel emits dst = f(a, b) over n numbers.
func (l *lanes) pairKernel(name, doc string, f func(a vec, b reg.Register) vec) {
	TEXT(name+l.name, NOSPLIT, "func(dst, a, b *float32, n int)")
	Doc(name+l.name+" is", doc)
	Pragma("noescape")
	dst, a, b, n, off := pointer("dst"), pointer("a"), pointer("b"), pointer("n"), GP64()
	l.along(n, off, func() { l.store(f(l.load(at(a, off)), l.load(at(b, off))), at(dst, off)) })
	ret()
}

func (l *lanes) scaleKernels() {
	TEXT("scale"+l.name, NOSPLIT, "func(s float32, x *float32, n int)")
	Doc("scale"+l.name+" is", "for i := range n { x[i] *= s }")
	Pragma("noescape")
	s, x, n, off := l.broadcast("s"), pointer("x"), pointer("n"), GP64()
	l.along(n, off, func() { l.store(l.mul(s, l.load(at(x, off))), at(x, off)) })
	ret()

	TEXT("axpy"+l.name, NOSPLIT, "func(s float32, x, y *float32, n int)")
	Doc("axpy"+l.name+" is", "for i := range n { y[i] = FMA(s, x[i], y[i]) }")
	Pragma("noescape")
	s, x, n, off = l.broadcast("s"), pointer("x"), pointer("n"), GP64()
	y := pointer("y")
	l.along(n, off, func() {
		v := l.load(at(y, off))
		VFMADD231PS(l.load(at(x, off)), s, v)
		l.store(v, at(y, off))
	})
	ret()
}

// binaryCrossEntropy emits the loss of logits with its gradient.
func (l *lanes) binaryCrossEntropy() {
	TEXT("binaryCrossEntropy"+l.name, NOSPLIT, "func(x, t, grad *float32, n int, scale float32) (sums [16]float64)")
	Doc("binaryCrossEntropy"+l.name+" is",
		"for i := range n {", "\tvar value float32", "\tvalue, grad[i] = crossEntropyOf(x[i], t[i], scale) // unless grad is nil",
		"\tsums[i%16] += float64(value)", "}")
	Pragma("noescape")
	px, pt, pg, n, off := pointer("x"), pointer("t"), pointer("grad"), pointer("n"), GP64()
	scale, sums := l.broadcast("scale"), GP64()
	half := GP64() // of the sixteen sums, for 8 lanes: 0 or 64
	XORQ(half, half)
	LEAQ(returned("sums", 0), sums)
	for i := range 128 / l.bytes() {
		l.store(l.zero(), Mem{Base: sums, Disp: i * l.bytes()})
	}
	l.along(n, off, func() {
		x, t := l.load(at(px, off)), l.load(at(pt, off))
		p, e := l.sigmoid(x)
		VSUBPS(t, p, p)
		VMULPS(scale, p, p)
		after := label("noGradient")
		TESTQ(pg, pg)
		JZ(LabelRef(after))
		l.store(p, at(pg, off))
		Label(after)
		value := l.fnma(x, t, l.relu(x))
		VADDPS(l.log1p(e), value, value)
		if l.tail {
			value = l.silenced(value)
		}
		l.addWide(value, sums, half)
	})
	ret()
}

// silenced returns v with 0 beyond the tail.
func (l *lanes) silenced(v vec) vec {
	if l.wide() {
		return l.keep(l.mask, v)
	}
	return l.and(v, l.mask)
}

// addWide adds v to the sums in float64: lane i to sums[i], with 8 lanes in turns to the
// lower and the upper half.
func (l *lanes) addWide(v vec, sums, half reg.GPVirtual) {
	if l.wide() {
		low, high, upper := ZMM(), ZMM(), YMM()
		VCVTPS2PD(v.AsY(), low)
		VEXTRACTF32X8(U8(1), v, upper)
		VCVTPS2PD(upper, high)
		for i, w := range []vec{low, high} {
			m := Mem{Base: sums, Disp: 64 * i}
			VADDPD(m, w, w)
			VMOVUPD(w, m)
		}
		return
	}
	low, high, upper := YMM(), YMM(), XMM()
	VCVTPS2PD(v.AsX(), low)
	VEXTRACTF128(U8(1), v, upper)
	VCVTPS2PD(upper, high)
	for i, w := range []vec{low, high} {
		m := Mem{Base: sums, Index: half, Scale: 1, Disp: 32 * i}
		VADDPD(m, w, w)
		VMOVUPD(w, m)
	}
	XORQ(Imm(64), half)
}
