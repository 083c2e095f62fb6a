package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows emits the kernels on matrices of m rows of n numbers.
func (l *lanes) rows() {
	l.rowKernel("addRows", "c[i*n+j] += bias[j]", func(c, b reg.Register) vec { return l.add(c, b) })
	l.rowKernel("addRowsReLU", "c[i*n+j] = relu(c[i*n+j] + bias[j])", func(c, b reg.Register) vec { return l.relu(l.add(c, b)) })
	l.columnSums()
	l.normalize()
}

func (l *lanes) rowKernel(name, doc string, f func(c, b reg.Register) vec) {
	TEXT(name+l.name, NOSPLIT, "func(m, n int, c, bias *float32)")
	Doc(name+l.name+" is", "for i := range m { for j := range n { "+doc+" } }")
	Pragma("noescape")
	m, n, c, bias := pointer("m"), pointer("n"), pointer("c"), pointer("bias")
	left, off := GP64(), GP64()
	times(m, func() {
		MOVQ(n, left)
		l.along(left, off, func() { l.store(f(l.load(at(c, off)), l.load(at(bias, off))), at(c, off)) })
		LEAQ(Mem{Base: c, Index: n, Scale: 4}, c)
	})
	ret()
}

// columnSums goes down four vectors of columns at a time, so that four chains run beside
// each other, then down single ones and the tail.
func (l *lanes) columnSums() {
	TEXT("columnSums"+l.name, NOSPLIT, "func(m, n int, x, out *float32)")
	Doc("columnSums"+l.name+" is", "for i := range m { for j := range n { out[j] += x[i*n+j] } }")
	Pragma("noescape")
	m, n, x, out := pointer("m"), pointer("n"), pointer("x"), pointer("out")
	stride := GP64()
	MOVQ(n, stride)
	SHLQ(Imm(2), stride)
	wide, narrow := label("blocks"), label("columns")
	left, row := GP64(), GP64()
	down := func(sums []vec) {
		MOVQ(m, left)
		MOVQ(x, row)
		times(left, func() {
			for i, s := range sums {
				at := Mem{Base: row, Disp: i * l.bytes()}
				if l.tail {
					VADDPS(l.load(at), s, s)
				} else {
					VADDPS(at, s, s)
				}
			}
			ADDQ(stride, row)
		})
	}
	Label(wide)
	CMPQ(n, U32(4*l.lanes))
	JL(LabelRef(narrow))
	var sums []vec
	for i := range 4 {
		sums = append(sums, l.load(Mem{Base: out, Disp: i * l.bytes()}))
	}
	down(sums)
	for i, s := range sums {
		l.store(s, Mem{Base: out, Disp: i * l.bytes()})
	}
	ADDQ(U32(4*l.bytes()), x)
	ADDQ(U32(4*l.bytes()), out)
	SUBQ(U32(4*l.lanes), n)
	JMP(LabelRef(wide))
	Label(narrow)
	off := GP64()
	l.along(n, off, func() {
		s := l.load(Mem{Base: out})
		down([]vec{s})
		l.store(s, Mem{Base: out})
		ADDQ(U32(l.bytes()), x)
		ADDQ(U32(l.bytes()), out)
	})
	ret()
}

func (l *lanes) normalize() {
	TEXT("normalize"+l.name, NOSPLIT, "func(m, n int, dst, x, mean, inv, gamma, beta *float32)")
	Doc("normalize"+l.name+" is", "for i := range m { for j := range n {",
		"\tdst[i*n+j] = FMA((x[i*n+j]-mean[j])*inv[j], gamma[j], beta[j])", "} }")
	Pragma("noescape")
	m, n, dst, x := pointer("m"), pointer("n"), pointer("dst"), pointer("x")
	mean, inv, gamma, beta := pointer("mean"), pointer("inv"), pointer("gamma"), pointer("beta")
	left, off := GP64(), GP64()
	times(m, func() {
		MOVQ(n, left)
		l.along(left, off, func() {
			v := l.sub(l.load(at(x, off)), l.load(at(mean, off)))
			VMULPS(l.load(at(inv, off)), v, v)
			VFMADD213PS(l.load(at(beta, off)), l.load(at(gamma, off)), v)
			l.store(v, at(dst, off))
		})
		LEAQ(Mem{Base: dst, Index: n, Scale: 4}, dst)
		LEAQ(Mem{Base: x, Index: n, Scale: 4}, x)
	})
	ret()
}

// reductions emits the sums by the tree of sixteen lanes, as far as whole blocks of
// sixteen numbers go.
func (l *lanes) reductions() {
	TEXT("sum"+l.name, NOSPLIT, "func(a *float32, blocks int) (lane [16]float32)")
	Doc("sum"+l.name+" is", "for i := range 16 * blocks { lane[i%16] += a[i] }")
	Pragma("noescape")
	a, blocks := pointer("a"), pointer("blocks")
	l.sixteen(func(sums []vec) {
		times(blocks, func() {
			for i, s := range sums {
				VADDPS(Mem{Base: a, Disp: i * l.bytes()}, s, s)
			}
			ADDQ(U32(64), a)
		})
	})
	ret()

	TEXT("dot"+l.name, NOSPLIT, "func(a, b *float32, blocks int) (lane [16]float32)")
	Doc("dot"+l.name+" is", "for i := range 16 * blocks { lane[i%16] = FMA(a[i], b[i], lane[i%16]) }")
	Pragma("noescape")
	a, blocks = pointer("a"), pointer("blocks")
	b := pointer("b")
	l.sixteen(func(sums []vec) {
		times(blocks, func() {
			for i, s := range sums {
				VFMADD231PS(Mem{Base: b, Disp: i * l.bytes()}, l.load(Mem{Base: a, Disp: i * l.bytes()}), s)
			}
			ADDQ(U32(64), a)
			ADDQ(U32(64), b)
		})
	})
	ret()
}

// sixteen keeps sixteen lanes in one register or two while body runs, and returns them.
func (l *lanes) sixteen(body func(sums []vec)) {
	var sums []vec
	for range 16 / l.lanes {
		sums = append(sums, l.zero())
	}
	body(sums)
	for i, s := range sums {
		l.store(s, returned("lane", i*l.lanes))
	}
}
