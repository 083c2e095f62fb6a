package f32_test

import (
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
	"pgregory.net/rapid"
)

// Row by row it is the product that adds to C, and between the rows nothing changes.
func TestGemmScatterAddsToEachRow(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			size := rapid.IntRange(1, 40)
			lines, m, n, k := rapid.IntRange(0, 4).Draw(t, "lines"), size.Draw(t, "m"), size.Draw(t, "n"), size.Draw(t, "k")
			ldb, ldc := n+rapid.IntRange(0, 3).Draw(t, "ldb"), n+rapid.IntRange(0, 3).Draw(t, "ldc")
			outer := m*ldc + rapid.IntRange(0, 9).Draw(t, "outer")
			rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
			a, b, c := filled(rng, lines*m*k, false), filled(rng, k*ldb, false), filled(rng, lines*outer+5, false)
			want := append([]float32{}, c...)
			f32.GemmScatter(f32.Axis{Outer: lines, OuterStride: m * k, Inner: m, Stride: k}, n, f32.Line(k, 1), a, b, ldb, c, outer, ldc)
			for o := range lines {
				f32.GemmNN(m, n, k, a[o*m*k:], k, b, ldb, want[o*outer:], ldc, true)
			}
			for i := range want {
				if c[i] != want[i] {
					t.Fatalf("number %d: %v, want %v", i, c[i], want[i])
				}
			}
		})
	})
}
