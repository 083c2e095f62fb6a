package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cells emits the arithmetic of recurrent cells: n rows of u units, whose gates stand side
// by side in a row of z.
func (l *lanes) cells() {
	l.lstm()
	l.lstmBack()
	l.gru()
	l.gruBack()
}

// gates points to each of the k gates of a row.
func gates(z, u reg.GPVirtual, k int) []reg.GPVirtual {
	all := []reg.GPVirtual{z}
	for len(all) < k {
		next := GP64()
		LEAQ(Mem{Base: all[len(all)-1], Index: u, Scale: 4}, next)
		all = append(all, next)
	}
	return all
}

// forward moves pointers on by k·u floats.
func forward(u reg.GPVirtual, k int, pointers ...reg.GPVirtual) {
	for _, p := range pointers {
		for left := k; left > 0; {
			scale := map[bool]int{true: 2, false: 1}[left >= 2]
			LEAQ(Mem{Base: p, Index: u, Scale: uint8(4 * scale)}, p)
			left -= scale
		}
	}
}

// biased returns what loads a gate's sum and adds its bias.
func (l *lanes) biased(gate []reg.GPVirtual, bias, u, off reg.GPVirtual) func(i int) vec {
	b := GP64()
	return func(i int) vec {
		MOVQ(bias, b)
		forward(u, i, b)
		return l.add(l.load(at(gate[i], off)), l.load(at(b, off)))
	}
}

func (l *lanes) lstm() {
	TEXT("lstm"+l.name, NOSPLIT, "func(n, u, ldh int, z, bias, before, c, tanhC, h *float32)")
	Doc("lstm"+l.name+" is", "for r := range n { for k := range u { lstmUnit(r, k) } }",
		"where z's rows are 4u numbers apart, h's ldh and the others' u.")
	Pragma("noescape")
	n, u, z, before := pointer("n"), pointer("u"), pointer("z"), pointer("before")
	pc, pt, ph, ldh := pointer("c"), pointer("tanhC"), pointer("h"), pointer("ldh")
	bias := pointer("bias")
	gate, left, off := gates(z, u, 4), GP64(), GP64()
	sum := l.biased(gate, bias, u, off)
	times(n, func() {
		MOVQ(u, left)
		l.along(left, off, func() {
			i, _ := l.sigmoid(sum(0))
			l.store(i, at(gate[0], off))
			g := l.tanh(sum(2))
			l.store(g, at(gate[2], off))
			c := l.mul(i, g)
			f, _ := l.sigmoid(sum(1))
			l.store(f, at(gate[1], off))
			VFMADD231PS(l.load(at(before, off)), f, c)
			l.store(c, at(pc, off))
			t := l.tanh(c)
			l.store(t, at(pt, off))
			o, _ := l.sigmoid(sum(3))
			l.store(o, at(gate[3], off))
			VMULPS(t, o, t)
			l.store(t, at(ph, off))
		})
		forward(u, 4, gate...)
		forward(u, 1, before, pc, pt)
		forward(ldh, 1, ph)
	})
	ret()
}

func (l *lanes) lstmBack() {
	TEXT("lstmBack"+l.name, NOSPLIT, "func(n, u int, z, dh, dc, before, tanhC *float32)")
	Doc("lstmBack"+l.name+" is", "for r := range n { for k := range u { lstmUnitBack(r, k) } }",
		"with the strides of lstm"+l.name+".")
	Pragma("noescape")
	n, u, z, before := pointer("n"), pointer("u"), pointer("z"), pointer("before")
	pdh, pdc, pt := pointer("dh"), pointer("dc"), pointer("tanhC")
	gate, left, off := gates(z, u, 4), GP64(), GP64()
	times(n, func() {
		MOVQ(u, left)
		l.along(left, off, func() {
			d, t, o := l.load(at(pdh, off)), l.load(at(pt, off)), l.load(at(gate[3], off))
			dc := l.fma(l.mul(d, o), l.oneMinusSquare(t), l.load(at(pdc, off)))
			l.store(l.mul(l.mul(d, t), l.minusSquare(o)), at(gate[3], off))
			i, g := l.load(at(gate[0], off)), l.load(at(gate[2], off))
			l.store(l.mul(l.mul(dc, g), l.minusSquare(i)), at(gate[0], off))
			l.store(l.mul(l.mul(dc, i), l.oneMinusSquare(g)), at(gate[2], off))
			f := l.load(at(gate[1], off))
			l.store(l.mul(l.mul(dc, l.load(at(before, off))), l.minusSquare(f)), at(gate[1], off))
			l.store(l.mul(dc, f), at(pdc, off))
		})
		forward(u, 4, gate...)
		forward(u, 1, before, pdh, pdc, pt)
	})
	ret()
}

func (l *lanes) gru() {
	TEXT("gru"+l.name, NOSPLIT, "func(n, u int, z, bias, q, stateBias, before, h *float32)")
	Doc("gru"+l.name+" is", "for r := range n { for k := range u { gruUnit(r, k) } }",
		"where z's rows are 3u numbers apart and the others' u.")
	Pragma("noescape")
	n, u, z := pointer("n"), pointer("u"), pointer("z")
	pq, before, h := pointer("q"), pointer("before"), pointer("h")
	bias, stateBias := pointer("bias"), pointer("stateBias")
	gate, left, off := gates(z, u, 3), GP64(), GP64()
	sum := l.biased(gate, bias, u, off)
	times(n, func() {
		MOVQ(u, left)
		l.along(left, off, func() {
			r, _ := l.sigmoid(sum(0))
			l.store(r, at(gate[0], off))
			q := l.add(l.load(at(pq, off)), l.load(at(stateBias, off)))
			l.store(q, at(pq, off))
			fresh := l.tanh(l.fma(r, q, sum(2)))
			l.store(fresh, at(gate[2], off))
			keep, _ := l.sigmoid(sum(1))
			l.store(keep, at(gate[1], off))
			l.store(l.fma(keep, l.sub(l.load(at(before, off)), fresh), fresh), at(h, off))
		})
		forward(u, 3, gate...)
		forward(u, 1, pq, before, h)
	})
	ret()
}

func (l *lanes) gruBack() {
	TEXT("gruBack"+l.name, NOSPLIT, "func(n, u int, z, q, dh, before *float32)")
	Doc("gruBack"+l.name+" is", "for r := range n { for k := range u { gruUnitBack(r, k) } }",
		"with the strides of gru"+l.name+".")
	Pragma("noescape")
	n, u, z := pointer("n"), pointer("u"), pointer("z")
	pq, before, pdh := pointer("q"), pointer("before"), pointer("dh")
	gate, left, off := gates(z, u, 3), GP64(), GP64()
	times(n, func() {
		MOVQ(u, left)
		l.along(left, off, func() {
			d, keep, fresh := l.load(at(pdh, off)), l.load(at(gate[1], off)), l.load(at(gate[2], off))
			dn := l.mul(l.mul(d, l.sub(l.in(1), keep)), l.oneMinusSquare(fresh))
			l.store(dn, at(gate[2], off))
			l.store(l.mul(l.mul(d, l.sub(l.load(at(before, off)), fresh)), l.minusSquare(keep)), at(gate[1], off))
			l.store(l.mul(d, keep), at(pdh, off))
			r := l.load(at(gate[0], off))
			l.store(l.mul(l.mul(dn, l.load(at(pq, off))), l.minusSquare(r)), at(gate[0], off))
			l.store(l.mul(dn, r), at(pq, off))
		})
		forward(u, 3, gate...)
		forward(u, 1, pq, before, pdh)
	})
	ret()
}

// adam emits the optimizer's step. The rates are read from the fields of AdamRates.
func (l *lanes) adam() {
	TEXT("adam"+l.name, NOSPLIT, "func(w, grad, m, v *float32, n int, rates *float32)")
	Doc("adam"+l.name+" is", "for i := range n { adamWeight(i) }")
	Pragma("noescape")
	pw, pg, pm, pv, n, r, off := pointer("w"), pointer("grad"), pointer("m"), pointer("v"), pointer("n"), pointer("rates"), GP64()
	field := func(i int) vec {
		v := l.vec()
		VBROADCASTSS(Mem{Base: r, Disp: 4 * i}, v)
		return v
	}
	rate, beta1, beta2, root, epsilon, decay, shrink := field(0), field(1), field(2), field(3), field(4), field(5), field(6)
	gain1, gain2 := l.sub(l.in(1), beta1), l.sub(l.in(1), beta2)
	l.along(n, off, func() {
		w := l.mul(shrink, l.load(at(pw, off)))
		d := l.load(at(pg, off))
		VFMADD231PS(w, decay, d)
		m, v := l.mul(gain1, d), l.mul(gain2, d)
		VMULPS(d, v, v)
		VFMADD231PS(l.load(at(pm, off)), beta1, m)
		VFMADD231PS(l.load(at(pv, off)), beta2, v)
		m = l.keep(l.compare(notLess, l.and(m, l.bits(signBit-1)), l.of(0x1p-126)), m)
		v = l.keep(l.compare(notLess, v, l.of(0x1p-126)), v)
		l.store(m, at(pm, off))
		l.store(v, at(pv, off))
		VSQRTPS(v, v)
		VFMADD213PS(epsilon, root, v)
		VMULPS(rate, m, m)
		VDIVPS(v, m, m)
		VSUBPS(m, w, w)
		l.store(w, at(pw, off))
	})
	ret()
}
