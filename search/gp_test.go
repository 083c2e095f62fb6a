package search

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/c-bata/goptuna"
	"pgregory.net/rapid"

	"medml"
	"medml/internal/elementary"
)

// cloudOfPoints returns n points of d coordinates, every third one a category, and values.
func cloudOfPoints(n, d int) (category []bool, x [][]float64, y []float64) {
	r := medml.Stream(5, "points", n, d)
	for i := range d {
		category = append(category, i%3 == 2)
	}
	for range n {
		row, sum := make([]float64, d), 0.0
		for i := range row {
			row[i] = r.Float64()
			if category[i] {
				row[i] = float64(r.IntN(3))
			}
			sum += math.Sin(4*row[i]) + row[i]*row[0]
		}
		x, y = append(x, row), append(y, sum+0.1*r.Float64())
	}
	standardise(y)
	return category, x, y
}

// difference returns the central difference of f by each coordinate.
func difference(f func([]float64) float64, x []float64, h float64) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		up, down := slices.Clone(x), slices.Clone(x)
		up[i], down[i] = x[i]+h, x[i]-h
		out[i] = (f(up) - f(down)) / (2 * h)
	}
	return out
}

func checkGradient(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	for i := range got {
		if math.Abs(got[i]-want[i]) > tolerance*(1+math.Abs(want[i])) {
			t.Errorf("%s: gradient %v, central differences %v", what, got, want)
			return
		}
	}
}

func TestTheGradientOfTheEvidenceIsRight(t *testing.T) {
	category, x, y := cloudOfPoints(20, 4)
	e := newEvidence(category, x, y)
	for _, theta := range [][]float64{{0, 0, 0, 0, 0, -4}, {2, -1, 0.5, 3, 1, -8}, {-3, 4, -2, 1, -1, -1}} {
		gradient := make([]float64, len(theta))
		e.loss(theta, gradient)
		want := difference(func(v []float64) float64 { return e.loss(v, make([]float64, len(v))) }, theta, 1e-5)
		checkGradient(t, "evidence", gradient, want, 1e-5)
	}
}

func TestTheGradientOfTheImprovementIsRight(t *testing.T) {
	category, x, y := cloudOfPoints(15, 4)
	for _, noise := range []float64{1e-2, 1e-6} {
		g := &gaussianProcess{hyper: hyperparameters{[]float64{3, 1, 0.5, 8}, 1.3, noise}, category: category}
		if !g.condition(x, y) {
			t.Fatal("not positive definite")
		}
		for _, best := range []float64{0.5, -1, -9, -80} {
			a := &improvement{g, best, g.scratch()}
			at, gradient := []float64{0.31, 0.62, 1, 0.45}, make([]float64, 4)
			a.at(at, gradient)
			want := difference(func(v []float64) float64 { return a.at(v, nil) }, at, 1e-6)
			want[2] = 0 // a category has no neighbours
			checkGradient(t, "improvement", gradient, want, 1e-4)
		}
	}
}

// At the values the posterior is what they say, give or take the noise; far off it is the
// prior.
func TestThePosteriorKeepsToValuesAndPrior(t *testing.T) {
	category, x, y := cloudOfPoints(12, 2)
	g := &gaussianProcess{hyper: hyperparameters{[]float64{4, 4}, 2, 1e-6}, category: category}
	if !g.condition(x, y) {
		t.Fatal("not positive definite")
	}
	s := g.scratch()
	for i := range x {
		if mean, variance := g.posterior(x[i], s); math.Abs(mean-y[i]) > 1e-3 || variance > 1e-5 {
			t.Errorf("at value %d, %.4f: mean %.4f, variance %.3g", i, y[i], mean, variance)
		}
	}
	if mean, variance := g.posterior([]float64{1e3, -1e3}, s); mean != 0 || variance != 2 {
		t.Errorf("far off: mean %v, variance %v, expected 0 and 2", mean, variance)
	}
}

func TestFittingFindsWhichCoordinateMatters(t *testing.T) {
	r := medml.Stream(1, "fit")
	var x [][]float64
	var y []float64
	for range 60 {
		row := []float64{r.Float64(), r.Float64()}
		x, y = append(x, row), append(y, math.Sin(7*row[0])+0.05*(r.Float64()-0.5))
	}
	standardise(y)
	h := fit([]bool{false, false}, x, y)
	if h.weights[0] < 10*h.weights[1] || h.noise > 0.01 {
		t.Errorf("weights %.3g, noise %.3g: expected the first to be the larger by far, and little noise", h.weights, h.noise)
	}
}

// bigImprovement is log(φ(u) + u·Φ(u)) for u < 0 by the series of the Mills ratio's integral
// ∫₀^∞ s·exp(-us' - s²/2) ds, added up in 300 bits.
func bigImprovement(t float64) float64 {
	// h(-t) = φ(t)·∫ s·exp(-t·s - s²/2) ds; substitute and add on a fine grid (the integrand
	// is smooth, and 0 with its even derivatives at neither end, so Simpson's rule is used).
	const n = 20000
	end := 40 / t
	sum, step := new(big.Float).SetPrec(300), end/n
	for i := 0; i <= n; i++ {
		s, w := float64(i)*step, 2.0
		switch {
		case i == 0 || i == n:
			w = 1
		case i%2 == 1:
			w = 4
		}
		sum.Add(sum, big.NewFloat(w*s*math.Exp(-t*s-s*s/2)))
	}
	total, _ := sum.Float64()
	return math.Log(total*step/3) - t*t/2 - math.Log(2*math.Pi)/2
}

func TestLogImprovement(t *testing.T) {
	for _, u := range []float64{-0.5, -1, -3, -3.999, -4, -4.001, -7, -30, -300, -1e5} {
		value, slope := logImprovement(u)
		if want := bigImprovement(-u); math.Abs(value-want) > 1e-9*(1+math.Abs(want)) {
			t.Errorf("log h(%v) = %v, expected %v", u, value, want)
		}
		h := 1e-5 * max(1, -u)
		up, _ := logImprovement(u + h)
		down, _ := logImprovement(u - h)
		if want := (up - down) / (2 * h); math.Abs(slope-want) > 1e-5*math.Abs(want) {
			t.Errorf("slope at %v = %v, expected %v", u, slope, want)
		}
	}
	if value, slope := logImprovement(50); value != elementary.Log(50) || slope != 1.0/50 {
		t.Errorf("at 50: %v, %v", value, slope)
	}
}

func TestTheImprovementRisesWithoutAJump(t *testing.T) {
	last := math.Inf(-1)
	for u := -60.0; u < 10; u += 1.0 / 64 {
		value, slope := logImprovement(u)
		if !(value > last) || !(slope > 0) {
			t.Fatalf("at %v: %v after %v, slope %v", u, value, last, slope)
		}
		last = value
	}
}

// A point says all of a configuration.
func TestPointsGoThereAndBack(t *testing.T) {
	dims := newDimensions(append(viewSpace(),
		medml.Param{Name: "step", Low: 0, High: 0.7, Step: 0.1},
		medml.Param{Name: "width", Kind: medml.Int, Low: 3, High: 900, Log: true},
		medml.Param{Name: "fixed", Low: 2, High: 2}))
	s := newEncoding(dims)
	rapid.Check(t, func(t *rapid.T) {
		x := make([]float64, len(s.dims))
		for j, d := range s.dims {
			x[j] = rapid.Float64Range(0, 1).Draw(t, "unit")
			if d.scale == unordered {
				x[j] = float64(rapid.IntRange(0, d.n-1).Draw(t, "choice"))
			}
		}
		exists := make([]bool, len(x))
		s.settle(x, exists)
		again := slices.Clone(x)
		if s.settle(again, exists); !slices.Equal(x, again) {
			t.Fatalf("settled twice %v becomes %v", x, again)
		}
		h := newHistory(dims)
		h.add()
		for name, v := range s.params(x, exists) {
			h.setParam(0, name, v)
		}
		for j, back := range s.of(h, 0) {
			if math.Abs(back-x[j]) > 1e-12 {
				t.Fatalf("%v comes back as %v", x, s.of(h, 0))
			}
		}
	})
}

// What is kept from earlier proposals makes no difference.
func TestAGaussianProcessRemembersNothing(t *testing.T) {
	for _, name := range []string{"gp", "cma-es"} {
		c := Config{Direction: medml.Minimize, Trials: 70, Lookback: 5, Sampler: SamplerConfig{Name: name, Candidates: 64}}
		kept := must[*Study](t)(New(viewSpace(), c, nil))
		var past []medml.Trial
		for i := range 70 {
			trial := must[medml.Trial](t)(kept.Ask())
			fresh := must[*Study](t)(New(viewSpace(), c, past))
			if anew := must[medml.Trial](t)(fresh.Ask()); !slices.Equal(anew.Params, trial.Params) {
				t.Fatalf("%s: trial %d is %v, by a new study %v", name, i, trial.Params, anew.Params)
			}
			rate, _ := trial.Params.Lookup("rate")
			trial.State, trial.Value = medml.Complete, math.Abs(math.Log(rate.Float())+3)
			noError(t, kept.Tell(trial))
			past = append(past, trial)
		}
	}
}

func TestTheTimeOfAProposalIsBounded(t *testing.T) {
	g := &gp{dims: []dimension{lineDim}, points: newEncoding([]dimension{lineDim})}
	h := newHistory(g.dims)
	for i := range 3000 {
		h.add()
		h.setParam(i, "x", float64(i%1000)/500)
		h.trials[i].value = float64((i * 7919) % 3001)
		h.setState(i, goptuna.TrialStateComplete)
	}
	p := &past{history: h, now: 3000}
	ranked := p.ranked()
	numbers, x, y := g.modelled(p, ranked)
	if len(numbers) != maxModelled || len(x) != maxModelled || len(y) != maxModelled || !slices.IsSorted(numbers) {
		t.Fatalf("%d trials are modelled, sorted: %v", len(numbers), slices.IsSorted(numbers))
	}
	for _, best := range ranked[:maxModelled/2] {
		if !slices.Contains(numbers, best) {
			t.Errorf("trial %d is among the best and isn't modelled", best)
		}
	}
	if len(slices.Compact(slices.Clone(numbers))) != maxModelled {
		t.Error("a trial is modelled twice")
	}
	for n := 1; n < 5000; n++ {
		if m := milestone(n); m > n || n-m > n/16 || milestone(m) != m {
			t.Fatalf("the hyperparameters of %d trials are found after %d", n, m)
		}
	}
}
