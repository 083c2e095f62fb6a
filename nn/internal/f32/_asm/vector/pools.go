package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pools emits bias, ReLU and max pool over windows of 1 by 2 and 2 by 2 pixels in one, and
// the gradient's way back. Of each pixel's c channels they take the first w, a multiple of
// the lanes.
func (l *lanes) pools() {
	for rows := 1; rows <= 2; rows++ {
		l.pool(rows)
		l.unpool(rows)
	}
	l.overtake()
}

// taps emits body for each place of a window, place by place.
func taps(rows int, x, below reg.GPVirtual, c reg.GPVirtual, off reg.GPVirtual, body func(place int, m Mem)) {
	for r := range rows {
		base := x
		if r == 1 {
			base = below
		}
		body(2*r, Mem{Base: base, Index: off, Scale: 1})
		next := GP64()
		LEAQ(Mem{Base: base, Index: c, Scale: 4}, next)
		body(2*r+1, Mem{Base: next, Index: off, Scale: 1})
	}
}

func (l *lanes) pool(rows int) {
	name := fmt.Sprintf("pool%dx2%s", rows, l.name)
	TEXT(name, NOSPLIT, "func(n, w, c int, x *float32, row int, bias, y *float32, winner *uint8)")
	Doc(name+" is", "for j := range n { for k := range w { poolPixel(j, k) } }",
		"where the window's second row, if it has one, begins row numbers after the first.")
	Pragma("noescape")
	n, w, c, x, y := pointer("n"), pointer("w"), pointer("c"), pointer("x"), pointer("y")
	bias, winner, below := pointer("bias"), pointer("winner"), pointer("row")
	LEAQ(Mem{Base: x, Index: below, Scale: 4}, below)
	off, at8, end := GP64(), GP64(), GP64()
	SHLQ(Imm(2), w)
	times(n, func() {
		XORQ(off, off)
		loop := label("channels")
		Label(loop)
		b := l.load(at(bias, off))
		var best, place vec
		taps(rows, x, below, c, off, func(i int, m Mem) {
			v := l.add(b, m)
			if i == 0 {
				best, place = v, l.zero()
				return
			}
			over := l.either(l.compare(greater, v, best), l.compare(unordered, v, v))
			best = l.pick(over, best, v)
			place = l.pick(over, place, l.copy(l.bits(uint32(i))))
		})
		l.store(l.relu(best), at(y, off))
		MOVQ(off, at8)
		SHRQ(Imm(2), at8)
		l.storeBytes(place, at(winner, at8))
		ADDQ(U32(l.bytes()), off)
		CMPQ(off, w)
		JL(LabelRef(loop))
		MOVQ(c, end)
		LEAQ(Mem{Base: y, Index: end, Scale: 4}, y)
		ADDQ(end, winner)
		LEAQ(Mem{Base: x, Index: end, Scale: 8}, x)
		LEAQ(Mem{Base: below, Index: end, Scale: 8}, below)
	})
	ret()
}

func (l *lanes) unpool(rows int) {
	name := fmt.Sprintf("unpool%dx2%s", rows, l.name)
	TEXT(name, NOSPLIT, "func(n, w, c int, dx *float32, row int, dy *float32, winner *uint8)")
	Doc(name+" is", "for j := range n { for k := range w { unpoolPixel(j, k) } }",
		"where the window's second row, if it has one, begins row numbers after the first.")
	Pragma("noescape")
	n, w, c, x, y := pointer("n"), pointer("w"), pointer("c"), pointer("dx"), pointer("dy")
	winner, below := pointer("winner"), pointer("row")
	LEAQ(Mem{Base: x, Index: below, Scale: 4}, below)
	off, at8 := GP64(), GP64()
	SHLQ(Imm(2), w)
	times(n, func() {
		XORQ(off, off)
		loop := label("channels")
		Label(loop)
		MOVQ(off, at8)
		SHRQ(Imm(2), at8)
		g, place := l.load(at(y, off)), l.vec()
		VPMOVZXBD(at(winner, at8), place)
		taps(rows, x, below, c, off, func(i int, m Mem) {
			var here where
			if l.wide() {
				k := K()
				VPCMPEQD(l.bits(uint32(i)), place, k)
				here = k
			} else {
				v := YMM()
				VPCMPEQD(l.bits(uint32(i)), place, v)
				here = v
			}
			l.store(l.keep(here, g), m)
		})
		ADDQ(U32(l.bytes()), off)
		CMPQ(off, w)
		JL(LabelRef(loop))
		LEAQ(Mem{Base: y, Index: c, Scale: 4}, y)
		ADDQ(c, winner)
		LEAQ(Mem{Base: x, Index: c, Scale: 8}, x)
		LEAQ(Mem{Base: below, Index: c, Scale: 8}, below)
	})
	ret()
}

// storeBytes writes the low byte of each lane.
func (l *lanes) storeBytes(v vec, m Mem) {
	if l.wide() {
		VPMOVDB(v, m)
		return
	}
	VPSHUFB(l.copy(bytesTable), v, v)
	upper := XMM()
	VEXTRACTI128(U8(1), v, upper)
	VPUNPCKLDQ(upper, v.AsX(), upper)
	VMOVQ(upper, m)
}

// overtake emits the step of a max pool with any window, on whole vectors only.
func (l *lanes) overtake() {
	TEXT("overtake"+l.name, NOSPLIT, "func(best *float32, winner *uint16, x *float32, place, n int)")
	Doc("overtake"+l.name+" is", "for i := range n { overtake(i) }", "for n a multiple of the lanes above 0.")
	Pragma("noescape")
	best, winner, x, place, n, off := pointer("best"), pointer("winner"), pointer("x"), pointer("place"), pointer("n"), GP64()
	XORQ(off, off)
	p := l.vec()
	px := XMM()
	VMOVD(place.As32(), px)
	VPBROADCASTD(px, p)
	loop := label("vectors")
	Label(loop)
	was, v, w := l.load(Mem{Base: best, Index: off, Scale: 4}), l.load(Mem{Base: x, Index: off, Scale: 4}), l.vec()
	over := l.either(l.compare(greater, v, was), l.compare(unordered, v, v))
	l.store(l.pick(over, was, v), Mem{Base: best, Index: off, Scale: 4})
	VPMOVZXWD(Mem{Base: winner, Index: off, Scale: 2}, w)
	w = l.pick(over, w, p)
	if l.wide() {
		VPMOVDW(w, Mem{Base: winner, Index: off, Scale: 2})
	} else {
		upper := XMM()
		VEXTRACTI128(U8(1), w, upper)
		VPACKUSDW(upper, w.AsX(), upper)
		VMOVUPS(upper, Mem{Base: winner, Index: off, Scale: 2})
	}
	ADDQ(U32(l.lanes), off)
	CMPQ(off, n)
	JL(LabelRef(loop))
	ret()
}
