package f32_test

import (
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
	"pgregory.net/rapid"
)

// panelled lays B, or where it is stored transposed its transpose, out in panels.
func panelled(k, n int, b []float32, ldb int, transposed bool, memory []float32) f32.Panels {
	p := f32.NewPanels(k, n, memory)
	if transposed {
		p.SetTransposed(b, ldb)
	} else {
		p.Set(b, ldb)
	}
	return p
}

// A product with any rows and columns of panels has the bits of the definition, and leaves
// the rest of C alone.
func TestPanelsGiveTheBitsOfTheDefinitionOnEveryPath(t *testing.T) {
	use(t, "")
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(1, 9), rapid.IntRange(10, 70), rapid.IntRange(250, 300))
		m, n, k := rapid.IntRange(0, 60).Draw(t, "m"), size.Draw(t, "n"), size.Draw(t, "k")
		first := rapid.IntRange(0, k-1).Draw(t, "first row")
		last := rapid.IntRange(first, k).Draw(t, "last row")
		from := 32 * rapid.IntRange(0, (n-1)/32).Draw(t, "first column")
		to := rapid.IntRange(from+1, n).Draw(t, "last column")
		transposed, accumulate := rapid.Bool().Draw(t, "transposed"), rapid.Bool().Draw(t, "accumulate")
		rows, columns := k, n
		if transposed {
			rows, columns = n, k
		}
		gap := rapid.IntRange(0, 5)
		lda, ldb, ldc := k+gap.Draw(t, "lda"), columns+gap.Draw(t, "ldb"), n+gap.Draw(t, "ldc")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		a, b := filled(rng, m*lda, true), filled(rng, rows*ldb+columns, true)
		before := filled(rng, m*ldc+7, false)
		want, got := append([]float32{}, before...), append([]float32{}, before...)
		begin := first*ldb + from // of the part of B
		if transposed {
			begin = from*ldb + first
		}
		plain(false, transposed, m, to-from, last-first, a, lda, b[begin:], ldb, want, ldc, accumulate)
		for _, path := range f32.Paths() {
			must(t, f32.Select(path))
			p := panelled(k, n, b, ldb, transposed, filled(rng, f32.PanelsSize(k, n), true))
			copy(got, before)
			f32.GemmPanels(m, a, lda, p.Rows(first, last).Columns(from, to), got, ldc, accumulate, &f32.Ahead{nil, a, nil, b[:min(3, len(b))]})
			same(t, path, got, want)
		}
	})
}

func TestPanelsAllocateNothing(t *testing.T) {
	const m, n, k = 7, 40, 33
	x := filled(rand.New(rand.NewPCG(1, 1)), n*k, false)
	memory, c := make([]float32, f32.PanelsSize(k, n)), make([]float32, m*n)
	for _, path := range f32.Paths() {
		use(t, path)
		run := func() { f32.GemmPanels(m, x, k, panelled(k, n, x, n, false, memory), c, n, true, &f32.Ahead{x}) }
		if n := testing.AllocsPerRun(5, run); n != 0 {
			t.Errorf("%s allocates %v times", path, n)
		}
	}
}

func TestPanelsPanicOnAShortSlice(t *testing.T) {
	const m, n, k = 5, 40, 12
	for _, path := range f32.Paths() {
		use(t, path)
		for short := range 4 {
			size := []int{m * k, n * k, m * n, n * k}
			size[short]--
			panics(t, path, func() {
				b := make([]float32, size[1])
				p := panelled(k, n, b, n, false, make([]float32, f32.PanelsSize(k, n)))
				f32.GemmPanels(m, make([]float32, size[0]), k, p, make([]float32, size[2]), n, false, nil)
				panelled(k, n, make([]float32, size[3]), k, true, make([]float32, f32.PanelsSize(k, n)))
			})
		}
	}
}

func panics(t *testing.T, path string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s: a short slice passes", path)
		}
	}()
	f()
}
