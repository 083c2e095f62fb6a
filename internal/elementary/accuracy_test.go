package elementary

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// accuracy is a function, the truth, the ranges it is tried on, and the bound in ulp that
// its documentation states.
type accuracy struct {
	name   string
	got    func(float64) float64
	want   func(float64) *big.Float
	bound  float64
	ranges [][2]float64
}

func accuracies() []accuracy {
	one := newBig(1)
	near := func(f func(*big.Float) *big.Float) func(float64) *big.Float {
		return func(x float64) *big.Float { return f(newBig(x)) }
	}
	exp := near(bigExp)
	return []accuracy{
		{"Exp", Exp, exp, 0.55, [][2]float64{{-0.4, 0.4}, {-30, 30}, {-708, 709.7}, {-1e-5, 1e-5}}},
		{"Expm1", Expm1, func(x float64) *big.Float { return bigOf(precision).Sub(exp(x), one) }, 2,
			[][2]float64{{-0.02, 0.02}, {-0.4, 0.4}, {-3, 3}, {-40, 60}, {0, 709}, {-1e-9, 1e-9}}},
		{"Log", Log, near(bigLog), 0.51, [][2]float64{{0.98, 1.02}, {0.5, 2}, {0, 50}, {0, 1e300}, {0, 1e-307}, {0, 1e-320}}},
		{"Log2", Log2, func(x float64) *big.Float { return bigOf(precision).Quo(bigLog(newBig(x)), bigLog(newBig(2))) }, 0.51,
			[][2]float64{{0.98, 1.02}, {0.5, 2}, {0, 50}, {0, 1e300}, {0, 1e-307}}},
		{"Log1p", Log1p, func(x float64) *big.Float { return bigLog(bigOf(precision).Add(one, newBig(x))) }, 0.51,
			[][2]float64{{-0.02, 0.02}, {-1, 1}, {0, 50}, {0, 1e300}, {-1e-9, 1e-9}}},
		{"Sin", Sin, func(x float64) *big.Float { s, _ := bigSinCos(x); return s }, 0.8,
			[][2]float64{{-1, 1}, {-7, 7}, {-1e4, 1e4}, {0, 1e18}, {0, 1e308}}},
		{"Cos", Cos, func(x float64) *big.Float { _, c := bigSinCos(x); return c }, 0.8,
			[][2]float64{{-1, 1}, {-7, 7}, {-1e4, 1e4}, {0, 1e18}, {0, 1e308}}},
		{"Atan", Atan, near(bigAtan), 2, [][2]float64{{-0.06, 0.06}, {-1, 1}, {-10, 10}, {0, 1e6}}},
		{"Tanh", Tanh, func(x float64) *big.Float {
			e := exp(2 * x)
			return bigOf(precision).Quo(bigOf(precision).Sub(e, one), bigOf(precision).Add(e, one))
		}, 3, [][2]float64{{-0.1, 0.1}, {-0.6, 0.6}, {-3, 3}, {-25, 25}}},
		{"Sigmoid", Sigmoid, func(x float64) *big.Float {
			return bigOf(precision).Quo(one, bigOf(precision).Add(one, exp(-x)))
		}, 2.5, [][2]float64{{-1, 1}, {-40, 40}, {-700, 0}}},
		{"Erf", Erf, near(bigErf), 3, [][2]float64{{-0.5, 0.5}, {-1, 1}, {-6, 6}}},
		{"Erfc", Erfc, near(bigErfc), 5, [][2]float64{{-0.5, 0.5}, {-6, 6}, {0, 26}}},
		{"NormCDF", NormCDF, func(x float64) *big.Float {
			z := bigOf(2000).Quo(bigOf(2000).SetFloat64(-x), bigOf(2000).Sqrt(bigOf(2000).SetInt64(2)))
			c := bigErfc(z)
			return c.Quo(c, newBig(2))
		}, 6, [][2]float64{{-1, 1}, {-8, 8}, {-36, 0}}},
	}
}

func TestErrorsStayWithinTheStatedBounds(t *testing.T) {
	for _, a := range accuracies() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, 2))
			worst, at := 0.0, 0.0
			for _, r := range a.ranges {
				for range 120 {
					x := r[0] + rng.Float64()*(r[1]-r[0])
					if e := ulps(a.got(x), a.want(x)); e > worst {
						worst, at = e, x
					}
				}
			}
			t.Logf("%s: at most %.3f ulp, at %v", a.name, worst, at)
			if worst > a.bound {
				t.Errorf("%s(%v) = %v is %.3f ulp off, more than %v", a.name, at, a.got(at), worst, a.bound)
			}
		})
	}
}

func TestPowStaysWithinItsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	worst, where := 0.0, ""
	for i := range 500 {
		x := rng.Float64() * 4
		if i%3 == 0 {
			x = 1 + (rng.Float64()-0.5)*1e-3
		}
		limit := 700 / math.Abs(math.Log(x))
		y := (2*rng.Float64() - 1) * limit
		z := bigLog(newBig(x))
		want := bigExp(z.Mul(z, newBig(y)))
		if e := ulps(Pow(x, y), want); e > worst {
			worst, where = e, fmt.Sprintf("Pow(%v, %v)", x, y)
		}
	}
	t.Logf("at most %.3f ulp, at %s", worst, where)
	if worst > 0.6 {
		t.Errorf("%s is %.3f ulp off, more than 0.6", where, worst)
	}
}

func TestNormQuantileInvertsTheDistribution(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range 3000 {
		p := rng.Float64()
		if i%2 == 0 {
			p = math.Pow(10, -300*p)
		}
		x := NormQuantile(p)
		// dp = φ(x)·dx: what an error of dx in x makes of p.
		density := math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
		if dx := (NormCDF(x) - p) / density; math.Abs(dx) > 1.2e-15*math.Max(1, math.Abs(x)) {
			t.Errorf("NormQuantile(%v) = %v is %v off", p, x, dx)
		}
	}
}

func TestNormQuantileMatchesPublishedValues(t *testing.T) {
	// Wichura 1988, section 3.
	for p, want := range map[float64]float64{
		0.25:  -0.6744897501960817,
		0.001: -3.090232306167814,
		1e-20: -9.262340089798408,
		0.975: 1.959963984540054,
	} {
		if got := NormQuantile(p); math.Abs(got-want) > 4e-16*math.Abs(want)*2 {
			t.Errorf("NormQuantile(%v) = %.17g, want %.17g", p, got, want)
		}
	}
}

// The standard library is right to about an ulp, so on a wide sweep of all magnitudes
// the two may differ by their bounds together.
func TestAgreesWithTheStandardLibraryEverywhere(t *testing.T) {
	// math.Log is wrong below the normal numbers on amd64, so those are left to the exact test.
	normal := func(f func(float64) float64) func(float64) float64 {
		return func(x float64) float64 {
			if math.Abs(x) < 0x1p-1022 {
				return 0
			}
			return f(x)
		}
	}
	pairs := []struct {
		name      string
		got, want func(float64) float64
		bound     float64
	}{
		{"Exp", Exp, math.Exp, 2}, {"Expm1", Expm1, math.Expm1, 3}, {"Log", normal(Log), normal(math.Log), 2},
		{"Log2", Log2, math.Log2, 3}, {"Log1p", Log1p, math.Log1p, 2}, {"Tanh", Tanh, math.Tanh, 5},
		{"Atan", Atan, math.Atan, 3}, {"Erf", Erf, math.Erf, 4}, {"Erfc", Erfc, math.Erfc, 6},
	}
	for _, p := range pairs {
		t.Run(p.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 8))
			for range 50_000 {
				x := math.Float64frombits(rng.Uint64()) // every magnitude alike, NaN and Inf too
				checkNear(t, p.name, x, p.got(x), p.want(x), p.bound)
			}
		})
	}
}

func checkNear(t *testing.T, name string, x, got, want, bound float64) {
	t.Helper()
	if got == want || got != got && want != want {
		return
	}
	// Below the normal numbers a product rounded twice may be one unit off.
	if math.Abs(want) < 0x1p-1022 && math.Abs(got-want) <= 2*math.SmallestNonzeroFloat64 {
		return
	}
	if e := ulps(got, newBig(want)); !(e <= bound) {
		t.Errorf("%s(%v) = %v, math has %v, %.2f ulp away", name, x, got, want, e)
	}
}
