package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// pack writes the copy of rows of as many numbers as the vectors hold.
func pack(name string, vectors []VecPhysical) {
	TEXT(name, NOSPLIT, "func(rows int, src *float32, lds int, dst *float32, ldd int)")
	rows, src, dst := Load(Param("rows"), GP64()), Load(Param("src"), GP64()), Load(Param("dst"), GP64())
	lds, ldd := Load(Param("lds"), GP64()), Load(Param("ldd"), GP64())
	SHLQ(Imm(2), lds)
	SHLQ(Imm(2), ldd)
	Label(name + "row")
	for i, v := range vectors {
		VMOVUPS(Mem{Base: src, Disp: i * int(v.Size())}, v)
	}
	for i, v := range vectors {
		VMOVUPS(v, Mem{Base: dst, Disp: i * int(v.Size())})
	}
	ADDQ(lds, src)
	ADDQ(ldd, dst)
	DECQ(rows)
	JNE(LabelRef(name + "row"))
	VZEROUPPER()
	RET()
}
