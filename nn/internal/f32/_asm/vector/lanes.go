package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set: 16 lanes with masks, or 8 lanes.
type isa struct {
	name  string
	lanes int
}

func (s isa) wide() bool { return s.lanes == 16 }

// bytes is the size of a vector.
func (s isa) bytes() int { return 4 * s.lanes }

// lanes emits operations on whole vectors, or, while tail is set, on the first few lanes
// of one, so that a kernel's body is written once.
type lanes struct {
	isa
	tail bool
	mask reg.Register // of the tail: a mask register, or a vector of -1 and 0
}

type vec = reg.VecVirtual

func (l *lanes) vec() vec {
	if l.wide() {
		return ZMM()
	}
	return YMM()
}

// load reads the vector at m. Lanes beyond the tail are 0.
func (l *lanes) load(m Mem) vec {
	v := l.vec()
	switch {
	case !l.tail:
		VMOVUPS(m, v)
	case l.wide():
		VMOVUPS_Z(m, l.mask, v)
	default:
		VMASKMOVPS(m, l.mask, v)
	}
	return v
}

// store writes v to m, and of a tail no lane beyond it.
func (l *lanes) store(v reg.Register, m Mem) {
	switch {
	case !l.tail:
		VMOVUPS(v, m)
	case l.wide():
		VMOVUPS(v, l.mask, m)
	default:
		VMASKMOVPS(v, l.mask, m)
	}
}

// The operations take registers; y may also be memory.

func (l *lanes) add(x reg.Register, y Op) vec { v := l.vec(); VADDPS(y, x, v); return v }
func (l *lanes) sub(x reg.Register, y Op) vec { v := l.vec(); VSUBPS(y, x, v); return v }
func (l *lanes) mul(x reg.Register, y Op) vec { v := l.vec(); VMULPS(y, x, v); return v }
func (l *lanes) div(x reg.Register, y Op) vec { v := l.vec(); VDIVPS(y, x, v); return v }
func (l *lanes) and(x reg.Register, y Op) vec { v := l.vec(); VANDPS(y, x, v); return v }
func (l *lanes) or(x reg.Register, y Op) vec  { v := l.vec(); VORPS(y, x, v); return v }
func (l *lanes) xor(x reg.Register, y Op) vec { v := l.vec(); VXORPS(y, x, v); return v }

// min and max take y where either is NaN, and of equal ones.
func (l *lanes) min(x reg.Register, y Op) vec { v := l.vec(); VMINPS(y, x, v); return v }
func (l *lanes) max(x reg.Register, y Op) vec { v := l.vec(); VMAXPS(y, x, v); return v }

// fma returns x·y + z in a register of its own.
func (l *lanes) fma(x reg.Register, y Op, z reg.Register) vec {
	v := l.copy(z)
	VFMADD231PS(y, x, v)
	return v
}

// fnma returns z - x·y in a register of its own.
func (l *lanes) fnma(x reg.Register, y Op, z reg.Register) vec {
	v := l.copy(z)
	VFNMADD231PS(y, x, v)
	return v
}

func (l *lanes) copy(x Op) vec { v := l.vec(); VMOVUPS(x, v); return v }

func (l *lanes) zero() vec { v := l.vec(); l.clear(v); return v }

func (l *lanes) clear(v reg.Register) {
	if l.wide() {
		VPXORD(v, v, v)
	} else {
		VPXOR(v, v, v)
	}
}

// chosen returns y where cond's sign bit is set and x elsewhere.
func (l *lanes) chosen(cond, x reg.Register, y reg.Register) vec {
	v := l.vec()
	if l.wide() {
		k := K()
		VPMOVD2M(cond, k)
		VBLENDMPS(y, x, k, v)
	} else {
		VBLENDVPS(cond, y, x, v)
	}
	return v
}

// where is a comparison's outcome: a mask register, or a vector of -1 and 0.
type where reg.Register

// Predicates of VCMPPS.
const (
	less         = 0x11 // ordered, quiet
	greater      = 0x1e // ordered, quiet
	unordered    = 0x03
	notLess      = 0x15 // or unordered, quiet
	equalInteger = 0x00
)

// compare returns where x compares so to y.
func (l *lanes) compare(predicate int, x reg.Register, y Op) where {
	if l.wide() {
		k := K()
		VCMPPS(U8(predicate), y, x, k)
		return k
	}
	v := YMM()
	VCMPPS(U8(predicate), y, x, v)
	return v
}

// either joins two outcomes.
func (l *lanes) either(a, b where) where {
	if l.wide() {
		k := K()
		KORW(a, b, k)
		return k
	}
	v := YMM()
	VORPS(a, b, v)
	return v
}

// pick returns y where w holds and x elsewhere.
func (l *lanes) pick(w where, x, y reg.Register) vec {
	v := l.vec()
	if l.wide() {
		VBLENDMPS(y, x, w, v)
	} else {
		VBLENDVPS(w, y, x, v)
	}
	return v
}

// keep returns x where w holds and 0 elsewhere.
func (l *lanes) keep(w where, x reg.Register) vec {
	if l.wide() {
		v := ZMM()
		VMOVAPS_Z(x, w, v)
		return v
	}
	return l.and(x, w)
}

// broadcast returns a vector of the float32 argument so called.
func (l *lanes) broadcast(param string) vec {
	v := l.vec()
	m, err := Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(m.Addr, v)
	return v
}

// Constants lie in memory, sixteen times each.

var (
	constants  = map[uint32]int{}
	table      Mem
	tailTable  Mem // 8 lanes set, then 8 not
	bytesTable Mem // a shuffle that brings each lane's low byte to the front of its half
	maskTable  Mem // for each n below 16 the n low bits
	tableBytes int
)

// of returns the constant in memory.
func (l *lanes) of(c float32) Mem { return l.bits(math.Float32bits(c)) }

func (l *lanes) bits(b uint32) Mem {
	at, ok := constants[b]
	if !ok {
		panic(fmt.Sprintf("constant %#x isn't in the table", b))
	}
	return table.Offset(at)
}

// in returns the constant in a register.
func (l *lanes) in(c float32) vec { return l.copy(l.of(c)) }

// layTable emits the table of all constants, and the masks of 8 lanes.
func layTable(values []uint32) {
	table = GLOBL("vectorConstants", RODATA|NOPTR)
	for _, b := range values {
		if _, ok := constants[b]; ok {
			continue
		}
		at := tableBytes
		constants[b] = at
		for j := range 8 {
			DATA(at+8*j, U64(uint64(b)<<32|uint64(b)))
		}
		tableBytes += 64
	}
	tailTable = GLOBL("vectorTails", RODATA|NOPTR)
	for i := range 16 {
		b := uint32(0)
		if i < 8 {
			b = 0xffffffff
		}
		DATA(4*i, U32(b))
	}
	bytesTable = GLOBL("vectorBytes", RODATA|NOPTR)
	for i := range 8 {
		b := uint32(0x80808080)
		if i%4 == 0 {
			b = 0x0c080400
		}
		DATA(4*i, U32(b))
	}
	maskTable = GLOBL("vectorMasks", RODATA|NOPTR)
	for i := range 16 {
		DATA(2*i, U16(1<<i-1))
	}
}

// setTail makes the mask of the first n lanes, 0 < n < lanes.
func (l *lanes) setTail(n reg.GPVirtual) {
	if l.wide() {
		base, k := GP64(), K()
		LEAQ(maskTable, base)
		KMOVW(Mem{Base: base, Index: n, Scale: 2}, k)
		l.mask = k
		return
	}
	at, base := GP64(), GP64()
	LEAQ(tailTable.Offset(32), base)
	MOVQ(n, at)
	NEGQ(at)
	v := YMM()
	VMOVUPS(Mem{Base: base, Index: at, Scale: 4}, v)
	l.mask = v
}

// label returns a label of its own for the function being written.
var labels int

func label(name string) string {
	labels++
	return fmt.Sprintf("%s%d", name, labels)
}

// along emits body for the n numbers from at on, vector by vector and then for the tail.
// at, a register of bytes, counts from 0; n is used up.
func (l *lanes) along(n, at reg.GPVirtual, body func()) {
	loop, tail, done := label("vectors"), label("tail"), label("done")
	XORQ(at, at)
	Label(loop)
	CMPQ(n, U32(l.lanes))
	JL(LabelRef(tail))
	body()
	ADDQ(U32(l.bytes()), at)
	SUBQ(U32(l.lanes), n)
	JMP(LabelRef(loop))
	Label(tail)
	TESTQ(n, n)
	JZ(LabelRef(done))
	l.setTail(n)
	l.tail = true
	body()
	l.tail = false
	Label(done)
}

// times emits body n times, n > 0 or not; n is used up.
func times(n reg.GPVirtual, body func()) {
	loop, done := label("rows"), label("end")
	Label(loop)
	TESTQ(n, n)
	JZ(LabelRef(done))
	body()
	DECQ(n)
	JMP(LabelRef(loop))
	Label(done)
}

// pointer loads an argument into a register.
func pointer(param string) reg.GPVirtual { return Load(Param(param), GP64()).(reg.GPVirtual) }

// returned is where element i of a result, an array, goes.
func returned(name string, i int) Mem {
	m, err := Return(name).Index(i).Resolve()
	if err != nil {
		panic(err)
	}
	return m.Addr
}

// ret ends a kernel.
func ret() {
	VZEROUPPER()
	RET()
}

// at is the memory off bytes after base.
func at(base, off reg.Register) Mem { return Mem{Base: base, Index: off, Scale: 1} }
