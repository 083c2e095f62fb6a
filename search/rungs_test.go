package search_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/search"
)

// constant is a curve of so many equal values.
func constant(v float64, n int) []float64 { return slices.Repeat([]float64{v}, n) }

func TestRungs(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*search.Config)
		want   []int // the steps at which ever worse trials are pruned
	}{
		"of asha stop where a trial ends": {func(c *search.Config) {
			c.Pruner, c.Folds, c.Epochs = search.PrunerConfig{Name: "asha"}, 1, 9
		}, []int{0, 1}},
		"of asha are below max": {func(c *search.Config) {
			c.Pruner = search.PrunerConfig{Name: "asha", Min: 3, Max: 9}
		}, []int{0, 3}},
		"count the epochs of all folds": {func(c *search.Config) {
			c.Pruner, c.Folds, c.Epochs = search.PrunerConfig{Name: "asha", Min: 5, ReductionFactor: 2}, 3, 3
		}, []int{0, 5}},
		"may be shares of the data": {func(c *search.Config) {
			c.Pruner = search.PrunerConfig{Name: "asha", Resource: "data", Min: 2, Max: 18}
		}, []int{0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config("random")
			c.change(&cfg)
			if got := curves(t, cfg, constant(1, 9), constant(2, 9)); !slices.Equal(got, c.want) {
				t.Errorf("pruned at %v, expected %v", got, c.want)
			}
		})
	}
}

// The best on the lower rungs is the worst at the end: nothing is pruned there.
func TestATrialIsNeverPrunedAtItsEnd(t *testing.T) {
	for _, p := range []search.PrunerConfig{{Name: "asha", ReductionFactor: 2}, {Name: "hyperband", ReductionFactor: 2}} {
		c := config("random")
		c.Pruner, c.Folds, c.Epochs = p, 2, 4
		var all [][]float64
		for i := range 30 {
			all = append(all, append(constant(-float64(i), 7), float64(i)))
		}
		if got := curves(t, c, all...); !slices.Equal(got, make([]int, 30)) {
			t.Errorf("%s pruned at %v", p.Name, got)
		}
	}
}

func TestShares(t *testing.T) {
	for _, c := range []struct {
		pruner search.PrunerConfig
		want   []float64
	}{
		{search.PrunerConfig{Name: "asha"}, nil},
		{search.PrunerConfig{Name: "asha", Resource: "data"}, []float64{1. / 9, 1. / 3, 1}},
		{search.PrunerConfig{Name: "hyperband", Resource: "data", Min: 10, Max: 100, ReductionFactor: 4}, []float64{0.1, 0.4, 1}},
	} {
		got := search.Config{Pruner: c.pruner}.Shares()
		if d := cmp.Diff(c.want, got); d != "" {
			t.Error(d)
		}
		for i, share := range got {
			if i > 0 && share <= got[i-1] {
				t.Errorf("share %d of %v isn't more than the one before", i, got)
			}
		}
	}
}

func TestImpossibleRungsAreRefused(t *testing.T) {
	for want, change := range map[string]func(*search.Config){
		"": func(c *search.Config) { c.Pruner.Name = "hyperband" },
		"pruner.max: is 40, above the 30 epochs of a trial":                                                            func(c *search.Config) { c.Pruner.Max = 40 },
		"pruner.min: is 30, expected less than the 30 at which a trial ends: there is no rung":                         func(c *search.Config) { c.Pruner.Min = 30 },
		"pruner.min: is 12, expected less than the 9 at which a trial ends: there is no rung":                          func(c *search.Config) { c.Pruner.Min, c.Pruner.Max = 12, 9 },
		"pruner.min: leaves one bracket below 30 with the reduction factor 3; hyperband needs two":                     func(c *search.Config) { c.Pruner.Name, c.Pruner.Min = "hyperband", 12 },
		"pruner.max: is needed: how many epochs a trial has isn't known":                                               func(c *search.Config) { c.Pruner.Name, c.Epochs = "hyperband", 0 },
		"pruner.resource: is data, which only asha and hyperband know, not median":                                     func(c *search.Config) { c.Pruner.Name, c.Pruner.Resource = "median", "data" },
		`pruner.resource: unknown resource "epochs"; did you mean epoch?`:                                              func(c *search.Config) { c.Pruner.Resource = "epochs" },
		"pruner.p_threshold: is 0.1: wilcoxon would prune after 4 folds at the earliest, and a trial has 3":            func(c *search.Config) { c.Pruner.Name = "wilcoxon" },
		"pruner.name: wilcoxon needs to know how many epochs a fold has":                                               func(c *search.Config) { c.Pruner.Name, c.Epochs = "wilcoxon", 0 },
		"pruner.p_threshold: is 1.5, expected between 0 and 1":                                                         func(c *search.Config) { c.Pruner.Threshold = 1.5 },
		"pruner.name: is asha; with several objectives nothing can be pruned, as an intermediate value is that of one": func(c *search.Config) { c.Goals = both },
	} {
		c := config("random")
		c.Pruner, c.Folds, c.Epochs = search.PrunerConfig{Name: "asha"}, 3, 10
		change(&c)
		got := strings.Join(lines(t, c.Validate(box(1))), "\n")
		if got != want {
			t.Errorf("%q, expected %q", got, want)
		}
	}
}

// A bracket that begins later lets through what the first prunes, and there are as many
// trials of each as its odds say.
func TestHyperbandSpreadsTrialsOverItsBrackets(t *testing.T) {
	c := config("random")
	c.Pruner, c.Folds, c.Epochs = search.PrunerConfig{Name: "hyperband"}, 1, 9
	all := [][]float64{constant(0, 9)}
	for i := range 900 {
		all = append(all, constant(float64(i+1), 9)) // ever worse: out at the first rung
	}
	at := map[int]float64{}
	for _, step := range curves(t, c, all...) {
		at[step]++
	}
	// The odds are ⌈3·9/3⌉ : ⌈3·3/2⌉ : ⌈3·1/1⌉ for the brackets from 1, 3 and 9 epochs.
	for step, odds := range map[int]float64{1: 9, 3: 5, 0: 3} {
		want := 900 * odds / 17
		if math.Abs(at[step]-want) > 3*math.Sqrt(want) {
			t.Errorf("%v trials were pruned at step %d, expected about %.0f", at[step], step, want)
		}
	}
}

// Trials compete with those of their own bracket: the best of each goes on.
func TestHyperbandJudgesWithinABracket(t *testing.T) {
	c := config("random")
	c.Pruner, c.Folds, c.Epochs = search.PrunerConfig{Name: "hyperband", ReductionFactor: 2}, 1, 8
	r := medml.Stream(3, "curves")
	var all [][]float64
	for range 400 {
		all = append(all, constant(r.Float64(), 8))
	}
	through := 0
	lowest := math.Inf(1)
	for i, at := range curves(t, c, all...) {
		if all[i][0] < lowest {
			if lowest = all[i][0]; at != 0 {
				t.Errorf("trial %d was pruned, the best so far", i)
			}
		}
		if at == 0 {
			through++
		}
	}
	if through < 400/8 || through > 400/2 {
		t.Errorf("%d of 400 went to their end", through)
	}
}

func TestRungsDescribeThemselves(t *testing.T) {
	for want, p := range map[string]search.PrunerConfig{
		"asha (from 2 epochs, reduction factor 4)":                           {Name: "asha", Min: 2, ReductionFactor: 4},
		"asha (on 3 shares of the data, reduction factor 3)":                 {Name: "asha", Resource: "data"},
		"hyperband (4 brackets from 1 epoch, reduction factor 3)":            {Name: "hyperband"},
		"hyperband (2 brackets on 2 shares of the data, reduction factor 2)": {Name: "hyperband", Resource: "data", Max: 2, ReductionFactor: 2},
		"wilcoxon (p below 0.1, from fold 4)":                                {Name: "wilcoxon"},
		"wilcoxon (p below 0.2, from fold 3)":                                {Name: "wilcoxon", Threshold: 0.2},
	} {
		c := config("random")
		c.Pruner, c.Folds, c.Epochs = p, 5, 10
		if _, got := mustNew(t, box(1), c).Describe(); got != want {
			t.Errorf("described as %q, expected %q", got, want)
		}
	}
}
