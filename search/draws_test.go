package search_test

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"medml"
)

// The draws of random search, 4,000 of each parameter, against what they should follow.
// Each test would fail for one seed in a thousand; the seed is fixed.
const draws = 4000

func drawn(t *testing.T, p medml.Param) []float64 {
	t.Helper()
	// A second, continuous parameter keeps duplicates from being drawn again.
	study := mustNew(t, medml.Space{p, float("other", 0, 1)}, config("random"))
	var xs []float64
	for _, trial := range run(t, study, draws, sphere) {
		v := trial.Params[0].Value
		if p.Kind == medml.Categorical {
			xs = append(xs, float64(slices.Index(p.Choices, v)))
		} else {
			xs = append(xs, v.Float())
		}
	}
	return xs
}

func TestFiniteParametersAreDrawnInTheirShares(t *testing.T) {
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
	for name, c := range map[string]struct {
		param  medml.Param
		low    float64
		step   float64
		shares []float64
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
	} {
		t.Run(name, func(t *testing.T) {
			counts := make([]float64, len(c.shares))
			for _, x := range drawn(t, c.param) {
				counts[int(math.Round((x-c.low)/c.step))]++
			}
			chi2 := 0.0
			for i, share := range c.shares {
				expected := share * draws
				chi2 += (counts[i] - expected) * (counts[i] - expected) / expected
			}
			if len(counts) == 1 {
				return // there is but one way
			}
			if limit := (distuv.ChiSquared{K: float64(len(counts) - 1)}).Quantile(0.999); chi2 > limit {
				t.Errorf("χ² is %.1f, above %.1f: %v", chi2, limit, counts)
			}
		})
	}
}

func TestContinuousParametersAreDrawnUniformly(t *testing.T) {
	for name, c := range map[string]struct {
		param medml.Param
		cdf   func(float64) float64
	}{
		"a float":                {float("p", -2, 6), func(x float64) float64 { return (x + 2) / 8 }},
		"a float on a log scale": {logarithmic(float("p", 1e-5, 1e-1)), func(x float64) float64 { return math.Log10(x)/4 + 5.0/4 }},
	} {
		t.Run(name, func(t *testing.T) {
			xs := drawn(t, c.param)
			slices.Sort(xs)
			distance := 0.0
			for i, x := range xs {
				f := c.cdf(x)
				distance = max(distance, f-float64(i)/draws, float64(i+1)/draws-f)
			}
			// The 99.9 % quantile of Kolmogorov's distribution is 1.95.
			if d := distance * math.Sqrt(draws); d > 1.95 {
				t.Errorf("Kolmogorov-Smirnov distance %.2f, above 1.95", d)
			}
		})
	}
}
