package search

import (
	"fmt"

	"github.com/c-bata/goptuna"
)

// read calls f if there is a trial of that id.
func (l *ledger) read(trialID int, f func()) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.hasTrial(trialID) {
		return goptuna.ErrInvalidTrialID
	}
	f()
	return nil
}

// GetTrial returns a trial.
func (l *ledger) GetTrial(trialID int) (trial goptuna.FrozenTrial, err error) {
	err = l.read(trialID, func() { trial = l.frozen(trialID) })
	return trial, err
}

// GetTrialNumberFromID returns a trial's number.
func (l *ledger) GetTrialNumberFromID(trialID int) (int, error) {
	if err := l.read(trialID, func() {}); err != nil {
		return -1, err
	}
	return trialID, nil
}

// GetTrialParam returns the internal form of a parameter.
func (l *ledger) GetTrialParam(trialID int, name string) (float64, error) {
	var p foreign
	var ok bool
	err := l.read(trialID, func() { p, ok = l.param(trialID, name) })
	switch {
	case err != nil:
		return -1, err
	case !ok:
		return -1, fmt.Errorf("trial %d has no parameter %q", trialID, name)
	}
	return p.internal, nil
}

// GetTrialParams returns the parameters in their external form.
func (l *ledger) GetTrialParams(trialID int) (params map[string]any, err error) {
	err = l.read(trialID, func() { params = l.frozen(trialID).Params })
	return params, err
}

// GetTrialUserAttrs returns the attributes that SetTrialUserAttr has set.
func (l *ledger) GetTrialUserAttrs(trialID int) (map[string]string, error) {
	return l.attrs(trialID, func(e *extra) map[string]string { return e.user })
}

// GetTrialSystemAttrs returns the attributes that SetTrialSystemAttr has set.
func (l *ledger) GetTrialSystemAttrs(trialID int) (map[string]string, error) {
	return l.attrs(trialID, func(e *extra) map[string]string { return e.system })
}

func (l *ledger) attrs(trialID int, of func(*extra) map[string]string) (attrs map[string]string, err error) {
	err = l.read(trialID, func() {
		attrs = map[string]string{}
		if e, ok := l.extras[trialID]; ok {
			attrs = copyMap(of(e))
		}
	})
	return attrs, err
}

// GetAllTrials returns the trials in the order of their numbers.
func (l *ledger) GetAllTrials(studyID int) ([]goptuna.FrozenTrial, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.has(studyID) {
		return nil, goptuna.ErrInvalidStudyID
	}
	trials := make([]goptuna.FrozenTrial, len(l.history.trials))
	for i := range trials {
		trials[i] = l.frozen(i)
	}
	return trials, nil
}

// GetBestTrial returns the complete trial with the best value, the earliest among equals.
func (l *ledger) GetBestTrial(studyID int) (goptuna.FrozenTrial, error) {
	return l.bestWhere(studyID, func(int) bool { return true })
}

// bestWhere returns the best of the complete trials for which seen is true.
func (l *ledger) bestWhere(studyID int, seen func(int) bool) (goptuna.FrozenTrial, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.has(studyID) {
		return goptuna.FrozenTrial{}, goptuna.ErrInvalidStudyID
	}
	best := -1
	for i := range l.history.trials {
		if l.history.trials[i].class() == completeClass && seen(i) && (best < 0 || l.better(i, best)) {
			best = i
		}
	}
	if best < 0 {
		return goptuna.FrozenTrial{}, goptuna.ErrNoCompletedTrials
	}
	return l.frozen(best), nil
}

// better reports whether the value of trial i is better than that of trial j.
func (l *ledger) better(i, j int) bool {
	a, b := l.history.trials[i].value, l.history.trials[j].value
	if l.direction == goptuna.StudyDirectionMaximize {
		return a > b
	}
	return a < b
}
