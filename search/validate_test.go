package search_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/search"
)

// lines returns the joined field errors, one string each.
func lines(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var out []string
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		var field *search.FieldError
		if !errors.As(err, &field) || field.Field == "" || field.Msg == "" {
			t.Errorf("%v is no FieldError", err)
		}
		out = append(out, err.Error())
	}
	return out
}

func TestSectionsAreValidated(t *testing.T) {
	inf, half := math.Inf(1), 0.5
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"defaults of the sampler": {search.SamplerConfig{}.Validate(), nil},
		"defaults of the pruner":  {search.PrunerConfig{}.Validate(), nil},
		"a misspelt sampler": {search.SamplerConfig{Name: "tpee"}.Validate(),
			[]string{`name: unknown sampler "tpee"; did you mean tpe?`}},
		"a sampler that is like none": {search.SamplerConfig{Name: "hyperband!"}.Validate(),
			[]string{`name: unknown sampler "hyperband!"; known are auto, cma-es, gp, grid, nsga-ii, random, sobol, tpe`}},
		"all mistakes at once": {search.SamplerConfig{Name: "Grid", StartupTrials: -1, Candidates: -2}.Validate(),
			[]string{
				`name: unknown sampler "Grid"; did you mean grid?`,
				"startup_trials: is -1, expected at least 0", "candidates: is -2, expected at least 0"}},
		"a population too small": {search.SamplerConfig{Name: "cma-es", Population: 3, Sigma: 1.5}.Validate(),
			[]string{"population: is 3, expected 4 to 1024", "sigma: is 1.5, expected more than 0, at most 1"}},
		"a population too large": {search.SamplerConfig{Name: "cma-es", Population: 1025, Sigma: nan}.Validate(),
			[]string{"population: is 1025, expected 4 to 1024", "sigma: is NaN, expected more than 0, at most 1"}},
		"the ends of the ranges": {search.SamplerConfig{Name: "cma-es", Population: 4, Sigma: 1}.Validate(), nil},
		"a misspelt pruner": {search.PrunerConfig{Name: "medain"}.Validate(),
			[]string{`name: unknown pruner "medain"; did you mean median?`}},
		"a pruner's numbers": {search.PrunerConfig{Startup: -1, Warmup: -1, Percentile: 101, Min: -1, ReductionFactor: 1, Patience: -1, MinDelta: nan}.Validate(),
			[]string{
				"startup_trials: is -1, expected at least 0", "warmup: is -1, expected at least 0",
				"min: is -1, expected at least 0", "patience: is -1, expected at least 0",
				"min_delta: is NaN, expected at least 0", "percentile: is 101, expected 0 to 100",
				"reduction_factor: is 1, expected at least 2"}},
		"a threshold without bounds": {search.PrunerConfig{Name: "threshold"}.Validate(),
			[]string{"name: threshold needs lower, upper or both"}},
		"bounds the wrong way round": {search.PrunerConfig{Name: "threshold", Lower: &inf, Upper: &half}.Validate(),
			[]string{"lower: is +Inf, above upper, which is 0.5"}},
		"bounds that are no numbers": {search.PrunerConfig{Name: "threshold", Lower: &nan, Upper: &nan}.Validate(),
			[]string{"lower: is not a number", "upper: is not a number"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, lines(t, c.err)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTheWholeIsValidatedAgainstTheSpace(t *testing.T) {
	twelveInts := medml.Space{}
	for _, name := range strings.Split("abcdefghijkl", "") {
		twelveInts = append(twelveInts, integer(name, 1, 3))
	}
	for name, c := range map[string]struct {
		change func(*search.Config)
		space  medml.Space
		want   []string
	}{
		"all is well": {func(*search.Config) {}, mixed(), nil},
		"its own fields": {func(c *search.Config) {
			c.Direction, c.Lookback, c.Trials, c.Patience, c.MinDelta, c.Goal = "up", -1, -1, -1, -0.5, &nan
			c.Sampler.Name, c.Pruner.Name = "gird", "ahsa"
		}, mixed(), []string{
			`direction: is "up", expected maximize or minimize`, "lookback: is -1, expected at least 0",
			"trials: is -1, expected at least 0", "patience: is -1, expected at least 0",
			"min_delta: is -0.5, expected at least 0", "goal: is not a number",
			`sampler.name: unknown sampler "gird"; did you mean grid?`,
			`pruner.name: unknown pruner "ahsa"; did you mean asha?`,
		}},
		"a grid of floats": {func(c *search.Config) { c.Sampler.Name = "grid" }, mixed(),
			[]string{"space.learning_rate: is a float without a step; the grid sampler needs one"}},
		"a grid too large": {func(c *search.Config) { c.Sampler.Name = "grid" }, twelveInts,
			[]string{"sampler.name: the grid has more than 100000 combinations; use random or tpe"}},
		"impossible parameters": {func(*search.Config) {}, medml.Space{
			float("a", 2, 1), logarithmic(float("b", 0, 1)), stepped(float("c", 0, 1), 0.3),
			integer("d", 0.5, 2), words("e"), words("f", "x", "x"), stepped(logarithmic(float("g", 1, 2)), 0.5),
			float("h", math.Inf(-1), 0), float("a", 0, 1), when(float("i", 0, 1), "z", "y"), when(float("j", 0, 1), "f", "y"),
			stepped(float("k", 0, 1), -1), integer("l", 0, 1e17), float("m", -1e308, 1e308), stepped(float("n", 0, 1), 1e-17),
		}, []string{
			"space.a: ranges from 2 to 1, expected low ≤ high, both finite",
			"space.b: is logarithmic from 0, expected low > 0",
			"space.c: has the step 0.3, which doesn't divide its range from 0 to 1",
			"space.d: is an int from 0.5 to 2 step 0, expected whole numbers",
			"space.e: has no choices",
			"space.f: has the choice x twice",
			"space.g: has the step 0.5, expected a positive one, or none with log",
			"space.h: ranges from -Inf to 0, expected low ≤ high, both finite",
			"space.a: stands twice in the space or has no name",
			`space.i: depends on "z", which is no earlier parameter`,
			"space.j: depends on f=y, which it never is",
			"space.k: has the step -1, expected a positive one, or none with log",
			"space.l: is an int from 0 to 1e+17, expected less than 2⁵³",
			"space.m: ranges from -1e+308 to 1e+308, expected low ≤ high, both finite",
			"space.n: has the step 1e-17, too many values from 0 to 1",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config("tpe")
			c.change(&cfg)
			if d := cmp.Diff(c.want, lines(t, cfg.Validate(c.space))); d != "" {
				t.Error(d)
			}
			if _, err := search.New(c.space, cfg, nil); (err != nil) != (c.want != nil) {
				t.Errorf("New: %v", err)
			}
		})
	}
}

func TestNamesAreSorted(t *testing.T) {
	if !slices.Equal(search.Samplers(), []string{"auto", "cma-es", "gp", "grid", "nsga-ii", "random", "sobol", "tpe"}) ||
		!slices.Equal(search.Pruners(), []string{"asha", "hyperband", "median", "none", "patient", "percentile", "threshold", "wilcoxon"}) {
		t.Error(search.Samplers(), search.Pruners())
	}
}
