package search

import (
	"slices"

	"medml"
)

// outcome is what a history knows of a trial's result beside its value, which goptuna has
// no place for. A goptuna storage that isn't ours knows of none.
type outcome struct {
	// violation is how far the trial is from meeting the constraints: 0 where it meets them,
	// +Inf or a NaN where that isn't known.
	violation float64
	// objectives are the minimised values of a study with several, nil otherwise.
	objectives []float64
	// folds are the minimised values of the folds that have come to their end, in order.
	folds []float64
}

// infeasible reports whether the trial doesn't meet the constraints.
func (o *outcome) infeasible() bool { return o.violation != 0 }

// outcomeOf returns the outcome of a trial that has ended.
func (s *Study) outcomeOf(t medml.Trial) outcome {
	var o outcome
	if t.State != medml.Complete {
		return outcome{folds: s.foldsOf(t)}
	}
	if !t.Feasible() {
		o.violation = t.Violation()
	}
	if len(s.config.Goals) > 1 && len(t.Objectives) == len(s.config.Goals) {
		o.objectives = s.minimisedAll(t.Objectives)
	}
	o.folds = s.foldsOf(t)
	return o
}

// foldsOf returns the minimised values of the folds that the trial has trained to their
// end.
func (s *Study) foldsOf(t medml.Trial) []float64 {
	var folds []float64
	for _, run := range t.Runs {
		if n := len(run.Epochs); n > 0 && run.Fold == len(folds) && s.endsFold(run.Fold, run.Epochs[n-1]) {
			folds = append(folds, s.minimised(run.Epochs[n-1].Value))
		}
	}
	return folds
}

// endsFold reports whether an epoch is the last of a fold, in a study in which a pruner
// asks for it.
func (s *Study) endsFold(fold int, e medml.Epoch) bool {
	return s.config.Pruner.name() == "wilcoxon" && e.Step == (fold+1)*s.config.Epochs
}

// minimisedAll returns the values of all objectives as ones that are better when lower.
func (s *Study) minimisedAll(values []float64) []float64 {
	low := slices.Clone(values)
	for i, g := range s.config.Goals {
		if g.Direction == medml.Maximize {
			low[i] = -low[i]
		}
	}
	return low
}
