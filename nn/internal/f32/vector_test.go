package f32_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"medml/nn/internal/f32"
	"pgregory.net/rapid"
)

func ExampleGemmNN() {
	a := []float32{
		1, 2, 3,
		4, 5, 6,
	}
	b := []float32{
		1, 0,
		0, 1,
		1, 1,
	}
	c := make([]float32, 4)
	f32.GemmNN(2, 2, 3, a, 3, b, 2, c, 2, false)
	fmt.Println(c)
	// Output: [4 5 10 11]
}

// maps are the kernels that go from element to element, with their definitions.
var maps = []struct {
	name string
	run  func(dst, a, b []float32)
	want func(dst, a, b float32) float32
}{
	{"Add", f32.Add, func(_, a, b float32) float32 { return a + b }},
	{"Mul", f32.Mul, func(_, a, b float32) float32 { return a * b }},
	{"Axpy", func(dst, a, _ []float32) { f32.Axpy(0.75, a, dst) }, func(dst, a, _ float32) float32 { return f32.FMA(0.75, a, dst) }},
	{"Scale", func(dst, _, _ []float32) { f32.Scale(0.75, dst) }, func(dst, _, _ float32) float32 { return dst * 0.75 }},
	{"Fill", func(dst, _, _ []float32) { f32.Fill(dst, 0.75) }, func(_, _, _ float32) float32 { return 0.75 }},
	{"ReLU", func(dst, a, _ []float32) { f32.ReLU(dst, a) }, func(_, a, _ float32) float32 {
		if a < 0 {
			return 0
		}
		return a
	}},
	{"ReLUGrad", f32.ReLUGrad, func(_, a, b float32) float32 {
		if b > 0 {
			return a
		}
		return 0
	}},
	{"TanhGrad", f32.TanhGrad, func(_, a, b float32) float32 { return a * f32.FMA(-b, b, 1) }},
	{"SigmoidGrad", f32.SigmoidGrad, func(_, a, b float32) float32 { return a * f32.FMA(-b, b, b) }},
	{"Exp", func(dst, a, _ []float32) { f32.Exp(dst, a) }, func(_, a, _ float32) float32 { return f32.Exp1(a) }},
	{"Tanh", func(dst, a, _ []float32) { f32.Tanh(dst, a) }, func(_, a, _ float32) float32 { return f32.Tanh1(a) }},
	{"Sigmoid", func(dst, a, _ []float32) { f32.Sigmoid(dst, a) }, func(_, a, _ float32) float32 { return f32.Sigmoid1(a) }},
	{"Erf", func(dst, a, _ []float32) { f32.Erf(dst, a) }, func(_, a, _ float32) float32 { return f32.Erf1(a) }},
}

// Each map is held against its definition on every path, at every length and at starts of
// every alignment, with guards around the destination.
func TestMapsKeepToTheirDefinition(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		for _, c := range maps {
			t.Run(c.name, func(t *testing.T) {
				for n := range 70 {
					rng := rand.New(rand.NewPCG(uint64(n), 3))
					from := 1 + n%5
					dst, a, b := filled(rng, from+n+3, true), filled(rng, n+3, true), filled(rng, n+3, true)
					want := append([]float32{}, dst...)
					for i := range n {
						want[from+i] = c.want(dst[from+i], a[i], b[i])
					}
					c.run(dst[from:from+n], a, b)
					for i := range want {
						if !equalBits(dst[i], want[i]) {
							t.Fatalf("element %d of %d: %v, want %v", i-from, n, dst[i], want[i])
						}
					}
				}
			})
		}
	})
}

// The functions of a map get numbers of every exponent and of the range that matters.
func TestFunctionsAreTheSameOnEveryPath(t *testing.T) {
	const n = 1 << 15
	x := make([]float32, 2*n)
	for i := range n {
		x[i] = math.Float32frombits(uint32(i) * (1<<32/n + 1))
		x[n+i] = (float32(i) - n/2) * (110. / (n / 2))
	}
	onEachPath(t, func(t *testing.T) {
		got := make([]float32, len(x))
		for _, c := range maps {
			clear(got)
			c.run(got, x, x)
			for i, v := range x {
				if want := c.want(0, v, v); !equalBits(got[i], want) {
					t.Fatalf("%s of %v (%#x): %v, want %v", c.name, v, math.Float32bits(v), got[i], want)
				}
			}
		}
	})
}

func TestOvertakeKeepsTheFirstOfEqualsAndEveryNaN(t *testing.T) {
	nan := float32(math.NaN())
	onEachPath(t, func(t *testing.T) {
		for n := range 50 {
			best, winner, x := make([]float32, n), make([]uint16, n), make([]float32, n)
			wantBest, wantWinner := make([]float32, n), make([]uint16, n)
			for i := range n {
				best[i] = []float32{1, 1, 1, 1, nan, nan, -1}[i%7]
				winner[i] = 40007
				x[i] = []float32{0, 1, 2, nan, 5, nan}[i%6]
				wantBest[i], wantWinner[i] = best[i], winner[i]
				if x[i] > best[i] || x[i] != x[i] {
					wantBest[i], wantWinner[i] = x[i], 50009
				}
			}
			f32.Overtake(best, winner, x, 50009)
			for i, v := range wantBest {
				if !equalBits(best[i], v) || winner[i] != wantWinner[i] {
					t.Fatalf("%d of %d: %v of place %d, want %v of %d", i, n, best[i], winner[i], v, wantWinner[i])
				}
			}
		}
	})
}

func TestRowsAndColumns(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			m, n := rapid.IntRange(0, 9).Draw(t, "m"), rapid.IntRange(1, 150).Draw(t, "n")
			rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
			x, v := filled(rng, m*n, false), filled(rng, n, false)
			rows, sums := append([]float32{}, x...), append([]float32{}, v...)
			positive := append([]float32{}, x...)
			turned, back := make([]float32, m*n), make([]float32, m*n)
			f32.AddRows(m, n, rows, v)
			f32.AddRowsReLU(m, n, positive, v)
			f32.ColumnSums(m, n, x, sums)
			f32.Transpose(m, n, x, turned)
			f32.Transpose(n, m, turned, back)
			for j := range n {
				s := v[j]
				for i := range m {
					s += x[i*n+j]
					if rows[i*n+j] != x[i*n+j]+v[j] {
						t.Fatalf("AddRows at %d, %d", i, j)
					}
					if positive[i*n+j] != max(x[i*n+j]+v[j], 0) {
						t.Fatalf("AddRowsReLU at %d, %d", i, j)
					}
					if turned[j*m+i] != x[i*n+j] || back[i*n+j] != x[i*n+j] {
						t.Fatalf("Transpose at %d, %d", i, j)
					}
				}
				if sums[j] != s {
					t.Fatalf("column %d: sum %v, want %v", j, sums[j], s)
				}
			}
		})
	})
}

// treeOf is the order that Sum documents, written as 16 separate lanes.
func treeOf(a, b []float32) float32 {
	lane := make([]float32, 16)
	for i, v := range a {
		lane[i%16] = f32.FMA(v, b[i], lane[i%16])
	}
	for len(lane) > 1 {
		half := len(lane) / 2
		for i := range half {
			lane[i] += lane[i+half]
		}
		lane = lane[:half]
	}
	return lane[0]
}

func TestReductionsFollowTheTree(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		for n := range 100 {
			rng := rand.New(rand.NewPCG(uint64(n), 4))
			a, b, ones := filled(rng, n, false), filled(rng, n, false), make([]float32, n)
			f32.Fill(ones, 1)
			for _, c := range []struct {
				name      string
				got, want float32
			}{
				{"Sum", f32.Sum(a), treeOf(a, ones)},
				{"Dot", f32.Dot(a, b), treeOf(a, b)},
				{"SumSquares", f32.SumSquares(a), treeOf(a, a)},
			} {
				if c.got != c.want {
					t.Errorf("%s of %d numbers: %v, want %v", c.name, n, c.got, c.want)
				}
			}
		}
	})
}

func TestMomentsOfAColumnAreThoseOfTheDefinition(t *testing.T) {
	const m, n = 50, 3
	rng := rand.New(rand.NewPCG(5, 5))
	x, dy := filled(rng, m*n, false), filled(rng, m*n, false)
	mean, square, sum, product := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	f32.Moments(m, n, x, mean, square)
	mu, inv := []float32{0.5, -1, 2}, []float32{1, 2, 0.5}
	f32.NormalizedSums(m, n, dy, x, mu, inv, sum, product)
	y, gamma, beta := make([]float32, m*n), []float32{2, 1, -1}, []float32{0.25, 0, 1}
	f32.Normalize(m, n, y, x, mu, inv, gamma, beta)
	for j := range n {
		var s, q, d, p float64
		for i := j; i < m*n; i += n {
			s += float64(x[i])
			d += float64(dy[i])
			hat := (float64(x[i]) - float64(mu[j])) * float64(inv[j])
			p += float64(dy[i]) * hat
			if want := hat*float64(gamma[j]) + float64(beta[j]); math.Abs(float64(y[i])-want) > 2e-6 {
				t.Errorf("normalised %d: %v, want %v", i, y[i], want)
			}
		}
		for i := j; i < m*n; i += n {
			q += (float64(x[i]) - s/m) * (float64(x[i]) - s/m)
		}
		for k, v := range []struct{ got, want float64 }{{mean[j], s / m}, {square[j], q}, {sum[j], d}, {product[j], p}} {
			if math.Abs(v.got-v.want) > 1e-5 {
				t.Errorf("column %d, figure %d: %v, want %v", j, k, v.got, v.want)
			}
		}
	}
}

func TestAdamMakesTheStepOfThePaper(t *testing.T) {
	const n, rate, beta1, beta2, eps = 37, 0.01, 0.9, 0.999, 1e-8
	rng := rand.New(rand.NewPCG(6, 6))
	w, m, v := filled(rng, n, false), make([]float32, n), make([]float32, n)
	want := make([]float64, n)
	m64, v64 := make([]float64, n), make([]float64, n)
	for i := range w {
		want[i] = float64(w[i])
	}
	for step := 1; step <= 5; step++ {
		g := filled(rng, n, false)
		c1, c2 := 1-math.Pow(beta1, float64(step)), 1-math.Pow(beta2, float64(step))
		f32.Adam(w, g, m, v, &f32.AdamRates{
			Rate: float32(rate / c1), Root: float32(1 / math.Sqrt(c2)),
			Beta1: beta1, Beta2: beta2, Epsilon: eps, Decay: 0.1, Shrink: 0.99,
		})
		for i := range want {
			want[i] *= 0.99
			d := float64(g[i]) + 0.1*want[i]
			m64[i] = beta1*m64[i] + (1-beta1)*d
			v64[i] = beta2*v64[i] + (1-beta2)*d*d
			want[i] -= rate * (m64[i] / c1) / (math.Sqrt(v64[i]/c2) + eps)
		}
	}
	for i := range w {
		if math.Abs(float64(w[i])-want[i]) > 3e-6 {
			t.Errorf("weight %d: %v, want %v", i, w[i], want[i])
		}
	}
}

func TestSelectKnowsThePortablePathAndRefusesOthers(t *testing.T) {
	use(t, f32.Path()) // restores it
	for _, name := range []string{"", "generic"} {
		if err := f32.Select(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if f32.Path() != "generic" {
		t.Errorf("path %q", f32.Path())
	}
	if err := f32.Select("sse9"); err == nil {
		t.Error("an unknown path was taken")
	}
}
