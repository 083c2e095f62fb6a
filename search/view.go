package search

import "github.com/c-bata/goptuna"

// view is the ledger as one trial sees it: the trials of its past as they are, those
// pending as running ones that have nothing but parameters, and itself. So any sampler
// or pruner, ours or not, that reads through it is deterministic under a lookback.
type view struct {
	*ledger
	past past
}

func newView(l *ledger, lookback int) *view {
	return &view{ledger: l, past: past{history: l.history, lookback: lookback}}
}

// GetAllTrials returns the trials that may be seen, in the order of their numbers.
func (v *view) GetAllTrials(studyID int) ([]goptuna.FrozenTrial, error) {
	all, err := v.ledger.GetAllTrials(studyID)
	if err != nil {
		return nil, err
	}
	var seen []goptuna.FrozenTrial
	for _, t := range all {
		if t, ok := v.mask(t); ok {
			seen = append(seen, t)
		}
	}
	return seen, nil
}

// GetTrial returns a trial if it may be seen.
func (v *view) GetTrial(trialID int) (goptuna.FrozenTrial, error) {
	t, err := v.ledger.GetTrial(trialID)
	if err != nil {
		return t, err
	}
	t, ok := v.mask(t)
	if !ok {
		return goptuna.FrozenTrial{}, goptuna.ErrInvalidTrialID
	}
	return t, nil
}

// GetBestTrial returns the best of the trials that may be seen.
func (v *view) GetBestTrial(studyID int) (goptuna.FrozenTrial, error) {
	return v.bestWhere(studyID, func(i int) bool { return i == v.past.now || v.past.seesWhole(i) })
}

// GetAllStudySummaries returns the summary of the study with the best of the trials that
// may be seen.
func (v *view) GetAllStudySummaries() ([]goptuna.StudySummary, error) {
	return v.summaries(v.GetBestTrial)
}

// mask returns of a trial what may be seen.
func (v *view) mask(t goptuna.FrozenTrial) (goptuna.FrozenTrial, bool) {
	switch {
	case t.Number == v.past.now || v.past.seesWhole(t.Number):
		return t, true
	case v.past.isPending(t.Number):
		t.State, t.Value = goptuna.TrialStateRunning, 0
		t.IntermediateValues, t.UserAttrs, t.SystemAttrs = map[int]float64{}, map[string]string{}, map[string]string{}
		return t, true
	}
	return goptuna.FrozenTrial{}, false
}
