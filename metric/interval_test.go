package metric_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"medml/internal/elementary"
	"medml/metric"
)

// Five folds of 80 and 20: s² = 2.5e-4, factor 1/5 + 1/4 = 0.45, t = 2.776445.
func TestMeanIntervalOnPaper(t *testing.T) {
	low, high := metric.MeanInterval([]float64{0.90, 0.91, 0.92, 0.93, 0.94}, 80, 20, lookup(t, "auroc"))
	half := 2.7764451051977987 * math.Sqrt(2.5e-4*0.45)
	if math.Abs(low-(0.92-half)) > 1e-15 || math.Abs(high-(0.92+half)) > 1e-15 {
		t.Errorf("%v to %v, want 0.92 ± %v", low, high, half)
	}
}

func TestMeanIntervalKeepsToTheBounds(t *testing.T) {
	for _, c := range []struct {
		metric string
		values []float64
	}{
		{"auroc", []float64{0.99, 1, 0.95}},
		{"rmse", []float64{0.1, 3, 0.2}},
		{"mcc", []float64{-0.9, -1, 0.3}},
		{"r2", []float64{-5, 0.9, 1}},
	} {
		m := lookup(t, c.metric)
		low, high := metric.MeanInterval(c.values, 80, 40, m)
		if !(low >= m.Low && high <= m.High && low < high) {
			t.Errorf("%s: %v to %v", c.metric, low, high)
		}
	}
}

func TestMeanIntervalIsNaNWhereItCannotBeHad(t *testing.T) {
	for name, values := range map[string][]float64{
		"no value":          nil,
		"one value":         {0.9},
		"a NaN":             {0.9, math.NaN(), 0.8},
		"an infinite value": {0.9, math.Inf(1)},
	} {
		if low, high := metric.MeanInterval(values, 80, 20, lookup(t, "rmse")); low == low || high == high {
			t.Errorf("%s: %v to %v", name, low, high)
		}
	}
}

func TestWilsonOfNothingIsNaN(t *testing.T) {
	if low, high := metric.Wilson(0, 0); low == low || high == high {
		t.Errorf("%v to %v", low, high)
	}
}

func TestPerfectSeparationHasNoDeLongInterval(t *testing.T) {
	p := metric.Predictions{Scores: []float64{0.1, 0.2, 0.8, 0.9}, Classes: 2, Labels: []int32{0, 0, 1, 1}}
	if low, high := lookup(t, "auroc").Interval(p); low == low || high == high {
		t.Errorf("%v to %v", low, high)
	}
}

// Each interval is to hold the truth in 95 of 100 studies; with 4,000 studies the share
// seen is within ±1.5 % of the true coverage but once in 10,000 runs, and the seed is
// fixed. DeLong's and Wilson's are approximations: ±2.5 % is granted.
func TestIntervalsCoverTheTruthAsOftenAsTheySay(t *testing.T) {
	const studies = 4000
	rng := rand.New(rand.NewPCG(2024, 1))
	normal := func() float64 { return elementary.NormQuantile(rng.Float64()) }
	area := elementary.NormCDF(1 / math.Sqrt2) // of scores a standard deviation apart
	cover := map[string]int{}
	count := func(name string, low, truth, high float64) {
		if low <= truth && truth <= high {
			cover[name]++
		}
	}
	unbounded := metric.Metric{Low: math.Inf(-1), High: math.Inf(1)}
	for range studies {
		p := metric.Predictions{Classes: 2}
		hits := 0
		for i := range 120 {
			label := int32(i % 2)
			p.Labels = append(p.Labels, label)
			p.Scores = append(p.Scores, normal()+float64(label))
			if rng.Float64() < 0.8 {
				hits++
			}
		}
		low, high := lookup(t, "auroc").Interval(p)
		count("DeLong", low, area, high)
		low, high = metric.Wilson(hits, 120)
		count("Wilson", low, 0.8, high)
		// Independent values: no training examples shared, so valid/train is 0.
		values := []float64{-3 + normal(), -3 + normal(), -3 + normal(), -3 + normal(), -3 + normal()}
		low, high = metric.MeanInterval(values, 100, 0, unbounded)
		count("mean", low, -3, high)
	}
	for name, n := range cover {
		if share := float64(n) / studies; math.Abs(share-0.95) > 0.025 {
			t.Errorf("the interval of %s holds the truth in %.3f of studies", name, share)
		}
	}
	if len(cover) != 3 {
		t.Errorf("intervals tried: %v", cover)
	}
}
