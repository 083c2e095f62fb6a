//go:build !purego

package f32

import "unsafe"

//go:generate go -C _asm run ./gemm -out ../gemm_amd64.s

// tile is what a micro-kernel computes from where a and c begin: C (+)= A·B for a few rows
// of C and at most two vectors of its columns, as
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
	b          *float32
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
	times      int // tiles, one below the other; it ends as 0
	advanceA   int // from one to the next
	advanceC   int
}

// tile512 computes a tile of at most 12 rows and 2 vectors of 16 columns.
//
//go:noescape
func tile512(t *tile, a, c *float32)

// tile256 computes a tile of at most 6 rows and 2 vectors of 8 columns.
//
//go:noescape
func tile256(t *tile, a, c *float32)

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

// The sizes of the blocks. That of B, which the rows of A pass by, stays in the second
// cache.
const (
	deepest = 256 // rows of B
	widest  = 512 // columns of B
	tallest = 24  // rows of A that pass by a panel of two vectors' columns before the next
	shallow = 64  // a product of so few columns of A has mostly C to move

	rowsToPack  = 96      // of A, that repay the copying of
	sizeToPack  = 1 << 17 // numbers of B
	strideApart = 512     // of A's columns, from which on they are copied too
)

func product(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, co, ldc int, accumulate bool) {
	if active == generic {
		loops(m, n, k, a, b, ldb, 1, c, co, ldc, accumulate)
		return
	}
	_ = a[m.last()+k.last()]
	_ = b[(k.size()-1)*ldb+n-1]
	_ = c[(m.Outer-1)*co+(m.Inner-1)*ldc+n-1]
	if high, deep := m.size(), k.size(); high < tallest+tallest/2 && deep < deepest+deepest/2 && n <= widest {
		block := block{m: m, k: k, n: n, b: b, ldb: ldb, panel: 2 * shapes[active].lanes, co: co, ldc: ldc, accumulate: accumulate}
		block.panels(m, a, c)
		return
	}
	if m.size() >= rowsToPack && n*k.size() >= sizeToPack && n > 2*shapes[active].lanes {
		packed(m, n, k, a, b, ldb, false, c, co, ldc, accumulate)
		return
	}
	for j := 0; j < n; {
		wide := n - j
		if wide > widest+widest/2 {
			wide = widest
		}
		blocks(m, wide, k, a, b[j:], ldb, c[j:], co, ldc, accumulate)
		j += wide
	}
}

// packed computes C (+)= A·B, or A·Bᵀ, with copies of B's blocks whose panels lie one
// behind the other.
func packed(m Axis, n int, k Axis, a, b []float32, ldb int, transposed bool, c []float32, co, ldc int, accumulate bool) {
	w := borrow()
	defer w.giveBack()
	width := 2 * shapes[active].lanes
	whole := k.size()
	deep := evenly(whole, deepest)
	wide := min(n, len(w.b)/deep/width*width)
	for j := 0; j < n; j += wide {
		wide := min(wide, n-j)
		for p := 0; p < whole; {
			part, at := k.part(p, deep)
			size := part.size()
			if transposed {
				packTransposed(size, wide, width, b[j*ldb+p:], ldb, w.b)
			} else {
				packPanels(size, wide, width, b[p*ldb+j:], ldb, w.b)
			}
			block := block{m: m, k: part, n: wide, a: a[at:], b: w.b, ldb: width, panel: width * size,
				c: c[j:], co: co, ldc: ldc, accumulate: accumulate || p > 0}
			if m.Outer == 1 && m.Stride == 1 && part.Outer == 1 && part.Stride >= strideApart {
				block.multiplyApart(w)
			} else {
				block.multiply()
			}
			p += size
		}
	}
}

// evenly returns the size of nearly equal parts of n of about the size wanted.
func evenly(n, wanted int) int {
	count := max((n+wanted/2)/wanted, 1)
	return (n + count - 1) / count
}

// packPanels copies B [k, n] into panels of so many columns.
func packPanels(k, n, width int, b []float32, ldb int, to []float32) {
	for j := 0; j < n; j += width {
		panel := to[j*k:]
		if n-j < width || active == generic {
			for p := range k {
				copy(panel[p*width:][:min(width, n-j)], b[p*ldb+j:])
			}
		} else {
			packRows(width, k, &b[j], ldb, &panel[0], width)
		}
	}
}

// packTransposed copies the transpose of B [n, k] into panels of so many columns.
func packTransposed(k, n, width int, b []float32, ldb int, to []float32) {
	for j := 0; j < n; j += width {
		transpose(min(n-j, width), k, b[j*ldb:], ldb, to[j*k:], width)
	}
}

// blocks computes C (+)= A·B, a block of k after the other.
func blocks(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, co, ldc int, accumulate bool) {
	whole := k.size()
	deep := evenly(whole, deepest)
	for p := 0; p < whole; {
		part, at := k.part(p, deep)
		size := part.size()
		block := block{m: m, k: part, n: n, a: a[at:], b: b[p*ldb:], ldb: ldb, panel: 2 * shapes[active].lanes,
			c: c, co: co, ldc: ldc, accumulate: accumulate || p > 0}
		if p+size < whole && n == ldb {
			block.ahead = newStream(b, (p+size)*ldb, (min(size, whole-p-size)-1)*ldb+n)
		}
		block.multiply()
		p += size
	}
}

// block is a product that the caches hold: C (+)= A·B, B in panels of two vectors' columns.
type block struct {
	m, k       Axis
	n          int
	a, b, c    []float32
	ldb        int
	co, ldc    int // from outer row to outer row of C, and from row to row
	panel      int // from where a panel of B begins to where the next does
	accumulate bool
	ahead      stream
}

// multiply computes a few rows of A after the other, and fetches what is ahead, or else the
// next rows of C, on the way.
func (x *block) multiply() {
	size, tall := x.m.size(), tallest
	switch {
	case size < tall+tall/2, x.n <= 2*shapes[active].lanes:
		tall = size
	case x.m.Outer > 1:
		tall = max(tall, x.m.Inner)
	default: // nearly equal chunks
		count := (size + tall - 1) / tall
		tall = (size + count - 1) / count
	}
	rows := Axis{x.m.Outer, x.co, x.m.Inner, x.ldc} // of C
	for i := 0; i < size; {
		part, at := x.m.part(i, tall)
		next := i + part.size()
		if next < size && x.k.size() <= shallow && x.ahead.later == nil {
			from, last := rows.at(next), rows.at(min(next+tall, size)-1)
			x.ahead = newStream(x.c, from, last-from+x.n)
		}
		x.panels(part, x.a[at:], x.c[rows.at(i):])
		i = next
	}
}

// multiplyApart does so with copies of A's columns, which lie apart.
func (x *block) multiplyApart(w *workspace) {
	for i := 0; i < x.m.Inner; i += columnsOfA {
		y, high := *x, min(x.m.Inner-i, columnsOfA)
		w.packColumns(high, x.k, x.a[i:])
		y.m, y.k, y.a, y.c = Line(high, 1), Line(x.k.Inner, high), w.a, x.c[i*x.ldc:]
		y.multiply()
	}
}

// panels computes some rows, a panel of B's columns after the other.
func (x *block) panels(m Axis, a, c []float32) {
	s := shapes[active]
	t := tile{
		row: 4 * m.Stride, col: 4 * x.k.Stride, skip: 4 * (x.k.OuterStride - x.k.Inner*x.k.Stride),
		ldb: 4 * x.ldb, ldc: 4 * x.ldc, k: x.k.Inner, segments: x.k.Outer,
	}
	if x.accumulate {
		t.accumulate = 1
	}
	t.next = uintptr(unsafe.Pointer(&x.b[0]))
	stacks := newStacks(m.Inner, s.rows)
	threes := m.Inner == 3 && x.co == 3*x.ldc
	for j, at := 0, 0; j < x.n; j, at = j+2*s.lanes, at+x.panel {
		t.columns(min(x.n-j, 2*s.lanes), s.lanes)
		t.b = &x.b[at]
		if threes {
			threesOfRows(&t, s.rows/3, m, a, c[j:], x.ldc, &x.ahead)
		} else {
			stacks.run(&t, m, a, c[j:], x.co, x.ldc, &x.ahead)
		}
	}
}

// stream is memory to fetch ahead, a line with each step of a tile.
type stream struct {
	at, end uintptr
	later   *Ahead // what comes then, and
	taken   int    // how much of it has been begun
}

const line = 64 // bytes

func newStream(x []float32, from, n int) stream {
	at := uintptr(unsafe.Pointer(&x[from]))
	return stream{at: at, end: at + 4*uintptr(n)}
}

// feed gives the tile its part of the stream.
func (s *stream) feed(t *tile) {
	for s.at >= s.end {
		if s.later == nil || s.taken == len(s.later) {
			t.step = 0
			return
		}
		if x := s.later[s.taken]; len(x) > 0 {
			s.at = uintptr(unsafe.Pointer(&x[0]))
			s.end = s.at + 4*uintptr(len(x))
		}
		s.taken++
	}
	t.next, t.step = s.at, line
	s.at += line * uintptr(t.times*t.k*t.segments)
}

// columns sets how many columns the tile has.
func (t *tile) columns(n, lanes int) {
	t.vectors = 1
	if n > lanes {
		t.vectors, n = 2, n-lanes
	}
	t.mask = 1<<n - 1
	if lanes == 8 {
		t.lanes = (*[8]int32)(laneMasks[8-n:])
	}
}

// stacks is how rows are divided among tiles as equal as can be: first higher ones of
// high+1 rows, then the rest of the tiles, of high rows.
type stacks struct{ high, higher, rest int }

func newStacks(rows, most int) stacks {
	tiles := (rows + most - 1) / most
	high := rows / tiles
	higher := rows - high*tiles
	return stacks{high, higher, tiles - higher}
}

// run computes the tiles of all rows.
func (s stacks) run(t *tile, m Axis, a, c []float32, co, ldc int, ahead *stream) {
	t.group = 3 * t.row
	for i := range m.Outer {
		from, to := i*m.OuterStride, i*co
		if s.higher > 0 {
			t.stack(s.high+1, s.higher)
			t.run(&a[from], &c[to], ahead)
			from += s.higher * (s.high + 1) * m.Stride
			to += s.higher * (s.high + 1) * ldc
		}
		t.stack(s.high, s.rest)
		t.run(&a[from], &c[to], ahead)
	}
}

// threesOfRows computes the tiles of all rows where each outer row has three.
func threesOfRows(t *tile, most int, m Axis, a, c []float32, ldc int, ahead *stream) {
	t.group = 4 * m.OuterStride
	for i := 0; i < m.Outer; i += most {
		t.stack(3*min(most, m.Outer-i), 1)
		t.run(&a[i*m.OuterStride], &c[3*i*ldc], ahead)
	}
}

// stack sets how many rows the tile has, and how many such there are below each other.
func (t *tile) stack(m, times int) {
	t.m, t.times = m, times
	t.advanceA, t.advanceC = m*t.row, m*t.ldc
}

// run computes the tiles of which the first begins at a and c.
func (t *tile) run(a, c *float32, s *stream) {
	s.feed(t)
	if active == avx512 {
		tile512(t, a, c)
	} else {
		tile256(t, a, c)
	}
}
