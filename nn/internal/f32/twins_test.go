package f32_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
	"pgregory.net/rapid"
)

// onEachPath runs a test on every path the processor has.
func onEachPath(t *testing.T, f func(t *testing.T)) {
	for _, path := range f32.Paths() {
		t.Run(path, func(t *testing.T) {
			use(t, path)
			f(t)
		})
	}
}

// A twin is a kernel on memory of its own, to be run on every path.
type twin struct {
	name string
	// run makes its buffers from the bits of a stream, runs the kernel, and returns all that
	// it may have written to, guards included.
	run func(rng *rand.Rand, m, n int) []float32
}

// wild returns numbers of which one in ten is infinite, NaN, subnormal, huge or zero.
func wild(rng *rand.Rand, n int) []float32 {
	special := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, float32(math.Copysign(0, -1)), 1e-42, -3e38, 100, -100}
	x := allocate(n)
	for i := range x {
		x[i] = float32(3 * rng.NormFloat64())
		if rng.IntN(10) == 0 {
			x[i] = special[rng.IntN(len(special))]
		}
	}
	return x
}

func bytesAsFloats(b []uint8) []float32 {
	x := make([]float32, len(b))
	for i, v := range b {
		x[i] = float32(v)
	}
	return x
}

// halvesOf returns the bits of each number, a NaN's being those of one NaN, in exact parts.
func halvesOf(x []float64) []float32 {
	var parts []float32
	for _, v := range x {
		if v != v {
			v = math.NaN()
		}
		b := math.Float64bits(v)
		parts = append(parts, float32(b>>48), float32(b>>24&0xffffff), float32(b&0xffffff))
	}
	return parts
}

func join(parts ...[]float32) []float32 {
	var all []float32
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

const fence = 5

var (
	guard    = fence // numbers beyond a buffer that a kernel mustn't touch
	allocate = heap
)

func heap(n int) []float32 { return make([]float32, n) }

var twins = []twin{
	{"LSTM", func(rng *rand.Rand, m, n int) []float32 {
		s := f32.Cell{N: m, U: n}
		z, before := wild(rng, 4*m*n+guard), wild(rng, m*n)
		c, tanhC, h := wild(rng, m*n+guard), wild(rng, m*n+guard), wild(rng, m*(n+3)+guard)
		f32.LSTM(s, z, wild(rng, 4*n), before, c, tanhC, h, n+3)
		return join(z, c, tanhC, h)
	}},
	{"LSTMGrad", func(rng *rand.Rand, m, n int) []float32 {
		z, dh, dc, before, tanhC := wild(rng, 4*m*n+guard), wild(rng, m*n), wild(rng, m*n+guard), wild(rng, m*n), wild(rng, m*n)
		f32.LSTMGrad(f32.Cell{N: m, U: n}, z, dh, dc, before, tanhC)
		return join(z, dc)
	}},
	{"GRU", func(rng *rand.Rand, m, n int) []float32 {
		z, q, before, h := wild(rng, 3*m*n+guard), wild(rng, m*n+guard), wild(rng, m*n), wild(rng, m*n+guard)
		f32.GRU(f32.Cell{N: m, U: n}, z, wild(rng, 3*n), q, wild(rng, n), before, h)
		return join(z, q, h)
	}},
	{"GRUGrad", func(rng *rand.Rand, m, n int) []float32 {
		z, q, dh, before := wild(rng, 3*m*n+guard), wild(rng, m*n+guard), wild(rng, m*n+guard), wild(rng, m*n)
		f32.GRUGrad(f32.Cell{N: m, U: n}, z, q, dh, before)
		return join(z, q, dh)
	}},
	{"Adam", func(rng *rand.Rand, m, n int) []float32 {
		w, g, first, second := wild(rng, m*n+guard), wild(rng, m*n), wild(rng, m*n+guard), wild(rng, m*n+guard)
		f32.Adam(w[:m*n], g, first, second, &f32.AdamRates{Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Root: 1.5, Epsilon: 1e-8, Decay: 0.01, Shrink: 0.99})
		return join(w, first, second)
	}},
	{"BinaryCrossEntropy", func(rng *rand.Rand, m, n int) []float32 {
		x, t, g := wild(rng, m*n), wild(rng, m*n), wild(rng, m*n+guard)
		sum := f32.BinaryCrossEntropy(x, t, g, 0.25)
		return join(g, halvesOf([]float64{sum, f32.BinaryCrossEntropy(x, t, nil, 0.25)}))
	}},
	{"Normalize", func(rng *rand.Rand, m, n int) []float32 {
		y := wild(rng, m*n+guard)
		f32.Normalize(m, n, y, wild(rng, m*n), wild(rng, n), wild(rng, n), wild(rng, n), wild(rng, n))
		return y
	}},
	{"NormalizeGrad", func(rng *rand.Rand, m, n int) []float32 {
		dy := wild(rng, m*n+guard)
		f32.NormalizeGrad(m, n, dy, wild(rng, m*n), wild(rng, n), wild(rng, n), wild(rng, n), wild(rng, n), wild(rng, n))
		return dy
	}},
	{"Moments", func(rng *rand.Rand, m, n int) []float32 {
		mean, square := make([]float64, n+guard), make([]float64, n+guard)
		f32.Moments(m, n, wild(rng, m*n), mean[:n], square[:n])
		return join(halvesOf(mean), halvesOf(square))
	}},
	{"NormalizedSums", func(rng *rand.Rand, m, n int) []float32 {
		sum, product := make([]float64, n+guard), make([]float64, n+guard)
		f32.NormalizedSums(m, n, wild(rng, m*n), wild(rng, m*n), wild(rng, n), wild(rng, n), sum[:n], product[:n])
		return join(halvesOf(sum), halvesOf(product))
	}},
	{"AddRowsReLU", func(rng *rand.Rand, m, n int) []float32 {
		y := wild(rng, m*n+guard)
		f32.AddRowsReLU(m, n, y, wild(rng, n))
		return y
	}},
	{"ColumnSums", func(rng *rand.Rand, m, n int) []float32 {
		sums := wild(rng, n+guard)
		f32.ColumnSums(m, n, wild(rng, m*n), sums)
		return sums
	}},
	{"PoolReLU", func(rng *rand.Rand, m, n int) []float32 {
		w := f32.Windows{Lines: 1 + n%3, Rows: 1 + m%2, N: m, C: n, Row: 2*m*n + 3}
		x, y := wild(rng, 2*w.Lines*w.Row), wild(rng, w.Lines*m*n+guard)
		winner := make([]uint8, w.Lines*m*n+guard)
		f32.PoolReLU(w, x, wild(rng, n), y, winner)
		return join(y, bytesAsFloats(winner))
	}},
	{"Unpool", func(rng *rand.Rand, m, n int) []float32 {
		w := f32.Windows{Lines: 1 + n%3, Rows: 1 + m%2, N: m, C: n, Row: 2*m*n + 3}
		dx, winner := wild(rng, 2*w.Lines*w.Row+guard), make([]uint8, w.Lines*m*n)
		for i := range winner {
			winner[i] = uint8(rng.IntN(2 * w.Rows))
		}
		f32.Unpool(w, dx, wild(rng, w.Lines*m*n), winner)
		return dx
	}},
}

// sameOnEveryPath runs a twin on all paths and compares everything it wrote.
func sameOnEveryPath(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, c twin, seed uint64, m, n int) {
	var want []float32
	before := f32.Path()
	defer func() { must(t, f32.Select(before)) }()
	for _, path := range f32.Paths() {
		must(t, f32.Select(path))
		got := c.run(rand.New(rand.NewPCG(seed, 7)), m, n)
		if want == nil {
			want = got
		}
		for i := range want {
			if !equalBits(got[i], want[i]) {
				t.Fatalf("%s of %d rows of %d: number %d is %v on the path %s, %v on the generic one", c.name, m, n, i, got[i], path, want[i])
			}
		}
	}
}

func TestKernelsAreTheSameOnEveryPath(t *testing.T) {
	for _, c := range twins {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m, n := rapid.IntRange(0, 5).Draw(t, "m"), rapid.IntRange(1, 70).Draw(t, "n")
				sameOnEveryPath(t, c, rapid.Uint64().Draw(t, "seed"), m, n)
			})
		})
	}
}

func FuzzKernels(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(33))
	f.Fuzz(func(t *testing.T, seed uint64, m, n uint8) {
		for _, c := range twins {
			sameOnEveryPath(t, c, seed, int(m%16), 1+int(n))
		}
	})
}
