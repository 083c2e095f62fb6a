package elementary

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

var specials = []float64{
	0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 2, -2, 3, -3, 2.5, 1e-300, -1e-300, 1e300, -1e300,
	math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0x1p-1022, 0x1.fffffffffffffp-1023,
	math.MaxFloat64, -math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(),
	1 << 53, 1<<53 - 1, -(1<<53 - 1), 1 << 62, math.Nextafter(1, 0), math.Nextafter(1, 2),
	709.7827128933841, 710.5, -708.4, -745.1332191019412, -745.2, -746.5,
}

func TestSpecialValuesAreThoseOfTheStandardLibrary(t *testing.T) {
	pairs := []struct {
		name      string
		got, want func(float64) float64
	}{
		{"Exp", Exp, math.Exp}, {"Expm1", Expm1, math.Expm1}, {"Log1p", Log1p, math.Log1p},
		{"Log2", Log2, math.Log2}, {"Sin", Sin, math.Sin}, {"Cos", Cos, math.Cos}, {"Atan", Atan, math.Atan},
		{"Tanh", Tanh, math.Tanh}, {"Erf", Erf, math.Erf}, {"Erfc", Erfc, math.Erfc},
	}
	for _, p := range pairs {
		for _, x := range specials {
			checkCase(t, fmt.Sprintf("%s(%v)", p.name, x), p.got(x), p.want(x))
		}
	}
}

func TestPowOfEverySpecialPair(t *testing.T) {
	for _, x := range specials {
		for _, y := range specials {
			checkCase(t, fmt.Sprintf("Pow(%v, %v)", x, y), Pow(x, y), math.Pow(x, y))
		}
	}
}

// checkCase asks for the case only (NaN, infinity, signed zero, about the right number):
// package math itself is far off at some of these, and accuracy is tested elsewhere.
func checkCase(t *testing.T, call string, got, want float64) {
	t.Helper()
	switch {
	case got != got && want != want:
	case got == want && math.Signbit(got) == math.Signbit(want):
	case got-want == got || math.Abs(got-want) > 0.05*math.Abs(want)+2*math.SmallestNonzeroFloat64:
		t.Errorf("%s = %v, want %v", call, got, want)
	}
}

func TestExpAtTheEndsOfItsRange(t *testing.T) {
	for x, want := range map[float64]float64{
		709.782712893384:   1.7976931348622732e308,
		709.7827128933841:  math.Inf(1),
		-708.3964185322641: 2.2250738585072626e-308,
		-745.1332191019411: math.SmallestNonzeroFloat64,
		-745.1332191019412: 0,
	} {
		if got := Exp(x); got != want {
			t.Errorf("Exp(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestSpecialValuesOfWhatMathLacks(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"log of 0", Log(0), -inf},
		{"log of -0", Log(math.Copysign(0, -1)), -inf},
		{"log of a negative number", Log(-1), nan},
		{"log of +Inf", Log(inf), inf},
		{"log of NaN", Log(nan), nan},
		{"log of 1", Log(1), 0},
		{"log of the smallest number", Log(math.SmallestNonzeroFloat64), -744.4400719213812},
		{"sigmoid of 0", Sigmoid(0), 0.5},
		{"sigmoid of +Inf", Sigmoid(inf), 1},
		{"sigmoid of -Inf", Sigmoid(-inf), 0},
		{"sigmoid of NaN", Sigmoid(nan), nan},
		{"normal distribution at 0", NormCDF(0), 0.5},
		{"normal distribution at +Inf", NormCDF(inf), 1},
		{"normal distribution at -Inf", NormCDF(-inf), 0},
		{"normal distribution at NaN", NormCDF(nan), nan},
		{"normal quantile of 0", NormQuantile(0), -inf},
		{"normal quantile of 1/2", NormQuantile(0.5), 0},
		{"normal quantile of 1", NormQuantile(1), inf},
		{"normal quantile below 0", NormQuantile(-0.1), nan},
		{"normal quantile above 1", NormQuantile(1.1), nan},
		{"normal quantile of NaN", NormQuantile(nan), nan},
		{"log-sum-exp of nothing", LogSumExp(nil), -inf},
		{"log-sum-exp with -Inf", LogSumExp([]float64{-inf, 2}), 2},
		{"log-sum-exp of -Inf alone", LogSumExp([]float64{-inf, -inf}), -inf},
		{"log-sum-exp with +Inf", LogSumExp([]float64{1, inf}), inf},
		{"log-sum-exp with NaN", LogSumExp([]float64{inf, nan}), nan},
		{"log-sum-exp beyond the range of exp", LogSumExp([]float64{1000, 1000}), 1000.6931471805599},
		{"log-sum-exp below it", LogSumExp([]float64{-1000, -1000}), -999.3068528194401},
	} {
		if c.got != c.want && !(c.got != c.got && c.want != c.want) {
			t.Errorf("%s is %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestPowersOfTwoAreExact(t *testing.T) {
	for k := -1074; k <= 1023; k++ {
		x := math.Ldexp(1, k)
		if got := Log2(x); got != float64(k) {
			t.Errorf("Log2(2^%d) = %v", k, got)
		}
		if got := Pow(2, float64(k)); got != x {
			t.Errorf("Pow(2, %d) = %v, want %v", k, got, x)
		}
	}
}

func TestLaws(t *testing.T) {
	t.Run("odd and even functions are so to the bit", rapid.MakeCheck(func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		for name, f := range map[string]func(float64) float64{"Sin": Sin, "Tanh": Tanh, "Erf": Erf, "Atan": Atan} {
			if f(-x) != -f(x) && f(x) == f(x) {
				t.Fatalf("%s(%v) = %v, but %v at %v", name, x, f(x), f(-x), -x)
			}
		}
		if Cos(-x) != Cos(x) && Cos(x) == Cos(x) {
			t.Fatalf("Cos(%v) = %v, but %v at %v", x, Cos(x), Cos(-x), -x)
		}
	}))
	t.Run("sin² + cos² is 1", rapid.MakeCheck(func(t *rapid.T) {
		x := rapid.Float64().Draw(t, "x")
		if s, c := Sin(x), Cos(x); math.Abs(s*s+c*c-1) > 4e-16 {
			t.Fatalf("at %v: %v² + %v²", x, s, c)
		}
	}))
	t.Run("log inverts exp", rapid.MakeCheck(func(t *rapid.T) {
		x := rapid.Float64Range(-700, 700).Draw(t, "x")
		if got := Log(Exp(x)); math.Abs(got-x) > 1.2e-16+2.3e-16*math.Abs(x) {
			t.Fatalf("log(exp(%v)) = %v", x, got)
		}
	}))
	t.Run("log1p inverts expm1", rapid.MakeCheck(func(t *rapid.T) {
		x := rapid.Float64Range(-1, 700).Draw(t, "x")
		if got := Log1p(Expm1(x)); math.Abs(got-x) > 1e-15*math.Abs(x) {
			t.Fatalf("log1p(expm1(%v)) = %v", x, got)
		}
	}))
	t.Run("the two sides of the normal distribution make 1", rapid.MakeCheck(func(t *rapid.T) {
		x := rapid.Float64Range(-10, 10).Draw(t, "x")
		if sum := NormCDF(x) + NormCDF(-x); math.Abs(sum-1) > 3e-16 {
			t.Fatalf("at %v: %v", x, sum)
		}
	}))
}

// A sampler compares densities of neighbouring points: a function that steps down where
// it should rise would rank them wrongly.
func TestIncreasingFunctionsNeverStepDown(t *testing.T) {
	functions := []struct {
		name      string
		f         func(float64) float64
		low, high float64
	}{
		{"Exp", Exp, -750, 720}, {"Log", Log, 0, 10}, {"Atan", Atan, -20, 20},
		{"NormQuantile", NormQuantile, 0, 1}, {"Sigmoid", Sigmoid, -40, 40},
	}
	rng := rand.New(rand.NewPCG(9, 10))
	for _, c := range functions {
		for range 20_000 {
			x := c.low + rng.Float64()*(c.high-c.low)
			y := x + rng.Float64()*1e-6*(c.high-c.low)
			if c.f(y) < c.f(x) {
				t.Errorf("%s(%v) = %v, but %v at %v", c.name, x, c.f(x), c.f(y), y)
			}
		}
	}
}

func TestTablesAreRight(t *testing.T) {
	check := func(name string, j int, hi, lo float64, want *big.Float) {
		t.Helper()
		h, _ := want.Float64()
		l, _ := bigOf(precision).Sub(want, newBig(h)).Float64()
		if hi != h || lo != l {
			t.Errorf("%s[%d] = %x, %x, want %x, %x", name, j, hi, lo, h, l)
		}
	}
	for j, row := range exp2Table {
		x := bigLog(newBig(2))
		check("exp2Table", j, row[0], row[1], bigExp(x.Mul(x, newBig(float64(j)/32))))
	}
	for j, row := range logTable {
		scale := 256.0
		if j >= logHalved {
			scale = 128
		}
		if row.inv == scale {
			check("logTable", j, row.hi, row.lo, newBig(0))
			continue
		}
		x := bigLog(newBig(row.inv / scale))
		check("logTable", j, row.hi, row.lo, x.Neg(x))
	}
	for j, row := range atanTable {
		check("atanTable", j, row[0], row[1], bigAtan(newBig(float64(j)/8)))
	}
	check("π/2", 0, halfPiHi, halfPiLo, bigOf(1400).Quo(bigPi(), newBig(2)))
	x := bigOf(1400).Quo(bigOf(1400).SetInt64(2), bigPi())
	for j, word := range twoOverPi[1:] {
		x.SetMantExp(x, 64)
		whole, _ := x.Int(nil)
		if whole.Uint64() != word {
			t.Errorf("twoOverPi[%d] = %#x, want %#x", j+1, word, whole.Uint64())
		}
		x.Sub(x, bigOf(1400).SetInt(whole))
	}
}
