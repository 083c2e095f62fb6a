package metric_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"medml/metric"
)

// fixtures is testdata/sklearn_fixtures.json, which testdata/sklearn_fixtures.py writes.
type fixtures struct {
	Cases []struct {
		Name    string             `json:"name"`
		Classes int                `json:"classes"`
		Scores  []float64          `json:"scores"`
		Labels  []int32            `json:"labels"`
		Targets []float64          `json:"targets"`
		Want    map[string]float64 `json:"want"`
	} `json:"cases"`
	Wilson []struct {
		K, N      int
		Low, High float64
	} `json:"wilson"`
}

func readFixtures(t *testing.T) fixtures {
	t.Helper()
	b, err := os.ReadFile("testdata/sklearn_fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	var f fixtures
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func lookup(t testing.TB, name string) metric.Metric {
	t.Helper()
	m, err := metric.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEveryMetricAgreesWithScikitLearn(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range readFixtures(t).Cases {
		p := metric.Predictions{Scores: c.Scores, Classes: c.Classes, Labels: c.Labels, Targets: c.Targets}
		t.Run(c.Name, func(t *testing.T) {
			for name, want := range c.Want {
				covered[name] = true
				got := lookup(t, name).Compute(p)
				if why := lookup(t, name).Why(p); why != "" {
					t.Errorf("%s is said to be undefined: %s", name, why)
				}
				if !(math.Abs(got-want) <= 1e-12*math.Max(1, math.Abs(want))) {
					t.Errorf("%s = %.17g, scikit-learn has %.17g", name, got, want)
				}
			}
		})
	}
	for _, name := range metric.Names("") {
		if m := lookup(t, name); m.Task == metric.Forecasting || m.Task == metric.Reconstruction {
			continue // the oracles of forecasts and images are others
		}
		if !covered[name] {
			t.Errorf("no fixture has %s", name)
		}
	}
}

func TestWilsonAgreesWithSciPy(t *testing.T) {
	for _, c := range readFixtures(t).Wilson {
		low, high := metric.Wilson(c.K, c.N)
		if math.Abs(low-c.Low) > 1e-14 || math.Abs(high-c.High) > 1e-14 {
			t.Errorf("%d of %d: %v to %v, SciPy has %v to %v", c.K, c.N, low, high, c.Low, c.High)
		}
	}
}

// DeLong's variance by its definition: the covariances of the structural components,
// every positive against every negative.
func TestDeLongAgreesWithItsDefinition(t *testing.T) {
	for _, c := range readFixtures(t).Cases {
		if c.Classes != 2 {
			continue
		}
		var positives, negatives []float64
		for i, l := range c.Labels {
			if l == 1 {
				positives = append(positives, c.Scores[i])
			} else {
				negatives = append(negatives, c.Scores[i])
			}
		}
		share := func(x float64, others []float64, above func(x, y float64) bool) float64 {
			sum := 0.0
			for _, y := range others {
				if x == y {
					sum += 0.5
				} else if above(x, y) {
					sum++
				}
			}
			return sum / float64(len(others))
		}
		var v10, v01 []float64
		for _, x := range positives {
			v10 = append(v10, share(x, negatives, func(x, y float64) bool { return x > y }))
		}
		for _, y := range negatives {
			v01 = append(v01, share(y, positives, func(y, x float64) bool { return x > y }))
		}
		wantArea, s10 := meanAndVariance(v10)
		_, s01 := meanAndVariance(v01)
		want := s10/float64(len(v10)) + s01/float64(len(v01))
		area, variance := metric.DeLong(c.Scores, c.Labels)
		if math.Abs(area-wantArea) > 1e-14 || math.Abs(variance-want) > 1e-15 {
			t.Errorf("%s: %v ± %v, want %v ± %v", c.Name, area, variance, wantArea, want)
		}
	}
}

func meanAndVariance(xs []float64) (mean, variance float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		variance += (x - mean) * (x - mean) / float64(len(xs)-1)
	}
	return mean, variance
}

// The area of DeLong 1988's own method on a case small enough to do on paper: positives
// 0.9 0.6 0.4, negatives 0.5 0.4 0.1. V10 = 1, 1, 0.5; V01 = 2/3, 5/6, 1; area 5/6.
func TestDeLongOnPaper(t *testing.T) {
	area, variance := metric.DeLong([]float64{0.9, 0.6, 0.4, 0.5, 0.4, 0.1}, []int32{1, 1, 1, 0, 0, 0})
	if want := (1.0/12)/3 + (1.0/36)/3; area != 5.0/6 || math.Abs(variance-want) > 1e-16 {
		t.Errorf("%v ± %v, want %v ± %v", area, variance, 5.0/6, want)
	}
}

func TestNamesAreSortedAndKnown(t *testing.T) {
	for _, task := range []metric.Task{"", metric.Classification, metric.Regression, metric.Forecasting, metric.Reconstruction, metric.Anomaly} {
		names := metric.Names(task)
		if !slices.IsSorted(names) || len(names) == 0 {
			t.Errorf("names of %q: %v", task, names)
		}
		for _, name := range names {
			m := lookup(t, name)
			if m.Name != name || task != "" && m.Fits(task, 0) != nil || m.Doc == "" || m.Compute == nil || !(m.Low < m.High) {
				t.Errorf("%s of %q is %+v", name, task, m)
			}
		}
	}
}
