package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// norms emits the sums of a batch normalisation, in float64, down the rows of a matrix of c
// columns. They take the first n of these, a multiple of half the lanes above 0, half a
// vector at a time.
func (l *lanes) norms() {
	l.columns("columnSums64", "func(m, n, c int, x *float32, sums *float64)",
		"for i := range m { for j := range n { sums[j] += float64(x[i*c+j]) } }",
		[]string{"x"}, nil, nil, []string{"sums"},
		func(row []Mem, _, _, acc []vec) {
			VADDPD(l.widened(row[0]), acc[0], acc[0])
		})
	l.columns("columnSquares64", "func(m, n, c int, x *float32, mean, squares *float64)",
		"for i := range m { for j := range n { d := float64(x[i*c+j]) - mean[j]; squares[j] += float64(d * d) } }",
		[]string{"x"}, nil, []string{"mean"}, []string{"squares"},
		func(row []Mem, _, mean, acc []vec) {
			d := l.widened(row[0])
			VSUBPD(mean[0], d, d)
			VMULPD(d, d, d)
			VADDPD(d, acc[0], acc[0])
		})
	l.columns("normalizedSums", "func(m, n, c int, dy, x, mean, inv *float32, sums, products *float64)",
		"for i := range m { for j := range n { sums[j] += float64(dy[i*c+j]); products[j] += float64(dy[i*c+j] * ((x[i*c+j] - mean[j]) * inv[j])) } }",
		[]string{"dy", "x"}, []string{"mean", "inv"}, nil, []string{"sums", "products"},
		func(row []Mem, fixed, _, acc []vec) {
			g, hat := l.half(), l.half()
			VMOVUPS(row[0], g)
			VADDPD(l.widened(g), acc[0], acc[0])
			VMOVUPS(row[1], hat)
			VSUBPS(fixed[0], hat, hat)
			VMULPS(fixed[1], hat, hat)
			VMULPS(hat, g, g)
			VADDPD(l.widened(g), acc[1], acc[1])
		})
	l.normalizeGrad()
}

// half is a register of half a vector's width.
func (l *lanes) half() vec {
	if l.wide() {
		return YMM()
	}
	return XMM()
}

// widened returns half a vector in float64.
func (l *lanes) widened(x Op) vec { v := l.vec(); VCVTPS2PD(x, v); return v }

// columns emits a kernel that goes down the rows of matrices, with what is fixed for a
// column, in float32 or float64, and sums in float64.
func (l *lanes) columns(name, signature, doc string, matrices, fixed, fixed64, sums []string, body func(row []Mem, fixed, fixed64, acc []vec)) {
	TEXT(name+l.name, NOSPLIT, signature)
	Doc(name+l.name+" is", doc)
	Pragma("noescape")
	pointers := func(names []string) (p []reg.GPVirtual) {
		for _, n := range names {
			p = append(p, pointer(n))
		}
		return p
	}
	m, n, c := pointer("m"), pointer("n"), pointer("c")
	from, pf, pw, to := pointers(matrices), pointers(fixed), pointers(fixed64), pointers(sums)
	left, row, j, loop := GP64(), GP64(), GP64(), label("columns")
	SHLQ(Imm(2), c)
	XORQ(j, j)
	Label(loop)
	var values, wide, acc []vec
	for _, p := range pf {
		v := l.half()
		VMOVUPS(Mem{Base: p, Index: j, Scale: 4}, v)
		values = append(values, v)
	}
	for _, p := range pw {
		wide = append(wide, l.copy(Mem{Base: p, Index: j, Scale: 8}))
	}
	for _, p := range to {
		acc = append(acc, l.copy(Mem{Base: p, Index: j, Scale: 8}))
	}
	MOVQ(m, left)
	XORQ(row, row)
	times(left, func() {
		var rows []Mem
		for _, p := range from {
			rows = append(rows, Mem{Base: p, Index: row, Scale: 1})
		}
		body(rows, values, wide, acc)
		ADDQ(c, row)
	})
	for i, p := range to {
		VMOVUPD(acc[i], Mem{Base: p, Index: j, Scale: 8})
	}
	for _, p := range from {
		ADDQ(U32(2*l.lanes), p)
	}
	ADDQ(U32(l.lanes/2), j)
	CMPQ(j, n)
	JL(LabelRef(loop))
	ret()
}

func (l *lanes) normalizeGrad() {
	TEXT("normalizeGrad"+l.name, NOSPLIT, "func(m, n int, dy, x, mean, inv, sum, product, gain *float32)")
	Doc("normalizeGrad"+l.name+" is", "for i := range m { for j := range n {",
		"\tdy[i*n+j] = FMA(-((x[i*n+j] - mean[j]) * inv[j]), product[j], dy[i*n+j]-sum[j]) * gain[j]", "} }")
	Pragma("noescape")
	m, n, dy, x := pointer("m"), pointer("n"), pointer("dy"), pointer("x")
	mean, inv, sum, product, gain := pointer("mean"), pointer("inv"), pointer("sum"), pointer("product"), pointer("gain")
	left, off := GP64(), GP64()
	times(m, func() {
		MOVQ(n, left)
		l.along(left, off, func() {
			hat := l.sub(l.load(at(x, off)), l.load(at(mean, off)))
			VMULPS(l.load(at(inv, off)), hat, hat)
			d := l.sub(l.load(at(dy, off)), l.load(at(sum, off)))
			VFNMADD231PS(l.load(at(product, off)), hat, d)
			VMULPS(l.load(at(gain, off)), d, d)
			l.store(d, at(dy, off))
		})
		LEAQ(Mem{Base: dy, Index: n, Scale: 4}, dy)
		LEAQ(Mem{Base: x, Index: n, Scale: 4}, x)
	})
	ret()
}
