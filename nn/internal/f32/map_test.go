package f32_test

import (
	"math"
	"testing"

	"medml/nn/internal/f32"
)

// ulps returns how many units in the last place of a float32 near want got is off.
func ulps(got float32, want float64) float64 {
	if float64(got) == want || got != got && want != want {
		return 0
	}
	if math.IsInf(float64(got), 0) && math.Abs(want) > math.MaxFloat32 {
		return 0
	}
	_, e := math.Frexp(want)
	unit := math.Ldexp(1, max(e-24, -149))
	return math.Abs(float64(got)-want) / unit
}

func TestFunctionsKeepTheirBounds(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(float32) float32
		exact func(float64) float64
		bound float64
	}{
		{"exp", f32.Exp1, math.Exp, 1.1},
		{"tanh", f32.Tanh1, math.Tanh, 2},
		{"sigmoid", f32.Sigmoid1, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 2},
		{"erf", f32.Erf1, math.Erf, 1.1},
	} {
		t.Run(c.name, func(t *testing.T) {
			worst, at := 0.0, float32(0)
			// A stride prime to 2³² visits bit patterns of every sign and exponent.
			bits := uint32(0)
			for range 1 << 20 {
				x := math.Float32frombits(bits)
				bits += 2654435761
				if u := ulps(c.f(x), c.exact(float64(x))); !(u <= worst) {
					worst, at = u, x
				}
			}
			// And the range that matters, densely.
			for i := range 1 << 19 {
				x := (float32(i) - 1<<18) * (12. / (1 << 18))
				if u := ulps(c.f(x), c.exact(float64(x))); !(u <= worst) {
					worst, at = u, x
				}
			}
			t.Logf("%.3f ulp at %v", worst, at)
			if !(worst <= c.bound) {
				t.Errorf("off by %.3f ulp at %v: %v, want %v; the bound is %v", worst, at, c.f(at), c.exact(float64(at)), c.bound)
			}
		})
	}
}

// Of one logit and the target 0, the binary cross-entropy is softplus, ln(1+eˣ).
func TestSoftplusKeepsItsBound(t *testing.T) {
	x, zero, g := make([]float32, 1), make([]float32, 1), make([]float32, 1)
	worst := 0.0
	for i := range 1 << 18 {
		x[0] = (float32(i) - 1<<17) * (100. / (1 << 17))
		want := math.Log1p(math.Exp(float64(x[0])))
		if x[0] > 0 {
			want = float64(x[0]) + math.Log1p(math.Exp(-float64(x[0])))
		}
		u := ulps(float32(f32.BinaryCrossEntropy(x, zero, g, 1)), want)
		if !(u <= 3) {
			t.Fatalf("off by %.3f ulp at %v", u, x[0])
		}
		worst = max(worst, u)
	}
	t.Logf("%.3f ulp", worst)
}

func TestFunctionsAtTheEdges(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	for _, c := range []struct {
		name    string
		f       func(float32) float32
		x, want float64
	}{
		{"exp of infinity", f32.Exp1, inf, inf},
		{"exp of minus infinity", f32.Exp1, -inf, 0},
		{"exp of NaN", f32.Exp1, nan, nan},
		{"exp of 0", f32.Exp1, 0, 1},
		{"exp of the least that overflows", f32.Exp1, 88.72284, inf},
		{"tanh of infinity", f32.Tanh1, inf, 1},
		{"tanh of minus infinity", f32.Tanh1, -inf, -1},
		{"tanh of minus zero", f32.Tanh1, zero, zero},
		{"tanh of NaN", f32.Tanh1, nan, nan},
		{"sigmoid of infinity", f32.Sigmoid1, inf, 1},
		{"sigmoid of minus infinity", f32.Sigmoid1, -inf, 0},
		{"sigmoid of NaN", f32.Sigmoid1, nan, nan},
		{"erf of infinity", f32.Erf1, inf, 1},
		{"erf of minus infinity", f32.Erf1, -inf, -1},
		{"erf of NaN", f32.Erf1, nan, nan},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := float64(c.f(float32(c.x)))
			if got != c.want && !(got != got && c.want != c.want) || math.Signbit(got) != math.Signbit(c.want) && got == 0 {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
