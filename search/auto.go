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
	gpBudget = 300
	// gpParameters is up to how many parameters.
	gpParameters = 30
	// cmaBudget is from how many trials on, and for each parameter, cma-es overtakes tpe.
	cmaBudget, cmaBudgetEach = 300, 50
)

// choose tells which sampler suits.
func choose(c Config, dims []dimension) choice {
	if combos, ok := combinationsOf(dims); ok && c.Trials >= combos.size() {
		return choice{newGrid, fmt.Sprintf("%d trials are enough for all %d combinations", c.Trials, combos.size())}
	}
	parameters := searched(dims)
	n := len(parameters)
	continuousAlone := true
	for _, d := range parameters {
		continuousAlone = continuousAlone && d.scale == continuous && d.When == nil
	}
	switch {
	case c.Trials == 0:
		return choice{newTPE, "the number of trials is open"}
	case len(c.Warm)+c.Trials < startupOf(c)+max(c.Lookback, 1):
		return choice{newSobol, fmt.Sprintf("%d trials end before there are enough to learn from", c.Trials)}
	case len(c.Goals) > 1:
		return choice{newTPE, fmt.Sprintf("it does best with %d objectives", len(c.Goals))}
	case c.Trials <= gpBudget && n <= gpParameters:
		return choice{newGP, fmt.Sprintf("%d trials of %d parameters are few enough to be modelled together", c.Trials, n)}
	case continuousAlone && n > 1 && c.Trials >= max(cmaBudget, cmaBudgetEach*n):
		return choice{newCMAES, fmt.Sprintf("%d trials of %d continuous parameters are many", c.Trials, n)}
	}
	return choice{newTPE, fmt.Sprintf("%d trials of %d parameters suit no other", c.Trials, n)}
}
