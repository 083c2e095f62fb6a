// The program gemm writes the micro-kernels of the matrix product: for each instruction
// set one function that computes a tile of C. It reads the fields of tile, in
// gemm_amd64.go, by their offsets.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The offsets of tile's fields.
const (
	tileB = 8 * iota
	tileNext
	tileLanes
	tileMask
	tileRow
	tileGroup
	tileCol
	tileSkip
	tileLDB
	tileLDC
	tileStep
	tileM
	tileK
	tileSegments
	tileVectors
	tileAccumulate
	tileTimes
	tileAdvanceA
	tileAdvanceC
)

func main() {
	ConstraintExpr("!purego")
	micro(&kernel{name: "tile512", lanes: 16, rows: 12})
	micro(&kernel{name: "tile256", lanes: 8, rows: 6})
	pack("pack32", []VecPhysical{Z0, Z1})
	pack("pack16", []VecPhysical{Y0, Y1})
	transpose512()
	transpose256()
	Generate()
}

// kernel is a family of tiles of 1 to rows rows and of one or two vectors, the last of
// which may be a part.
type kernel struct {
	name        string
	lanes, rows int

	tile              Register
	a                 []Register // rows 0, 3, 6 and 9
	row, col          Register
	b, ldb            Register
	next, step        Register
	count, segments   Register
	first, last, from Register // vectors of B, and a number of A in all lanes
	sums              [][2]Register
	mask              Register
}

// micro writes the function: it loads the tile's strides, and goes to the code for its
// rows and vectors.
func micro(k *kernel) {
	TEXT(k.name, NOSPLIT, "func(t *byte, a, c *float32)")
	k.tile = Load(Param("t"), GP64())
	k.row, k.col, k.b, k.ldb, k.next, k.step = GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	k.count, k.segments = GP64(), GP64()
	for range (k.rows + 2) / 3 {
		k.a = append(k.a, GP64())
	}
	for _, f := range []struct {
		offset int
		to     Register
	}{
		{tileRow, k.row}, {tileCol, k.col}, {tileLDB, k.ldb}, {tileNext, k.next}, {tileStep, k.step},
	} {
		MOVQ(k.field(f.offset), f.to)
	}
	k.dispatch()
	for _, v := range k.variants() {
		k.write(v)
	}
}

// variant is the code for so many rows and vectors; in a full one the last vector is
// whole, and needs no mask, which costs a load a place among the products.
type variant struct {
	rows, vectors int
	full          bool
}

func (k *kernel) variants() (all []variant) {
	for vectors := 2; vectors > 0; vectors-- {
		for rows := k.rows; rows > 0; rows-- {
			all = append(all, variant{rows, vectors, true}, variant{rows, vectors, false})
		}
	}
	return all
}

func (k *kernel) label(v variant, place string) string {
	if v.full {
		place += "full"
	}
	return fmt.Sprintf("%s%dx%d%s", k.name, v.rows, v.vectors, place)
}

// dispatch sets the mask and jumps to the variant.
func (k *kernel) dispatch() {
	if k.lanes == 16 {
		k.mask = K1
		MOVQ(k.field(tileMask), k.count)
		KMOVW(k.count.(GPVirtual).As32(), K1)
	} else {
		k.mask = Y15
		MOVQ(k.field(tileLanes), k.count)
		VMOVUPS(Mem{Base: k.count}, Y15)
	}
	MOVQ(k.field(tileM), k.count)
	CMPQ(k.field(tileVectors), Imm(2))
	JNE(LabelRef(k.name + "narrow"))
	k.dispatchRows(2)
	Label(k.name + "narrow")
	k.dispatchRows(1)
}

func (k *kernel) dispatchRows(vectors int) {
	whole := uint64(1)<<k.lanes - 1
	CMPQ(k.field(tileMask), U32(whole))
	part := fmt.Sprint(k.name, "part", vectors)
	JNE(LabelRef(part))
	k.dispatchVariants(vectors, true)
	Label(part)
	k.dispatchVariants(vectors, false)
}

func (k *kernel) dispatchVariants(vectors int, full bool) {
	for rows := k.rows; rows > 1; rows-- {
		CMPQ(k.count, Imm(uint64(rows)))
		JEQ(LabelRef(k.label(variant{rows, vectors, full}, "")))
	}
	JMP(LabelRef(k.label(variant{1, vectors, full}, "")))
}

func (k *kernel) field(offset int) Mem { return Mem{Base: k.tile, Disp: offset} }

// element addresses row i of A.
func (k *kernel) element(i int) Mem {
	m := Mem{Base: k.a[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = k.row, uint8(i%3)
	}
	return m
}

// write writes the variant: it loads C or clears the sums, runs over k, stores C, and goes
// on to the next tile below.
func (k *kernel) write(v variant) {
	Label(k.label(v, ""))
	k.registers(v)
	Load(Param("a"), k.a[0])
	for i := 1; i < (v.rows+2)/3; i++ {
		MOVQ(k.a[i-1], k.a[i])
		ADDQ(k.field(tileGroup), k.a[i])
	}
	MOVQ(k.field(tileB), k.b)
	MOVQ(k.field(tileSegments), k.segments)
	CMPQ(k.field(tileAccumulate), Imm(0))
	JEQ(LabelRef(k.label(v, "clear")))
	k.edges(v, true)
	JMP(LabelRef(k.label(v, "segment")))
	Label(k.label(v, "clear"))
	for i := range v.rows {
		for j := range v.vectors {
			k.zero(k.sums[i][j])
		}
	}
	Label(k.label(v, "segment"))
	MOVQ(k.field(tileK), k.count)
	Label(k.label(v, "step"))
	k.multiply(v)
	DECQ(k.count)
	JNE(LabelRef(k.label(v, "step")))
	for i := range (v.rows + 2) / 3 {
		ADDQ(k.field(tileSkip), k.a[i])
	}
	DECQ(k.segments)
	JNE(LabelRef(k.label(v, "segment")))
	k.edges(v, false)
	k.advance(tileAdvanceA, "a", 8)
	k.advance(tileAdvanceC, "c", 16)
	DECQ(k.field(tileTimes))
	JNE(LabelRef(k.label(v, "")))
	VZEROUPPER()
	RET()
}

// advance moves an argument on.
func (k *kernel) advance(by int, name string, offset int) {
	MOVQ(k.field(by), k.count)
	ADDQ(k.count, NewParamAddr(name, offset))
}

// registers places the sums in the low vectors, B and A above.
func (k *kernel) registers(v variant) {
	z := []Register{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15,
		Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31}
	k.first, k.last, k.from = Z24, Z25, Z26
	if k.lanes == 8 {
		z = []Register{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11}
		k.first, k.last, k.from = Y12, Y13, Y14
	}
	k.sums = nil
	for i := range v.rows {
		s := [2]Register{z[i*v.vectors]}
		if v.vectors == 2 {
			s[1] = z[i*v.vectors+1]
		}
		k.sums = append(k.sums, s)
	}
}

func (k *kernel) zero(r Register) {
	if k.lanes == 16 {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// load loads vector j of the variant's, whose last may be a part.
func (k *kernel) load(v variant, j int, from Mem, to Register) {
	from.Disp += 4 * k.lanes * j
	switch {
	case j+1 < v.vectors || v.full:
		VMOVUPS(from, to)
	case k.lanes == 16:
		VMOVUPS_Z(from, k.mask, to)
	default:
		VMASKMOVPS(from, k.mask, to)
	}
}

// store stores vector j likewise.
func (k *kernel) store(v variant, j int, from Register, to Mem) {
	to.Disp += 4 * k.lanes * j
	switch {
	case j+1 < v.vectors || v.full:
		VMOVUPS(from, to)
	case k.lanes == 16:
		VMOVUPS(from, k.mask, to)
	default:
		VMASKMOVPS(from, k.mask, to)
	}
}

// edges loads the sums from C, or stores them.
func (k *kernel) edges(v variant, load bool) {
	c, ldc := GP64(), GP64()
	Load(Param("c"), c)
	MOVQ(k.field(tileLDC), ldc)
	for i := range v.rows {
		for j := range v.vectors {
			if load {
				k.load(v, j, Mem{Base: c}, k.sums[i][j])
			} else {
				k.store(v, j, k.sums[i][j], Mem{Base: c})
			}
		}
		if i+1 < v.rows {
			ADDQ(ldc, c)
		}
	}
}

// multiply adds the products of one column of A with one row of B.
func (k *kernel) multiply(v variant) {
	b := []Register{k.first, k.last}
	for j := range v.vectors {
		k.load(v, j, Mem{Base: k.b}, b[j])
	}
	PREFETCHT1(Mem{Base: k.next})
	ADDQ(k.step, k.next)
	ADDQ(k.ldb, k.b)
	for i := range v.rows {
		if v.vectors == 1 && k.lanes == 16 {
			VFMADD231PS_BCST(k.element(i), b[0], k.sums[i][0])
			continue
		}
		VBROADCASTSS(k.element(i), k.from)
		for j := range v.vectors {
			VFMADD231PS(b[j], k.from, k.sums[i][j])
		}
	}
	for i := range (v.rows + 2) / 3 {
		ADDQ(k.col, k.a[i])
	}
}
