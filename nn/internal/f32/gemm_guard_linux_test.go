package f32_test

import (
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
)

// A kernel that reads or writes beyond its operands dies here.
func TestGemmStaysWithinItsOperands(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, s := range [][3]int{{1, 1, 1}, {13, 31, 9}, {12, 32, 4}, {7, 17, 70}, {25, 8, 3}, {36, 33, 65}, {40, 3, 130}} {
		m, n, k := s[0], s[1], s[2]
		for _, atEnd := range []bool{false, true} {
			a, b, c := guarded(t, m*k, atEnd), guarded(t, k*n, atEnd), guarded(t, m*n, atEnd)
			copy(a, filled(rng, len(a), false))
			copy(b, filled(rng, len(b), false))
			for _, form := range forms {
				lda, ldb := k, n
				if form.tA {
					lda = m
				}
				if form.tB {
					ldb = k
				}
				want := make([]float32, m*n)
				plain(form.tA, form.tB, m, n, k, a, lda, b, ldb, want, n, false)
				for _, path := range f32.Paths() {
					use(t, path)
					form.run(m, n, k, a, lda, b, ldb, c, n, false)
					same(t, form.name+" "+path, c, want)
				}
			}
		}
	}
}
