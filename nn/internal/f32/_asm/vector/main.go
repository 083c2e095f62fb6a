// The program vector writes the vector kernels: maps, reductions, recurrent cells, pools
// and the optimizer, each for both instruction sets. The portable twins are in the package
// itself, and the kernels follow them operation for operation.
package main

import . "github.com/mmcloughlin/avo/build"

func main() {
	ConstraintExpr("!purego")
	layTable(constantTable())
	for _, s := range []isa{{"AVX512", 16}, {"AVX2", 8}} {
		l := &lanes{isa: s}
		l.maps()
		l.rows()
		l.reductions()
		l.norms()
		l.cells()
		l.pools()
		l.adam()
		l.binaryCrossEntropy()
	}
	Generate()
}
