package f32_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
	"pgregory.net/rapid"
)

type gemm func(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool)

// A form of the product: how A and B are stored.
var forms = []struct {
	name   string
	run    gemm
	tA, tB bool
}{
	{"NN", f32.GemmNN, false, false},
	{"TN", f32.GemmTN, true, false},
	{"NT", f32.GemmNT, false, true},
}

// plain is the definition: one chain for each element of C.
func plain(tA, tB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, accumulate bool) {
	for i := range m {
		for j := range n {
			s := float32(0)
			if accumulate {
				s = c[i*ldc+j]
			}
			for p := range k {
				x, y := i*lda+p, p*ldb+j
				if tA {
					x = p*lda + i
				}
				if tB {
					y = j*ldb + p
				}
				s = f32.FMA(a[x], b[y], s)
			}
			c[i*ldc+j] = s
		}
	}
}

// filled returns n numbers of mixed sign and size; with wild, some are not finite.
func filled(rng *rand.Rand, n int, wild bool) []float32 {
	x := make([]float32, n)
	special := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Copysign(0, -1)), 1e-42, 3e38}
	for i := range x {
		x[i] = float32(rng.NormFloat64())
		if wild && rng.IntN(20) == 0 {
			x[i] = special[rng.IntN(len(special))]
		}
	}
	return x
}

// equalBits compares bits, any NaN being equal to any other.
func equalBits(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func TestGemmGivesTheBitsOfTheDefinition(t *testing.T) {
	use(t, "")
	for _, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				size := rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(10, 70))
				m, n, k := size.Draw(t, "m"), size.Draw(t, "n"), size.Draw(t, "k")
				switch rapid.IntRange(0, 15).Draw(t, "beyond a block") {
				case 1:
					k += 300
				case 2:
					n += 500
				case 3:
					m += 100
				}
				gap := rapid.IntRange(0, 5)
				rowsA, columnsA, rowsB, columnsB := m, k, k, n
				if form.tA {
					rowsA, columnsA = k, m
				}
				if form.tB {
					rowsB, columnsB = n, k
				}
				lda, ldb, ldc := columnsA+gap.Draw(t, "lda"), columnsB+gap.Draw(t, "ldb"), n+gap.Draw(t, "ldc")
				rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
				wild, accumulate := rapid.Bool().Draw(t, "wild"), rapid.Bool().Draw(t, "accumulate")
				a, b := filled(rng, extent(rowsA, columnsA, lda), wild), filled(rng, extent(rowsB, columnsB, ldb), wild)
				got := filled(rng, m*ldc+7, wild) // more than the product's own elements: guards
				want := append([]float32{}, got...)
				before := append([]float32{}, got...)
				plain(form.tA, form.tB, m, n, k, a, lda, b, ldb, want, ldc, accumulate)
				for _, path := range f32.Paths() {
					must(t, f32.Select(path))
					copy(got, before)
					form.run(m, n, k, a, lda, b, ldb, got, ldc, accumulate)
					for i := range want {
						if !equalBits(got[i], want[i]) {
							t.Fatalf("%s: element %d of %d columns: %v, want %v", path, i, ldc, got[i], want[i])
						}
					}
				}
			})
		})
	}
}

// extent is the number of elements that a matrix takes, without a gap after its last row.
func extent(rows, columns, ld int) int {
	if rows == 0 || columns == 0 {
		return 0
	}
	return (rows-1)*ld + columns
}

// Windows of a signal overlap: A's rows begin less than a row apart.
func TestGemmTakesOverlappingRowsOfA(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const m, n, k, lda = 8, 5, 9, 3
	a, b := filled(rng, extent(m, k, lda), false), filled(rng, k*n, false)
	got, want := make([]float32, m*n), make([]float32, m*n)
	f32.GemmNN(m, n, k, a, lda, b, n, got, n, false)
	plain(false, false, m, n, k, a, lda, b, n, want, n, false)
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("element %d: %v, want %v", i, got[i], want[i])
		}
	}
	b = filled(rng, m*n, false)
	got, want = make([]float32, k*n), make([]float32, k*n)
	f32.GemmTN(k, n, m, a, lda, b, n, got, n, false)
	plain(true, false, k, n, m, a, lda, b, n, want, n, false)
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("transposed, element %d: %v, want %v", i, got[i], want[i])
		}
	}
}

// The shapes are cubes and the forward products of the models that the engine is measured
// on, m, n, k: TN gives the gradients of their weights, NT those of their inputs.
func BenchmarkGemm(b *testing.B) {
	for _, s := range [][3]int{
		{256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024},
		{21904, 32, 27}, {5184, 64, 288}, {1296, 128, 576}, {32, 512, 36992}, {3200, 256, 64},
		{32, 256, 64}, {32, 64, 784}, {32, 784, 64}, {32, 32, 64}, {32, 64, 800}, {676, 16, 9}, {121, 32, 144},
		{32, 10, 512}, {32, 2, 64}, {32, 1, 64}, {32, 32, 3}, {96, 32, 23},
	} {
		for _, form := range forms {
			for _, path := range f32.Paths() {
				b.Run(fmt.Sprintf("%s/%dx%dx%d/%s", form.name, s[0], s[1], s[2], path), func(b *testing.B) {
					use(b, path)
					benchmarkGemm(b, form.run, form.tA, form.tB, s[0], s[1], s[2])
				})
			}
		}
	}
}

func benchmarkGemm(b *testing.B, run gemm, tA, tB bool, m, n, k int) {
	if tA {
		m, k = k, m
	}
	if tB {
		n, k = k, n
	}
	lda, ldb := k, n
	if tA {
		lda = m
	}
	if tB {
		ldb = k
	}
	rng := rand.New(rand.NewPCG(1, 1))
	x, y, z := filled(rng, m*k, false), filled(rng, n*k, false), make([]float32, m*n)
	run(m, n, k, x, lda, y, ldb, z, n, false) // touches the memory
	for b.Loop() {
		run(m, n, k, x, lda, y, ldb, z, n, false)
	}
	b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
