package search_test

import (
	"slices"
	"testing"

	"medml"
	"medml/search"
)

// folds runs cross-validated trials of one epoch a fold, and returns after which fold each
// was stopped, 0 for none. A trial's value is the mean of its folds.
func folds(t *testing.T, c search.Config, trials ...[]float64) []int {
	t.Helper()
	study := mustNew(t, box(1), c)
	var stopped []int
	for _, values := range trials {
		trial, err := study.Ask()
		if err != nil {
			t.Fatal(err)
		}
		trial.State = medml.Complete
		at, sum := 0, 0.0
		for i, v := range values {
			sum += v
			e := medml.Epoch{Step: i + 1, Value: v, Report: sum / float64(i+1)}
			trial.Runs = append(trial.Runs, medml.Run{Fold: i, Value: v, Epochs: []medml.Epoch{e}})
			prune, err := study.Report(trial, i, e)
			if err != nil {
				t.Fatal(err)
			}
			if trial.Value = e.Report; prune {
				trial.State, at = medml.Pruned, i+1
				break
			}
		}
		stopped = append(stopped, at)
		if err := study.Tell(trial); err != nil {
			t.Fatal(err)
		}
	}
	return stopped
}

func TestWilcoxon(t *testing.T) {
	best := []float64{1, 2, 3, 4, 5}
	for name, c := range map[string]struct {
		pruner search.PrunerConfig
		trials [][]float64
		want   []int
	}{
		"stops what is worse in four folds of five": {search.PrunerConfig{},
			[][]float64{best, {1.1, 2.1, 3.2, 4.1, 0}}, []int{0, 4}},
		"never before so many folds": {search.PrunerConfig{Threshold: 0.3, MinFolds: 4},
			[][]float64{best, {9, 9, 9, 9, 9}}, []int{0, 4}},
		"after three with a higher threshold": {search.PrunerConfig{Threshold: 0.15},
			[][]float64{best, {9, 9, 9, 9, 9}}, []int{0, 3}},
		"lets a trial go on that wins a fold by much": {search.PrunerConfig{},
			[][]float64{best, {1.1, 2.1, 3.2, 0, 9}}, []int{0, 0}},
		"never while the mean is better": {search.PrunerConfig{Threshold: 0.9, MinFolds: 2},
			[][]float64{best, {1.1, 1, 9, 9, 9}}, []int{0, 3}},
		"compares with the best, not with the last": {search.PrunerConfig{},
			[][]float64{best, {9, 1, 4, 1, 9}, {1.1, 2.1, 3.1, 4.1, 5.1}}, []int{0, 0, 4}},
		"takes no notice of equal folds": {search.PrunerConfig{},
			[][]float64{best, {1, 3, 4, 5, 6}}, []int{0, 0}},
		"stops what will have no value": {search.PrunerConfig{},
			[][]float64{best, {nan, nan, nan, nan, nan}}, []int{0, 4}},
		"has nobody to compare the first with": {search.PrunerConfig{},
			[][]float64{{9, 9, 9, 9, 9}}, []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config("random")
			cfg.Pruner, cfg.Folds, cfg.Epochs = c.pruner, 5, 1
			cfg.Pruner.Name = "wilcoxon"
			if got := folds(t, cfg, c.trials...); !slices.Equal(got, c.want) {
				t.Errorf("stopped after %v, expected %v", got, c.want)
			}
			cfg.Direction = medml.Maximize
			var negated [][]float64
			for _, values := range c.trials {
				negated = append(negated, slices.Clone(values))
				for i := range values {
					negated[len(negated)-1][i] = -values[i]
				}
			}
			if got := folds(t, cfg, negated...); !slices.Equal(got, c.want) {
				t.Errorf("maximised, stopped after %v, expected %v", got, c.want)
			}
		})
	}
}

// A best trial that doesn't meet the constraints is no yardstick.
func TestWilcoxonComparesWithWhatMeetsTheConstraints(t *testing.T) {
	c := config("random")
	c.Pruner, c.Folds, c.Epochs = search.PrunerConfig{Name: "wilcoxon"}, 5, 1
	var past []medml.Trial
	for i, constraint := range []float64{1, -1} {
		trial := medml.Trial{Number: i, State: medml.Complete, Value: float64(3 + 2*i), Constraints: []float64{constraint},
			Params: medml.Params{{Name: "a", Value: medml.FloatValue(float64(i))}}}
		for fold := range 5 {
			e := medml.Epoch{Step: fold + 1, Value: trial.Value + float64(fold)/10, Report: trial.Value}
			trial.Runs = append(trial.Runs, medml.Run{Fold: fold, Epochs: []medml.Epoch{e}})
		}
		past = append(past, trial)
	}
	study := mustNew(t, box(1), c, past...)
	trial, err := study.Ask()
	if err != nil {
		t.Fatal(err)
	}
	for fold := range 4 {
		v := 4 + float64(fold)/10 // worse than the first, better than the second
		prune, err := study.Report(trial, fold, medml.Epoch{Step: fold + 1, Value: v, Report: v})
		if err != nil || prune {
			t.Fatalf("fold %d: pruned %v, %v", fold, prune, err)
		}
	}
}
