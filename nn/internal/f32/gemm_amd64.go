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
)

func product(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	if active == generic {
		loops(m, n, k, a, b, ldb, 1, c, ldc, accumulate)
		return
	}
	_ = a[m.last()+k.last()]
	_ = b[(k.size()-1)*ldb+n-1]
	_ = c[(m.size()-1)*ldc+n-1]
	for j := 0; j < n; {
		wide := n - j
		if wide > widest+widest/2 {
			wide = widest
		}
		blocks(m, wide, k, a, b[j:], ldb, c[j:], ldc, accumulate)
		j += wide
	}
}

// blocks computes C (+)= A·B, a block of k after the other.
func blocks(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	whole := k.size()
	deep := whole
	if count := (whole + deepest/2) / deepest; count > 1 { // nearly equal blocks
		deep = (whole + count - 1) / count
	}
	for p := 0; p < whole; {
		part, at := k.part(p, deep)
		size := part.size()
		var s stream
		if p+size < whole && n == ldb {
			s = newStream(b, (p+size)*ldb, (min(size, whole-p-size)-1)*ldb+n)
		}
		chunks(m, n, part, a[at:], b[p*ldb:], ldb, c, ldc, accumulate, s)
		p += size
		accumulate = true
	}
}

// chunks computes C (+)= A·B, a few rows of A after the other, and fetches s, or else the
// next rows of C, on the way.
func chunks(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, ldc int, accumulate bool, s stream) {
	size, tall := m.size(), tallest
	switch {
	case size < tall+tall/2:
		tall = size
	case m.Outer > 1:
		tall = max(tall, m.Inner)
	default: // nearly equal chunks
		count := (size + tall - 1) / tall
		tall = (size + count - 1) / count
	}
	for i := 0; i < size; {
		part, at := m.part(i, tall)
		next := i + part.size()
		if rest := size - next; rest > 0 && k.size() <= shallow {
			s = newStream(c, next*ldc, (min(tall, rest)-1)*ldc+n)
		}
		panels(part, n, k, a[at:], b, ldb, c[i*ldc:], ldc, accumulate, &s)
		i = next
	}
}

// stream is memory to fetch ahead, a line with each step of a tile.
type stream struct{ at, end uintptr }

const line = 64 // bytes

func newStream(x []float32, from, n int) stream {
	at := uintptr(unsafe.Pointer(&x[from]))
	return stream{at, at + 4*uintptr(n)}
}

// feed gives the tile its part of the stream.
func (s *stream) feed(t *tile) {
	if s.at >= s.end {
		t.step = 0
		return
	}
	t.next, t.step = s.at, line
	s.at += line * uintptr(t.k*t.segments)
}

// newTile returns the tile for the strides.
func newTile(m, k Axis, ldb, ldc int, accumulate bool) tile {
	t := tile{
		row: 4 * m.Stride, col: 4 * k.Stride, skip: 4 * (k.OuterStride - k.Inner*k.Stride),
		ldb: 4 * ldb, ldc: 4 * ldc, k: k.Inner, segments: k.Outer,
	}
	if accumulate {
		t.accumulate = 1
	}
	return t
}

// panels computes C (+)= A·B, a panel of B's columns after the other, and fetches s.
func panels(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, ldc int, accumulate bool, s *stream) {
	width, lanes := 2*shapes[active].lanes, shapes[active].lanes
	t := newTile(m, k, ldb, ldc, accumulate)
	t.next = uintptr(unsafe.Pointer(&b[0]))
	for j := 0; j < n; j += width {
		t.columns(min(n-j, width), lanes)
		t.b = &b[j]
		panel(&t, m, a, c[j:], ldc, s)
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

// aligned returns x from where a cache line begins.
func aligned(x []float32) []float32 {
	past := uintptr(unsafe.Pointer(&x[0])) % line
	return x[(line-past)%line/4:]
}

// panel computes the tiles of all rows.
func panel(t *tile, m Axis, a, c []float32, ldc int, s *stream) {
	most := shapes[active].rows
	if m.Inner == 3 {
		t.group = 4 * m.OuterStride
		for i := 0; i < m.Outer; i += most / 3 {
			t.m = 3 * min(most/3, m.Outer-i)
			t.run(&a[i*m.OuterStride], &c[3*i*ldc], s)
		}
		return
	}
	t.group = 3 * t.row
	for i := range m.Outer {
		from, to, left := i*m.OuterStride, i*m.Inner*ldc, m.Inner
		for tiles := (left + most - 1) / most; tiles > 0; tiles-- {
			t.m = (left + tiles - 1) / tiles // as equal as can be
			t.run(&a[from], &c[to], s)
			from += t.m * m.Stride
			to += t.m * ldc
			left -= t.m
		}
	}
}

// run computes the tile whose first elements are at a and c.
func (t *tile) run(a, c *float32, s *stream) {
	s.feed(t)
	if active == avx512 {
		tile512(t, a, c)
	} else {
		tile256(t, a, c)
	}
}
