package search

import (
	"math"
	"slices"
	"testing"

	"github.com/c-bata/goptuna"
	"pgregory.net/rapid"
)

// valued returns a past of complete trials with these values, pruned ones and failed ones.
func valued(values []float64, pruned int) *past {
	h := newHistory([]dimension{lineDim})
	for _, v := range values {
		h.add()
		h.trials[len(h.trials)-1].value = v
		h.setState(len(h.trials)-1, goptuna.TrialStateComplete)
	}
	for i := range pruned {
		h.add()
		h.report(len(h.trials)-1, 1, float64(i))
		h.setState(len(h.trials)-1, goptuna.TrialStatePruned)
	}
	return &past{history: h, now: len(h.trials)}
}

func TestStandardisedValuesKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64(), 0, 30).Draw(t, "values")
		if rapid.Bool().Draw(t, "nan") {
			values = append(values, math.NaN())
		}
		p := valued(values, rapid.IntRange(0, 5).Draw(t, "pruned"))
		for i := range values {
			p.trials[i].violation = rapid.SampledFrom([]float64{0, 0, 1, 2, math.Inf(1)}).Draw(t, "violation")
		}
		ranked := p.ranked()
		if len(ranked) != len(p.trials) {
			t.Fatalf("%d of %d trials are ranked", len(ranked), len(p.trials))
		}
		y := standardised(p, ranked)
		sum, squares := 0.0, 0.0
		for i, v := range y {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%v become %v", values, y)
			}
			if i > 0 && v < y[i-1] && p.trials[ranked[i]].class() >= infeasibleClass {
				t.Fatalf("%v with violations become %v", values, y)
			}
			// Pruned ones rank behind and count as the worse half.
			if i > 0 && v < y[i-1] && p.trials[ranked[i]].class() == p.trials[ranked[i-1]].class() {
				t.Fatalf("%v become %v", values, y)
			}
			sum, squares = sum+v, squares+v*v
		}
		if n := float64(len(y)); n > 0 && (math.Abs(sum) > 1e-9*n || squares != 0 && math.Abs(squares/n-1) > 1e-9) {
			t.Fatalf("mean %v, mean square %v", sum/n, squares/n)
		}
	})
}

func TestAnExplosionLeavesTheOthersApart(t *testing.T) {
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 1e30}
	p := valued(values, 0)
	y := standardised(p, p.ranked())
	if y[4]-y[0] < 0.1 {
		t.Errorf("%.3g: the good ones fall together", y)
	}
	// Without a tail, what is left is nearly a shift and a scale.
	p = valued(values[:9], 0)
	y = standardised(p, p.ranked())
	if upper, lower := y[8]-y[4], y[4]-y[0]; upper < 0.9*lower || upper > lower {
		t.Errorf("%.3g: the halves are %.3g and %.3g wide", y, lower, upper)
	}
}

func TestDivergedTrialsHaveTheWorstValue(t *testing.T) {
	p := valued([]float64{3, math.NaN(), 1, math.Inf(1), 2, math.Inf(-1)}, 2)
	ranked := p.ranked()
	y := standardised(p, ranked)
	if ranked[0] != 5 || ranked[len(ranked)-1] != 1 || y[len(y)-1] != slices.Max(y) {
		t.Errorf("%v have the values %v", ranked, y)
	}
}
