package search_test

import (
	"strings"
	"testing"

	"medml"
	"medml/search"
)

func TestAutoChoosesAndSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		space            medml.Space
		trials, lookback int
		want             string
	}{
		"a small finite space": {discreteSpace(), 14, 12, "auto: grid (14 combinations), as 14 trials are enough for all 14 combinations"},
		"one trial too few":    {discreteSpace(), 13, 0, "auto: gp (10 startup trials, 1024 candidates), as 13 trials of 5 parameters are few enough to be modelled together"},
		"hardly any trials":    {mixed(), 21, 12, "auto: sobol, as 21 trials end before there are enough to learn from"},
		"a few trials":         {mixed(), 22, 12, "auto: gp (10 startup trials, 1024 candidates, lookback 12), as 22 trials of 11 parameters are few enough to be modelled together"},
		"very many parameters": {axes(31, 0, 1), 100, 0, "auto: tpe ("},
		"many of numbers":      {axes(5, 0, 1), 301, 12, "auto: cma-es (5 parameters, population 9, sigma 0.167, lookback 12), as 301 trials of 5 continuous parameters are many"},
		"not that many":        {axes(8, 0, 1), 399, 0, "auto: tpe ("},
		"many of all kinds":    {mixed(), 1000, 0, "auto: tpe ("},
		"no end":               {axes(2, 0, 1), 0, 0, "auto: tpe ("},
	} {
		cfg := search.Config{Direction: medml.Minimize, Trials: c.trials, Lookback: c.lookback, Sampler: search.SamplerConfig{Name: "auto"}}
		if about, _ := mustNew(t, c.space, cfg).Describe(); !strings.HasPrefix(about, c.want) {
			t.Errorf("%s: %q, expected %q", name, about, c.want)
		}
	}
}

// What auto chose proposes as it does by its own name.
func TestAutoIsTheSamplerItChose(t *testing.T) {
	for _, c := range []struct {
		name   string
		space  medml.Space
		trials int
	}{{"gp", mixed(), 30}, {"cma-es", axes(3, -1, 1), 400}, {"sobol", mixed(), 9}} {
		own, auto := config(c.name), config("auto")
		own.Trials, auto.Trials, own.Sampler.Candidates = c.trials, c.trials, auto.Sampler.Candidates
		a := run(t, mustNew(t, c.space, own), 25, func(ps medml.Params) float64 { return float64(len(ps)) })
		b := run(t, mustNew(t, c.space, auto), 25, func(ps medml.Params) float64 { return float64(len(ps)) })
		for i := range a {
			if configOf(a[i]) != configOf(b[i]) {
				t.Fatalf("%s: trial %d is %v, by auto %v", c.name, i, a[i].Params, b[i].Params)
			}
		}
	}
}

// With several objectives it takes the one that knows them.
func TestAutoKnowsSeveralObjectives(t *testing.T) {
	c := config("auto")
	c.Goals, c.Trials = both, 100
	if about, _ := mustNew(t, mixed(), c).Describe(); !strings.HasPrefix(about, "auto: tpe (10 startup") {
		t.Errorf("it chose %q", about)
	}
	for _, name := range []string{"gp", "cma-es"} {
		c.Sampler.Name = name
		want := "sampler.name: is " + name + ", which knows one objective; use tpe or nsga-ii"
		if err := c.Validate(mixed()); err == nil || err.Error() != want {
			t.Errorf("%s: %v, expected %q", name, err, want)
		}
	}
}
