package search

import (
	"math"
	"slices"
	"testing"

	"github.com/c-bata/goptuna"
	"pgregory.net/rapid"

	"medml"
)

func continuousCells(int, float64) float64 { return 0 }

// evolve draws, judges and adds so many trials, the trial n being drawn when those up to n -
// delay have been added, and returns the evolution and the values.
func evolve(d, lambda, delay, trials int, seed uint64, f func([]float64) float64) (*evolution, []float64) {
	e := newEvolution(seed, d, lambda, delay-1, defaultSigma, continuousCells)
	values := make([]float64, trials)
	compare := func(a, b int32) int {
		switch x, y := values[a], values[b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a) - int(b)
	}
	var flight []member
	for n := range trials {
		from := e.present()
		x := drawInside(from, medml.Stream(seed, "evolve", n))
		values[n] = f(x)
		flight = append(flight, member{int32(n), x, values[n], from})
		if len(flight) == delay {
			e.add(flight[0], compare)
			flight = flight[1:]
		}
	}
	return e, values
}

// at returns a quadratic function with its minimum at a point, curved so differently along
// a rotated pair of axes and the others.
func quadratic(d int, ratio float64) func([]float64) float64 {
	return func(x []float64) (sum float64) {
		y := make([]float64, d)
		for i := range y {
			y[i] = x[i] - 0.3 - 0.05*float64(i)
		}
		y[0], y[1] = (y[0]+y[1])/math.Sqrt2, (y[0]-y[1])/math.Sqrt2
		for i, v := range y {
			sum += math.Pow(ratio, float64(i)/float64(d-1)) * v * v
		}
		return sum
	}
}

// CMA-ES converges at a rate that doesn't depend on how the axes are stretched and turned,
// and so with a delay, if slower.
func TestEvolutionConvergesOnAnEllipsoid(t *testing.T) {
	for delay, limit := range map[int]float64{1: 1e-9, 12: 1e-5} {
		for seed := range uint64(5) {
			_, values := evolve(4, 9, delay, 1500, seed, quadratic(4, 1e4))
			if best := slices.Min(values); best > limit {
				t.Errorf("delay %d, seed %d: %.3g after %d trials, expected %v", delay, seed, best, len(values), limit)
			}
		}
	}
}

// The covariance matrix becomes that of the function: its axes have the lengths of the
// inverse roots of the curvatures.
func TestTheCovarianceLearnsTheCurvature(t *testing.T) {
	e, _ := evolve(3, 8, 1, 700, 2, quadratic(3, 100))
	scales := slices.Sorted(slices.Values(e.present().scales))
	if ratio := scales[2] / scales[0]; ratio < 5 || ratio > 20 {
		t.Errorf("the axes are as %.3g : 1, expected about 10 : 1", ratio)
	}
}

// The order of the values is all that counts.
func TestEvolutionSeesRanksAlone(t *testing.T) {
	f := quadratic(3, 30)
	a, _ := evolve(3, 7, 4, 60, 1, f)
	b, _ := evolve(3, 7, 4, 60, 1, func(x []float64) float64 { return math.Exp(40 * f(x)) })
	if !slices.Equal(a.present().mean, b.present().mean) || a.present().sigma != b.present().sigma {
		t.Errorf("means %v and %v", a.present().mean, b.present().mean)
	}
}

// Where all values are equal nothing is learnt, and the search starts again elsewhere with
// more trials at a time.
func TestAPlateauIsLeftWithALargerPopulation(t *testing.T) {
	e, _ := evolve(2, 6, 1, 400, 1, func([]float64) float64 { return 1 })
	if e.present().run == 0 || e.lambda < 12 || slices.Equal(e.present().mean, e.clouds[0].mean) {
		t.Errorf("run %d, population %d, mean %v", e.present().run, e.lambda, e.present().mean)
	}
}

// No trial, however far from the cloud or long after a restart, breaks the evolution.
func TestEvolutionTakesAnyTrials(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := newEvolution(1, 3, 6, 11, 0.5, func(i int, _ float64) float64 { return []float64{0, 0.5, 0.001}[i] })
		var values []float64
		for n := range rapid.IntRange(20, 120).Draw(t, "trials") {
			x := rapid.SliceOfN(rapid.Float64Range(0, 1), 3, 3).Draw(t, "x")
			values = append(values, rapid.Float64().Draw(t, "value"))
			from := e.clouds[max(0, len(e.clouds)-rapid.IntRange(1, 4).Draw(t, "age"))]
			e.add(member{int32(n), x, values[n], from}, func(a, b int32) int { return int(a - b) })
			c := e.present()
			for _, v := range append(slices.Clone(c.mean), c.sigma, c.scales[0], c.scales[1], c.scales[2]) {
				if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
					t.Fatalf("after %d trials: %+v", n+1, c)
				}
			}
			for _, v := range drawInside(c, medml.Stream(1, "any", n)) {
				if !(v >= 0 && v <= 1) {
					t.Fatalf("drew %v", v)
				}
			}
		}
	})
}

// A whole number doesn't freeze: when the cloud has become far smaller than the cells of the
// values, draws still leave the present one.
func TestIntegersDontFreeze(t *testing.T) {
	e := newEvolution(1, 2, 8, 0, 1e-6, func(i int, _ float64) float64 { return float64(i) * 0.1 })
	left := 0
	for n := range 4000 {
		x := drawInside(e.present(), medml.Stream(1, "freeze", n))
		if math.Abs(x[1]-0.5) > 0.05 {
			left++
		}
		if math.Abs(x[0]-0.5) > 1e-4 {
			t.Fatalf("the continuous coordinate was stretched: %v", x)
		}
	}
	// 1/(λ·d) of 4,000 is 250; its standard deviation is 15.
	if left < 200 || left > 300 {
		t.Errorf("%d of 4000 draws left the cell, expected about 250", left)
	}
}

// The positive weights sum to 1, and μeff, cσ, dσ, cc, c1 and the expected length are those
// that the Python package cmaes 0.13.1 has for ten coordinates and a population of ten. Its
// cμ is without the 1/4 that Hansen added in 2023; ours is his Equation 58.
func TestTheConstantsAreHansens(t *testing.T) {
	s := newStrategy(10, 10)
	sum := 0.0
	for _, w := range s.weights[:s.mu] {
		sum += w
	}
	got := []float64{sum, s.muEff, s.cSigma, s.dSigma, s.cC, s.c1, s.cMu, s.chi}
	want := []float64{1, 3.1672992814107026, 0.2844285879463675, 1.2844285879463675, 0.29499038303562225,
		0.015283824524751714, 2 * (0.25 + 3.1672992814107026 - 2 + 1/3.1672992814107026) / (144 + 3.1672992814107026), 3.0847265651690123}
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-12*want[i] {
			t.Errorf("constants %v, expected %v", got, want)
			break
		}
	}
}

func TestEigenvaluesAndCholesky(t *testing.T) {
	for _, n := range []int{1, 2, 5, 12} {
		r := medml.Stream(1, "matrix", n)
		a := make([]float64, n*n)
		for range n + 2 { // a sum of squares is positive definite
			y := make([]float64, n)
			for i := range y {
				y[i] = r.Float64() - 0.5
			}
			for i := range n {
				addScaled(a[i*n:i*n+n], y[i], y)
			}
		}
		values, v := eigen(slices.Clone(a), n)
		l := slices.Clone(a)
		if !cholesky(l, n) {
			t.Fatal("not positive definite")
		}
		inv := inverse(l, n)
		solved := slices.Clone(a[:n])
		solveLower(l, n, solved)
		solveUpper(l, n, solved)
		for i := range n {
			for j := range n {
				fromEigen, identity := 0.0, 0.0
				for k := range n {
					fromEigen += v[i*n+k] * values[k] * v[j*n+k]
					identity += a[i*n+k] * inv[k*n+j]
				}
				unit := 0.0
				if i == j {
					unit = 1
				}
				if math.Abs(fromEigen-a[i*n+j]) > 1e-12 || math.Abs(identity-unit) > 1e-6 {
					t.Fatalf("n = %d: element (%d, %d) from the eigenvectors %v, expected %v; of a·a⁻¹ %v", n, i, j, fromEigen, a[i*n+j], identity)
				}
			}
			if want := []float64{1, 0}[min(i, 1)]; math.Abs(solved[i]-want) > 1e-6 {
				t.Fatalf("n = %d: a⁻¹·(first row of a) = %v", n, solved)
			}
		}
	}
	if cholesky([]float64{1, 0, 2, 1}, 2) || cholesky([]float64{math.NaN()}, 1) {
		t.Error("an indefinite matrix has a Cholesky factor")
	}
}

// The quasi-Newton method finds the minimum of a valley, in the box or at its edge.
func TestLBFGSFindsMinima(t *testing.T) {
	rosenbrock := func(x, g []float64) float64 {
		a, b := x[1]-x[0]*x[0], 1-x[0]
		g[0], g[1] = -400*a*x[0]-2*b, 200*a
		return 100*a*a + b*b
	}
	for _, c := range []struct{ low, high, want []float64 }{
		{[]float64{-5, -5}, []float64{5, 5}, []float64{1, 1}},
		{[]float64{-5, -5}, []float64{0.5, 5}, []float64{0.5, 0.25}},
		{[]float64{-5, -5}, []float64{5, 0}, []float64{0.1613, 0}},
	} {
		m := lbfgs{f: rosenbrock, low: c.low, high: c.high, steps: 300, tolerance: 1e-9}
		x, _ := m.minimise([]float64{-1.2, -0.5})
		if math.Abs(x[0]-c.want[0]) > 1e-4 || math.Abs(x[1]-c.want[1]) > 1e-4 {
			t.Errorf("in the box to %v: %v, expected %v", c.high, x, c.want)
		}
	}
}

// Failed trials don't count, wherever they stand.
func TestFailedTrialsDontMoveTheEvolution(t *testing.T) {
	dims := newDimensions(medml.Space{{Name: "x", Low: 0, High: 1}, {Name: "y", Low: 0, High: 1}})
	s, _ := newCMAES(Config{Sampler: SamplerConfig{Name: "cma-es"}}, dims)
	m := s.relative.(*cmaES)
	mean := func(failed int) []float64 {
		h := newHistory(dims)
		for i := range 12 + failed {
			h.add()
			x := float64((i*7)%12) / 12
			h.setParam(i, "x", x)
			h.setParam(i, "y", 1-x)
			h.trials[i].state, h.trials[i].value = goptuna.TrialStateComplete, x
			if i >= 12 {
				h.trials[i].state = goptuna.TrialStateFail
			}
		}
		return m.state.replay(m, &past{history: h, now: 12 + failed}).present().mean
	}
	if without, with := mean(0), mean(5); !slices.Equal(without, with) || without[0] == 0.5 {
		t.Errorf("means %v and, with failed trials, %v", without, with)
	}
}
