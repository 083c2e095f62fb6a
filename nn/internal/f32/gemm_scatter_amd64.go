//go:build !purego

package f32

import "unsafe"

// scatter computes a panel of B's columns after the other.
func scatter(m Axis, n int, k Axis, a, b []float32, ldb int, c []float32, outer, ldc int) {
	_, _, _ = a[m.last()+k.last()], b[(k.size()-1)*ldb+n-1], c[(m.Outer-1)*outer+(m.Inner-1)*ldc+n-1]
	s := shapes[active]
	tiles := (m.Inner + s.rows - 1) / s.rows // as equal as can be
	high, higher := m.Inner/tiles, m.Inner%tiles
	t := tile{
		row: 4 * m.Stride, group: 12 * m.Stride, col: 4 * k.Stride, skip: 4 * (k.OuterStride - k.Inner*k.Stride),
		ldb: 4 * ldb, ldc: 4 * ldc, k: k.Inner, segments: k.Outer,
		next: uintptr(unsafe.Pointer(&b[0])), accumulate: 1,
	}
	for j := 0; j < n; j += 2 * s.lanes {
		t.columns(min(n-j, 2*s.lanes), s.lanes)
		t.b = &b[j]
		for o := range m.Outer {
			from, to := o*m.OuterStride, o*outer+j
			if higher > 0 {
				t.stack(high+1, higher)
				t.run(&a[from], &c[to], &stream{})
				from += higher * (high + 1) * m.Stride
				to += higher * (high + 1) * ldc
			}
			t.stack(high, tiles-higher)
			t.run(&a[from], &c[to], &stream{})
		}
	}
}
