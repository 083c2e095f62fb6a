//go:build !purego

package f32

import "unsafe"

//go:generate go -C _asm run ./gemm -out ../gemm_amd64.s

// tile is what a micro-kernel computes: C (+)= A·B for a few rows of C and at most two
// vectors of its columns, as
//
//	for i := range t.m {
//		for j := range columns {
//			chain := c[i*ldc+j] // or 0
//			for s := range segments {
//				for p := range k {
//					chain = FMA(a[i/3*group+i%3*row+s*segment+p*col], b[(s*k+p)*ldb+j], chain)
//				}
//			}
//			c[i*ldc+j] = chain
//		}
//	}
//
// Strides are in bytes. The generator knows the fields by their offsets.
type tile struct {
	a, b, c    *float32
	next       uintptr   // an address to prefetch, which moves by step with each p
	lanes      *[8]int32 // AVX2: -1 in the lanes of the last vector that exist
	mask       int       // a bit for each such lane
	row, group int
	col, skip  int // skip = segment - k·col
	ldb, ldc   int
	step       int
	m, k       int
	segments   int
	vectors    int // 1 or 2
	accumulate int // 0 or 1
}

// tile512 computes a tile of at most 12 rows and 2 vectors of 16 columns.
//
//go:noescape
func tile512(t *tile)

// tile256 computes a tile of at most 6 rows and 2 vectors of 8 columns.
//
//go:noescape
func tile256(t *tile)

// transpose16 sets dst[j*ldd+i] = src[i*lds+j] for i, j < 16, with AVX-512.
//
//go:noescape
func transpose16(src *float32, lds int, dst *float32, ldd int)

// transpose8 sets dst[j*ldd+i] = src[i*lds+j] for i, j < 8, with AVX.
//
//go:noescape
func transpose8(src *float32, lds int, dst *float32, ldd int)

var laneMasks = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1}

// shape is the size of the active path's tiles.
type shape struct{ rows, lanes int }

var shapes = [...]shape{avx2: {6, 8}, avx512: {12, 16}}

const deepest = 256 // numbers of a chain in one go: so many rows of B stay in the cache

func product(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	if active == generic {
		loops(m, n, k, a, b, ldb, 1, c, ldc, accumulate)
		return
	}
	_ = a[m.last()+k.last()]
	_ = b[(k.size()-1)*ldb+n-1]
	_ = c[(m.size()-1)*ldc+n-1]
	for p := 0; p < k.size(); {
		part, at := k.part(p, deepest)
		panels(m, n, part, a[at:], b[p*ldb:], ldb, c, ldc, accumulate)
		p += part.size()
		accumulate = true
	}
}

// panels computes C (+)= A·B, a panel of B's columns after the other.
func panels(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	s := shapes[active]
	t := tile{
		row: 4 * m.Stride, col: 4 * k.Stride, skip: 4 * (k.OuterStride - k.Inner*k.Stride),
		ldb: 4 * ldb, ldc: 4 * ldc, k: k.Inner, segments: k.Outer,
	}
	if accumulate {
		t.accumulate = 1
	}
	for j := 0; j < n; j += 2 * s.lanes {
		t.columns(min(n-j, 2*s.lanes), s.lanes)
		t.b = &b[j]
		t.next = uintptr(unsafe.Pointer(t.b))
		panel(&t, s.rows, m, a, c[j:], ldc)
	}
}

// columns sets how many columns the tile has.
func (t *tile) columns(n, lanes int) {
	t.vectors = (n + lanes - 1) / lanes
	last := n - (t.vectors-1)*lanes
	t.mask = 1<<last - 1
	if lanes == 8 {
		t.lanes = (*[8]int32)(laneMasks[8-last:])
	}
}

// panel computes the tiles of all rows.
func panel(t *tile, most int, rows Axis, a, c []float32, ldc int) {
	if rows.Inner == 3 {
		t.group = 4 * rows.OuterStride
		for i := 0; i < rows.Outer; i += most / 3 {
			t.m = 3 * min(most/3, rows.Outer-i)
			t.a, t.c = &a[i*rows.OuterStride], &c[3*i*ldc]
			t.run()
		}
		return
	}
	t.group = 3 * t.row
	count := (rows.Inner + most - 1) / most // tiles, as equal as can be
	size, more := rows.Inner/count, rows.Inner%count
	for i := range rows.Outer {
		from, to := i*rows.OuterStride, i*rows.Inner*ldc
		for j := range count {
			t.m = size
			if j < more {
				t.m++
			}
			t.a, t.c = &a[from], &c[to]
			t.run()
			from += t.m * rows.Stride
			to += t.m * ldc
		}
	}
}

func (t *tile) run() {
	if active == avx512 {
		tile512(t)
	} else {
		tile256(t)
	}
}

func productNT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	if active == generic {
		loops(Line(m, lda), n, Line(k, 1), a, b, 1, ldb, c, ldc, accumulate)
		return
	}
	loops(Line(m, lda), n, Line(k, 1), a, b, 1, ldb, c, ldc, accumulate)
}
