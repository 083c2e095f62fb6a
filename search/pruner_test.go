package search_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medml"
	"medml/search"
)

var nan = math.NaN()

// curves runs trials one after the other, each along its curve, and returns for each the
// step at which it was pruned, 0 for none.
func curves(t testing.TB, c search.Config, curves ...[]float64) []int {
	t.Helper()
	study := mustNew(t, box(1), c)
	var pruned []int
	for _, curve := range curves {
		trial, err := study.Ask()
		if err != nil {
			t.Fatal(err)
		}
		pruned = append(pruned, follow(t, study, trial, curve))
	}
	return pruned
}

// follow runs a trial along its curve and tells its end.
func follow(t testing.TB, study *search.Study, trial medml.Trial, curve []float64) (prunedAt int) {
	t.Helper()
	trial.State = medml.Complete
	for i, v := range curve {
		prune, err := study.Report(trial, 0, medml.Epoch{Step: i + 1, Report: v})
		if err != nil {
			t.Fatal(err)
		}
		if trial.Value = v; prune {
			trial.State, prunedAt = medml.Pruned, i+1
			break
		}
	}
	if err := study.Tell(trial); err != nil {
		t.Fatal(err)
	}
	return prunedAt
}

func TestPruners(t *testing.T) {
	lower, upper := 0.25, 2.0
	low, mid, high := []float64{1, 1, 1, 1}, []float64{2, 2, 2, 2}, []float64{3, 3, 3, 3}
	for name, c := range map[string]struct {
		pruner search.PrunerConfig
		curves [][]float64
		want   []int
	}{
		"none prunes nothing": {search.PrunerConfig{},
			[][]float64{low, high, {nan, nan}}, []int{0, 0, 0}},
		"median prunes what is worse than the median of the complete trials": {search.PrunerConfig{Name: "median", Startup: 3},
			[][]float64{low, mid, high, {2.1}, {2, 2, 2, 2.1}, {1.9}}, []int{0, 0, 0, 1, 0, 0}},
		"median judges a trial by its best value so far": {search.PrunerConfig{Name: "median", Startup: 1},
			[][]float64{mid, {1, 9, 9, 9}, {9}}, []int{0, 0, 1}},
		"median waits for its startup trials": {search.PrunerConfig{Name: "median"},
			[][]float64{low, low, low, low, high, high}, []int{0, 0, 0, 0, 0, 1}},
		"median spares the warm-up": {search.PrunerConfig{Name: "median", Startup: 1, Warmup: 2},
			[][]float64{low, high}, []int{0, 3}},
		"median ignores what the pruned trials have": {search.PrunerConfig{Name: "median", Startup: 1},
			[][]float64{low, high, high, {1, 1.5}, {1.1}}, []int{0, 1, 1, 0, 1}},
		"median has nothing to say beyond the others' last step": {search.PrunerConfig{Name: "median", Startup: 1},
			[][]float64{{1}, {1, 9, 9}}, []int{0, 0}},
		"median prunes what has never been a number": {search.PrunerConfig{Name: "median", Startup: 1},
			[][]float64{low, {nan}, {1, nan}}, []int{0, 1, 0}},
		"percentile keeps the share it is told": {search.PrunerConfig{Name: "percentile", Percentile: 25, Startup: 5},
			[][]float64{{1}, {2}, {3}, {4}, {5}, {2.1}, {2}}, []int{0, 0, 0, 0, 0, 1, 0}},
		"percentile interpolates": {search.PrunerConfig{Name: "percentile", Percentile: 50, Startup: 2},
			[][]float64{{1}, {2}, {1.6}, {1.5}}, []int{0, 0, 1, 0}},
		"threshold prunes outside its bounds": {search.PrunerConfig{Name: "threshold", Lower: &lower, Upper: &upper},
			[][]float64{{1, 2, 0.25, 2.1}, {1, 0.2}, {nan}}, []int{4, 2, 1}},
		"threshold with one bound": {search.PrunerConfig{Name: "threshold", Upper: &upper, Warmup: 1},
			[][]float64{{9, -9, 9}}, []int{3}},
		"patient prunes what doesn't improve": {search.PrunerConfig{Name: "patient", Patience: 2, MinDelta: 0.1},
			[][]float64{{3, 2, 1.95, 1.9}, {3, 2, 1.95, 1.8, 1.75, 1.69}, {nan, nan}}, []int{4, 0, 2}},
		"asha goes on with the first, and with the best while there are fewer than η": {search.PrunerConfig{Name: "asha"},
			[][]float64{mid, high, low, low}, []int{0, 1, 0, 0}},
		"asha lets a trial through that is better at every step": {search.PrunerConfig{Name: "asha"},
			[][]float64{{10, 9, 8, 7, 6, 5, 4, 3, 2}, {9.9, 8.9, 7.9, 6.9, 5.9, 4.9, 3.9, 2.9, 1.9}}, []int{0, 0}},
		"asha takes no notice of a value after the rung": {search.PrunerConfig{Name: "asha"},
			[][]float64{{5, 1}, {4, 4}}, []int{0, 0}},
		"asha isn't poisoned by what isn't a number": {search.PrunerConfig{Name: "asha"},
			[][]float64{{nan}, {5}, {4}, {3}, {6}, {nan}}, []int{1, 0, 0, 0, 1, 1}},
		"asha judges at its rungs alone": {search.PrunerConfig{Name: "asha", Min: 2, ReductionFactor: 2},
			[][]float64{{1, 1, 1, 1}, {9, 0.5, 9, 9}, {9, 9}}, []int{0, 4, 2}},
		"asha promotes one of η": {search.PrunerConfig{Name: "asha", ReductionFactor: 2},
			[][]float64{{1}, {2}, {3}, {2}, {1.5}, {2.5}}, []int{0, 1, 1, 0, 0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config("random")
			cfg.Pruner = c.pruner
			if got := curves(t, cfg, c.curves...); !slices.Equal(got, c.want) {
				t.Errorf("pruned at %v, expected %v", got, c.want)
			}
			if cfg.Pruner.Name == "threshold" {
				return // its bounds don't turn round
			}
			cfg.Direction = medml.Maximize
			var negated [][]float64
			for _, curve := range c.curves {
				negated = append(negated, slices.Clone(curve))
				for i := range curve {
					negated[len(negated)-1][i] = -curve[i]
				}
			}
			if got := curves(t, cfg, negated...); !slices.Equal(got, c.want) {
				t.Errorf("maximised, pruned at %v, expected %v", got, c.want)
			}
		})
	}
}

func TestThresholdMeansTheValuesAsTheyAre(t *testing.T) {
	lower := 0.6
	c := config("random")
	c.Direction, c.Pruner = medml.Maximize, search.PrunerConfig{Name: "threshold", Lower: &lower}
	if got := curves(t, c, []float64{0.7, 0.6, 0.5}); got[0] != 3 {
		t.Errorf("pruned at %v, expected 3", got)
	}
}

// The median rule as it is written down: see the doc of percentile.
func TestMedianIsTheRuleWrittenDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 6), 1, 8).Draw(t, "curves")
		c := config("random")
		c.Pruner = search.PrunerConfig{Name: "median", Startup: 2}
		study, err := search.New(box(1), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		var complete [][]float64
		for _, curve := range all {
			trial, err := study.Ask()
			if err != nil {
				t.Fatal(err)
			}
			trial.State = medml.Complete
			for i, v := range curve {
				prune, err := study.Report(trial, 0, medml.Epoch{Step: i + 1, Report: v})
				if err != nil {
					t.Fatal(err)
				}
				if want := worseThanMedian(complete, curve[:i+1]); prune != want {
					t.Fatalf("pruned %v at step %d of %v, expected %v: complete are %v", prune, i+1, curve, want, complete)
				}
				if prune {
					trial.State = medml.Pruned
					break
				}
			}
			if trial.State == medml.Complete {
				complete = append(complete, curve)
			}
			if err := study.Tell(trial); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func worseThanMedian(complete [][]float64, curve []float64) bool {
	var at []float64
	for _, other := range complete {
		if len(other) >= len(curve) {
			at = append(at, other[len(curve)-1])
		}
	}
	if len(complete) < 2 || len(at) == 0 {
		return false
	}
	slices.Sort(at)
	median := (at[(len(at)-1)/2] + at[len(at)/2]) / 2
	return slices.Min(curve) > median
}

// Of many trials on the same rung, asha lets about one in η through, and among them the
// best of all.
func TestASHAPromotesOneInEta(t *testing.T) {
	for _, eta := range []int{2, 3, 4} {
		c := config("random")
		c.Pruner = search.PrunerConfig{Name: "asha", ReductionFactor: eta}
		r := medml.Stream(uint64(eta), "curves")
		var all [][]float64
		for range 600 {
			all = append(all, []float64{r.Float64()})
		}
		lowest, through := math.Inf(1), 0
		for i, at := range curves(t, c, all...) {
			if at == 0 {
				through++
			} else if all[i][0] < lowest {
				t.Errorf("η %d: trial %d was pruned, the best so far", eta, i)
			}
			lowest = min(lowest, all[i][0])
		}
		// 600/η are expected; three standard deviations of that many draws.
		if want := 600 / float64(eta); math.Abs(float64(through)-want) > 3*math.Sqrt(want*(1-1/float64(eta))) {
			t.Errorf("η %d: %d of 600 went on, expected about %.0f", eta, through, want)
		}
	}
}

func TestPrunersDescribeThemselves(t *testing.T) {
	lower := 0.5
	for want, p := range map[string]search.PrunerConfig{
		"none": {},
		"median (5 startup trials, 0 epochs of warm-up)":               {Name: "median"},
		"percentile (keeps 25 %, 1 startup trial, 1 epoch of warm-up)": {Name: "percentile", Startup: 1, Warmup: 1},
		"asha (from 1 epoch, reduction factor 3)":                      {Name: "asha"},
		"threshold (0.5 to +Inf, 0 epochs of warm-up)":                 {Name: "threshold", Lower: &lower},
		"patient (10 epochs without an improvement of more than 0)":    {Name: "patient"},
	} {
		c := config("tpe")
		c.Pruner, c.Lookback = p, 12
		sampler, pruner := mustNew(t, box(1), c).Describe()
		if pruner != want {
			t.Errorf("described as %q, expected %q", pruner, want)
		}
		if sampler != "tpe (10 startup trials, 24 candidates, lookback 12)" {
			t.Errorf("described as %q", sampler)
		}
	}
}
