package f32_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
	"pgregory.net/rapid"
)

// grid is the definition of GemmRows.
func grid(m f32.Axis, n int, k f32.Axis, a, b []float32, ldb int, c []float32, outer, ldc int, accumulate bool) {
	at := func(x f32.Axis, p int) int { return p/x.Inner*x.OuterStride + p%x.Inner*x.Stride }
	for i := range m.Outer * m.Inner {
		for j := range n {
			to := i/m.Inner*outer + i%m.Inner*ldc + j
			s := float32(0)
			if accumulate {
				s = c[to]
			}
			for p := range k.Outer * k.Inner {
				s = f32.FMA(a[at(m, i)+at(k, p)], b[p*ldb+j], s)
			}
			c[to] = s
		}
	}
}

func drawAxis(t *rapid.T, name string) f32.Axis {
	size := rapid.OneOf(rapid.IntRange(1, 5), rapid.IntRange(6, 40))
	x := f32.Axis{Outer: rapid.IntRange(1, 7).Draw(t, name+" outer"), Inner: size.Draw(t, name), Stride: rapid.IntRange(1, 4).Draw(t, name+" stride")}
	switch rapid.IntRange(0, 2).Draw(t, name+" level") {
	case 0:
		x.Outer = 1
		x.Inner += 300 * rapid.IntRange(0, 1).Draw(t, name+" beyond a block")
	case 1:
		x.OuterStride = x.Inner * x.Stride
	default:
		x.Inner += 400 * (rapid.IntRange(0, 9).Draw(t, name+" beyond a block") / 9)
		x.OuterStride = rapid.IntRange(1, 100).Draw(t, name+" outer stride")
	}
	return x
}

// On every path the two levels of both axes and of C's rows give the bits of the
// definition, whatever the alignment, and nothing else of C changes.
func TestGemmRowsGivesTheBitsOfTheDefinitionOnEveryPath(t *testing.T) {
	use(t, "")
	rapid.Check(t, func(t *rapid.T) {
		m, k := drawAxis(t, "m"), drawAxis(t, "k")
		n := rapid.OneOf(rapid.IntRange(1, 9), rapid.IntRange(10, 70)).Draw(t, "n")
		ldb, ldc := n+rapid.IntRange(0, 3).Draw(t, "ldb"), n+rapid.IntRange(0, 3).Draw(t, "ldc")
		outer := m.Inner*ldc + rapid.IntRange(0, 9).Draw(t, "outer gap")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		wild, accumulate := rapid.Bool().Draw(t, "wild"), rapid.Bool().Draw(t, "accumulate")
		skew := rapid.IntRange(0, 15).Draw(t, "skew")
		last := (m.Outer-1)*m.OuterStride + (m.Inner-1)*m.Stride + (k.Outer-1)*k.OuterStride + (k.Inner-1)*k.Stride
		a := filled(rng, skew+last+1, wild)[skew:]
		b := filled(rng, skew+(k.Outer*k.Inner-1)*ldb+n, wild)[skew:]
		before := filled(rng, skew+m.Outer*outer+20, wild)[skew:]
		want, got := append([]float32{}, before...), append([]float32{}, before...)
		grid(m, n, k, a, b, ldb, want, outer, ldc, accumulate)
		for _, path := range f32.Paths() {
			must(t, f32.Select(path))
			copy(got, before)
			f32.GemmRows(m, n, k, a, b, ldb, got, outer, ldc, accumulate)
			same(t, path, got, want)
		}
	})
}

func same(t interface{ Fatalf(string, ...any) }, path string, got, want []float32) {
	for i := range want {
		if !equalBits(got[i], want[i]) {
			t.Fatalf("%s: element %d is %x, want %x", path, i, got[i], want[i])
		}
	}
}

// Large products go other ways: through copies of blocks, and transposed.
func TestLargeProductsHaveTheBitsOfSmallOnes(t *testing.T) {
	for _, s := range [][3]int{{97, 830, 160}, {40, 70, 600}, {5, 640, 230}, {130, 33, 400}, {33, 1, 900}, {20, 1200, 400}} {
		m, n, k := s[0], s[1], s[2]
		rng := rand.New(rand.NewPCG(uint64(m), uint64(n)))
		for _, form := range forms {
			lda, ldb, ldc := k+2, n+n%4, n+3
			a, b := filled(rng, m*lda, false), filled(rng, k*ldb, false)
			if form.tA {
				lda = m + 600
				a = filled(rng, k*lda, false)
			}
			if form.tB {
				ldb = k + 1
				b = filled(rng, n*ldb, false)
			}
			before := filled(rng, m*ldc, false)
			want, got := append([]float32{}, before...), append([]float32{}, before...)
			plain(form.tA, form.tB, m, n, k, a, lda, b, ldb, want, ldc, true)
			for _, path := range f32.Paths()[1:] {
				use(t, path)
				copy(got, before)
				form.run(m, n, k, a, lda, b, ldb, got, ldc, true)
				same(t, form.name+" "+path, got, want)
			}
		}
	}
}

func TestGemmAllocatesNothing(t *testing.T) {
	x := filled(rand.New(rand.NewPCG(1, 1)), 512*512, false)
	c := make([]float32, 512*512)
	for _, path := range f32.Paths() {
		use(t, path)
		for _, form := range forms {
			for _, s := range [][3]int{{100, 512, 300}, {32, 64, 256}, {8, 300, 300}} {
				if path == "generic" {
					s = [3]int{9, 9, 9}
				}
				run := func() { form.run(s[0], s[1], s[2], x, 512, x, 512, c, 512, true) }
				if n := testing.AllocsPerRun(5, run); n != 0 {
					t.Errorf("%s on %s allocates %v times", form.name, path, n)
				}
			}
		}
	}
}

func TestGemmPanicsOnAShortSlice(t *testing.T) {
	const m, n, k = 20, 40, 12
	for _, path := range f32.Paths() {
		use(t, path)
		for _, form := range forms {
			for short := range 3 {
				size := [3]int{m * k, n * k, m * n}
				size[short]--
				lda, ldb := k, n
				if form.tA {
					lda = m
				}
				if form.tB {
					ldb = k
				}
				func() {
					defer func() {
						if recover() == nil {
							t.Errorf("%s on %s took operand %d without its last number", form.name, path, short)
						}
					}()
					form.run(m, n, k, make([]float32, size[0]), lda, make([]float32, size[1]), ldb, make([]float32, size[2]), n, false)
				}()
			}
		}
	}
}

// Any two-level product of any numbers: each path against the portable loops.
func FuzzGemmRows(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(3), uint8(17), uint8(2), uint8(9), false)
	f.Add(uint64(2), uint8(1), uint8(12), uint8(32), uint8(1), uint8(64), true)
	f.Add(uint64(3), uint8(4), uint8(1), uint8(1), uint8(3), uint8(1), true)
	f.Fuzz(func(t *testing.T, seed uint64, mo, mi, columns, ko, ki uint8, accumulate bool) {
		rng := rand.New(rand.NewPCG(seed, 1))
		m := f32.Axis{Outer: 1 + int(mo%9), OuterStride: rng.IntN(50), Inner: 1 + int(mi%40), Stride: 1 + rng.IntN(4)}
		k := f32.Axis{Outer: 1 + int(ko%5), OuterStride: rng.IntN(50), Inner: 1 + int(ki), Stride: 1 + rng.IntN(4)}
		n := 1 + int(columns%80)
		any := func(n int) []float32 {
			x := make([]float32, n)
			for i := range x {
				x[i] = math.Float32frombits(rng.Uint32())
			}
			return x
		}
		a, b := any(8*50+40*4+4*50+256*4+10), any(k.Outer*k.Inner*n)
		outer := m.Inner * n
		before := any(m.Outer*outer + 9)
		want, got := append([]float32{}, before...), append([]float32{}, before...)
		use(t, "generic")
		f32.GemmRows(m, n, k, a, b, n, want, outer, n, accumulate)
		for _, path := range f32.Paths()[1:] {
			use(t, path)
			copy(got, before)
			f32.GemmRows(m, n, k, a, b, n, got, outer, n, accumulate)
			same(t, path, got, want)
		}
	})
}
