package search_test

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"medml"
)

// finiteParams are parameters of every finite kind, the first value, the distance of two,
// and the shares in which uniform draws take them.
func finiteParams() map[string]struct {
	param     medml.Param
	low, step float64
	shares    []float64
} {
	equal := func(n int) (shares []float64) {
		for range n {
			shares = append(shares, 1/float64(n))
		}
		return shares
	}
	logShares := func(low, high int) (shares []float64) {
		all := math.Log(float64(high)+0.5) - math.Log(float64(low)-0.5)
		for i := low; i <= high; i++ {
			shares = append(shares, (math.Log(float64(i)+0.5)-math.Log(float64(i)-0.5))/all)
		}
		return shares
	}
	return map[string]struct {
		param     medml.Param
		low, step float64
		shares    []float64
	}{
		"a word":                          {words("p", "a", "b", "c"), 0, 1, equal(3)},
		"an ordered word":                 {ordered(words("p", "a", "b", "c", "d")), 0, 1, equal(4)},
		"a whole number":                  {integer("p", -1, 5), -1, 1, equal(7)},
		"a stepped whole number":          {stepped(integer("p", 8, 64), 8), 8, 8, equal(8)},
		"a stepped float":                 {stepped(float("p", 0, 0.5), 0.1), 0, 0.1, equal(6)},
		"a whole number on a log scale":   {logarithmic(integer("p", 1, 8)), 1, 1, logShares(1, 8)},
		"a high number on a log scale":    {logarithmic(integer("p", 100, 110)), 100, 1, logShares(100, 110)},
		"two numbers on a log scale":      {logarithmic(integer("p", 1, 2)), 1, 1, logShares(1, 2)},
		"a parameter with a single value": {integer("p", 3, 3), 3, 1, equal(1)},
	}
}

// continuousParams are the others, with their distribution functions.
func continuousParams() map[string]struct {
	param medml.Param
	cdf   func(float64) float64
} {
	return map[string]struct {
		param medml.Param
		cdf   func(float64) float64
	}{
		"a float":                {float("p", -2, 6), func(x float64) float64 { return (x + 2) / 8 }},
		"a float on a log scale": {logarithmic(float("p", 1e-5, 1e-1)), func(x float64) float64 { return math.Log10(x)/4 + 5.0/4 }},
	}
}

// number returns a value as a number, that of a choice its place.
func number(p medml.Param, v medml.Value) float64 {
	if p.Kind == medml.Categorical {
		return float64(slices.Index(p.Choices, v))
	}
	return v.Float()
}

// checkShares fails if values are drawn in other shares by the χ² test, at an error rate
// of one in a thousand. The seeds are fixed.
func checkShares(t *testing.T, xs []float64, low, step float64, shares []float64) {
	t.Helper()
	if len(shares) == 1 {
		return // there is but one way
	}
	counts, chi2 := make([]float64, len(shares)), 0.0
	for _, x := range xs {
		counts[int(math.Round((x-low)/step))]++
	}
	for i, share := range shares {
		expected := share * float64(len(xs))
		chi2 += (counts[i] - expected) * (counts[i] - expected) / expected
	}
	if limit := (distuv.ChiSquared{K: float64(len(counts) - 1)}).Quantile(0.999); chi2 > limit {
		t.Errorf("χ² is %.1f, above %.1f: %v", chi2, limit, counts)
	}
}

// checkDistribution fails if values follow another distribution by the test of Kolmogorov
// and Smirnov, whose 99.9 % quantile is 1.95.
func checkDistribution(t *testing.T, xs []float64, cdf func(float64) float64) {
	t.Helper()
	xs = slices.Sorted(slices.Values(xs))
	n, distance := float64(len(xs)), 0.0
	for i, x := range xs {
		distance = max(distance, cdf(x)-float64(i)/n, float64(i+1)/n-cdf(x))
	}
	if d := distance * math.Sqrt(n); d > 1.95 {
		t.Errorf("Kolmogorov-Smirnov distance %.2f, above 1.95", d)
	}
}

// drawn returns 4,000 draws of random search.
func drawn(t *testing.T, p medml.Param) (xs []float64) {
	t.Helper()
	// A second, continuous parameter keeps duplicates from being drawn again.
	study := mustNew(t, medml.Space{p, float("other", 0, 1)}, config("random"))
	for _, trial := range run(t, study, 4000, sphere) {
		xs = append(xs, number(p, trial.Params[0].Value))
	}
	return xs
}

func TestFiniteParametersAreDrawnInTheirShares(t *testing.T) {
	for name, c := range finiteParams() {
		t.Run(name, func(t *testing.T) { checkShares(t, drawn(t, c.param), c.low, c.step, c.shares) })
	}
}

func TestContinuousParametersAreDrawnUniformly(t *testing.T) {
	for name, c := range continuousParams() {
		t.Run(name, func(t *testing.T) { checkDistribution(t, drawn(t, c.param), c.cdf) })
	}
}
