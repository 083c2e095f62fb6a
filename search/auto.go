package search

import "fmt"

// newAuto chooses the sampler by the budget, the space and the lookback. The thresholds are
// those of docs/decisions/samplers.md, where the measurements are.
func newAuto(c Config, dims []dimension) (sampler, faults) {
	choice := choose(c, dims)
	s, f := choice.sampler(c, dims)
	s.about = fmt.Sprintf("auto: %s, as %s", s.about, choice.why)
	return s, f
}

// choice is a sampler and why it was chosen.
type choice struct {
	sampler func(Config, []dimension) (sampler, faults)
	why     string
}

const (
	// gpBudget is up to how many trials auto leaves to gp.
	gpBudget = 200
	// gpParameters is up to how many parameters.
	gpParameters = 20
	// cmaBudget is from how many trials on, for each parameter, cma-es overtakes tpe.
	cmaBudget = 50
)

// choose tells which sampler suits.
func choose(c Config, dims []dimension) choice {
	parameters := searched(dims)
	continuousOnly := true
	for _, d := range parameters {
		continuousOnly = continuousOnly && d.scale == continuous && d.When == nil
	}
	n := len(parameters)
	if combos, ok := combinationsOf(dims); ok && c.Trials >= combos.size() {
		return choice{newGrid, fmt.Sprintf("%d trials are enough for all %d combinations", c.Trials, combos.size())}
	}
	// Nothing has been learnt when the last trial is asked for.
	if blind := max(c.Lookback, 1) + startupOf(c); c.Trials > 0 && c.Trials <= blind {
		return choice{newSobol, fmt.Sprintf("%d trials end before there is enough to learn from", c.Trials)}
	}
	switch {
	case c.Trials > 0 && c.Trials <= gpBudget && n <= gpParameters:
		return choice{newGP, fmt.Sprintf("%d trials of %d parameters are few enough to model together", c.Trials, n)}
	case continuousOnly && n > 1 && c.Trials >= cmaBudget*n:
		return choice{newCMAES, fmt.Sprintf("%d trials of %d continuous parameters are many", c.Trials, n)}
	case c.Trials == 0:
		return choice{newTPE, "the number of trials is open"}
	}
	return choice{newTPE, fmt.Sprintf("it takes %d trials of %d parameters of any kind", c.Trials, n)}
}
