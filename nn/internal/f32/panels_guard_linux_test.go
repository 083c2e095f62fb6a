package f32_test

import (
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
)

// What copies into panels or multiplies by them, and reads or writes beyond its operands,
// dies here.
func TestPanelsStayWithinTheirOperands(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, s := range [][3]int{{1, 1, 1}, {13, 31, 9}, {12, 32, 4}, {7, 65, 70}, {33, 96, 40}} {
		m, n, k := s[0], s[1], s[2]
		for _, atEnd := range []bool{false, true} {
			a, b, c := guarded(t, m*k, atEnd), guarded(t, k*n, atEnd), guarded(t, m*n, atEnd)
			memory := guarded(t, f32.PanelsSize(k, n), atEnd)
			copy(a, filled(rng, len(a), false))
			copy(b, filled(rng, len(b), false))
			for _, transposed := range []bool{false, true} {
				ldb := n
				if transposed {
					ldb = k
				}
				want := make([]float32, m*n)
				plain(false, transposed, m, n, k, a, k, b, ldb, want, n, false)
				for _, path := range f32.Paths() {
					use(t, path)
					f32.GemmPanels(m, a, k, panelled(k, n, b, ldb, transposed, memory), c, n, false, &f32.Ahead{a, b})
					same(t, path, c, want)
				}
			}
		}
	}
}
