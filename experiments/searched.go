package experiments

import (
	"fmt"
	"math"
	"slices"

	"medml"
	"medml/search"
)

// Search returns the configuration of the study's search.
func (s *Spec) Search() search.Config {
	c := search.Config{
		Direction: s.Objective.Direction,
		Sampler:   s.Sampler,
		Pruner:    s.Pruner,
		Trials:    s.Budget.Trials,
		Goal:      s.Objective.Goal,
		Patience:  s.Budget.Patience.Trials,
		MinDelta:  s.Budget.Patience.MinDelta,
		Goals:     s.Goals(),
		Folds:     s.folds(),
		Epochs:    s.Budget.Epochs,
		Warm:      s.WarmStart.trials(),
	}
	if len(s.require) > 0 {
		c.Require = s.allows
	}
	for _, initial := range s.Initial {
		c.Initial = append(c.Initial, initial.Params)
	}
	if s.Reproducibility.Deterministic {
		c.Lookback = s.Reproducibility.Lookback
	}
	return c
}

// Goals returns the objectives of a study with several, nil where there is one.
func (s *Spec) Goals() []medml.Goal {
	var goals []medml.Goal
	for _, o := range s.Objectives {
		goals = append(goals, medml.Goal{Metric: o.Metric, Direction: o.Direction})
	}
	return goals
}

// folds returns how many runs a trial has. Where only the data tell, it is 1 until they have
// been split.
func (s *Spec) folds() int { return max(1, s.Data.Split.Count(), s.counted) }

// hasRungs reports whether the pruner promotes trials from rung to rung.
func (s *Spec) hasRungs() bool { return s.Pruner.Name == "asha" || s.Pruner.Name == "hyperband" }

// Rungs returns the resource at which asha and hyperband compare trials, rising: epochs of
// the trial, counted over its folds, or with the resource data parts of Max. The last is
// that of a trial that isn't pruned. Nil for the other pruners.
func (s *Spec) Rungs() []int {
	if !s.hasRungs() {
		return nil
	}
	var rungs []int
	last := s.lastRung()
	for r := max(1, s.Pruner.Min); r < last; r *= max(2, s.Pruner.ReductionFactor) {
		rungs = append(rungs, r)
		if r > math.MaxInt32 {
			break // and out of all sense
		}
	}
	return append(rungs, last)
}

// lastRung is the resource of a trial that isn't pruned.
func (s *Spec) lastRung() int {
	switch {
	case s.Pruner.Max > 0:
		return s.Pruner.Max
	case s.Pruner.Resource == "data":
		return max(1, s.Pruner.Min) * s.Pruner.ReductionFactor * s.Pruner.ReductionFactor
	}
	return s.folds() * s.Budget.Epochs
}

// Shares returns the shares of the training parts on which a trial is trained one after
// another, rising to 1; nil where it is trained on the whole.
func (s *Spec) Shares() []float64 {
	if s.Pruner.Resource != "data" {
		return nil
	}
	var shares []float64
	rungs := s.Rungs()
	for _, r := range rungs {
		shares = append(shares, float64(r)/float64(rungs[len(rungs)-1]))
	}
	return shares
}

// resources are what a pruner can give a trial more and more of.
var resources = []string{"epoch", "data"}

// rungs refuses rungs at which no trial would ever be compared with another.
func (v *validator) rungs() {
	p := &v.spec.Pruner
	if p.Resource != "" && !slices.Contains(resources, p.Resource) {
		v.report("pruner.resource", didYouMean(p.Resource, resources), "unknown resource %s", quoted(p.Resource))
		return
	}
	if !v.spec.hasRungs() || v.spec.Data.Split.Count() == 0 {
		return // or nobody knows yet how many epochs a trial has
	}
	epochs := v.spec.folds() * v.spec.Budget.Epochs
	if p.Resource != "data" && p.Max > epochs {
		v.report("pruner.max", "", "a trial has %s, found %d", v.spec.epochsText(), p.Max)
		return
	}
	if last := v.spec.lastRung(); p.Min >= last {
		end := fmt.Sprintf("max, which is %d", last)
		if p.Max == 0 && p.Resource != "data" {
			end = "the end of a trial, which has " + v.spec.epochsText()
		}
		v.report("pruner.min", "", "no trial would be pruned: the first rung, %d, isn't before %s", max(1, p.Min), end)
	}
}

// epochsText says how many epochs a trial has, and why.
func (s *Spec) epochsText() string {
	if s.folds() == 1 {
		return fmt.Sprintf("%d epochs", s.Budget.Epochs)
	}
	return fmt.Sprintf("%d epochs (%d on each of %d folds)", s.folds()*s.Budget.Epochs, s.Budget.Epochs, s.folds())
}

// search checks what only the whole shows: whether the sampler can draw from this space.
func (v *validator) search() {
	v.resolveSearch()
	v.rungs()
	for _, e := range fieldErrors("", v.spec.Search().Validate(v.spec.Space())) {
		switch e.path {
		case "direction", "goal":
			e.path = join(v.spec.firstObjective(), e.path)
		case "trials", "patience", "epochs":
			e.path = "budget." + e.path
		case "folds":
			e.path = "data.split.folds"
		case "min_delta":
			e.path = "budget.patience.min_delta"
		case "lookback":
			e.path = "reproducibility.lookback"
		}
		v.report(e.path, e.hint, "%s", e.msg)
	}
}

// firstObjective is the path of the objective, or of the first of several.
func (s *Spec) firstObjective() string {
	if len(s.Objectives) > 0 {
		return element("objectives", 0)
	}
	return "objective"
}
