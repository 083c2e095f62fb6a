package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// transpose256 writes the transpose of a block of 8 by 8 numbers: pairs of rows are
// interleaved by number, by pair, and by half.
func transpose256() {
	TEXT("transpose8", NOSPLIT, "func(src *float32, lds int, dst *float32, ldd int)")
	row := []Register{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7}
	mid := []Register{Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}
	loadRows(row)
	for i := 0; i < 8; i += 2 {
		VUNPCKLPS(row[i+1], row[i], mid[i])
		VUNPCKHPS(row[i+1], row[i], mid[i+1])
	}
	for i := 0; i < 8; i += 4 {
		for h := range 2 {
			VUNPCKLPD(mid[i+2+h], mid[i+h], row[i+2*h])
			VUNPCKHPD(mid[i+2+h], mid[i+h], row[i+2*h+1])
		}
	}
	for i := range 4 {
		VPERM2F128(Imm(0x20), row[i+4], row[i], mid[i])
		VPERM2F128(Imm(0x31), row[i+4], row[i], mid[i+4])
	}
	storeRows(mid)
	VZEROUPPER()
	RET()
}

// transpose512 does it for 16 by 16: by number, by pair, and by quarter twice.
func transpose512() {
	TEXT("transpose16", NOSPLIT, "func(src *float32, lds int, dst *float32, ldd int)")
	row := []Register{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15}
	mid := []Register{Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29, Z30, Z31}
	loadRows(row)
	for i := 0; i < 16; i += 2 {
		VUNPCKLPS(row[i+1], row[i], mid[i])
		VUNPCKHPS(row[i+1], row[i], mid[i+1])
	}
	for i := 0; i < 16; i += 4 {
		for h := range 2 {
			VUNPCKLPD(mid[i+2+h], mid[i+h], row[i+2*h])
			VUNPCKHPD(mid[i+2+h], mid[i+h], row[i+2*h+1])
		}
	}
	// row[4g+c] has in its quarter q the column 4q+c of the rows 4g to 4g+3.
	for c := range 4 {
		VSHUFF32X4(Imm(0x44), row[4+c], row[c], mid[c])      // quarters 0 and 1 of groups 0 and 1
		VSHUFF32X4(Imm(0xee), row[4+c], row[c], mid[4+c])    // quarters 2 and 3
		VSHUFF32X4(Imm(0x44), row[12+c], row[8+c], mid[8+c]) // of groups 2 and 3
		VSHUFF32X4(Imm(0xee), row[12+c], row[8+c], mid[12+c])
	}
	for c := range 4 {
		VSHUFF32X4(Imm(0x88), mid[8+c], mid[c], row[c])
		VSHUFF32X4(Imm(0xdd), mid[8+c], mid[c], row[4+c])
		VSHUFF32X4(Imm(0x88), mid[12+c], mid[4+c], row[8+c])
		VSHUFF32X4(Imm(0xdd), mid[12+c], mid[4+c], row[12+c])
	}
	storeRows(row)
	VZEROUPPER()
	RET()
}

// loadRows loads the rows of src; the strides are in numbers.
func loadRows(rows []Register) {
	src, stride := Load(Param("src"), GP64()), Load(Param("lds"), GP64())
	SHLQ(Imm(2), stride)
	for i, r := range rows {
		VMOVUPS(Mem{Base: src}, r)
		if i+1 < len(rows) {
			ADDQ(stride, src)
		}
	}
}

func storeRows(rows []Register) {
	dst, stride := Load(Param("dst"), GP64()), Load(Param("ldd"), GP64())
	SHLQ(Imm(2), stride)
	for i, r := range rows {
		VMOVUPS(r, Mem{Base: dst})
		if i+1 < len(rows) {
			ADDQ(stride, dst)
		}
	}
}
