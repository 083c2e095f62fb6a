package search

import (
	"fmt"

	"github.com/c-bata/goptuna"
)

// read calls f on a trial.
func (l *ledger) read(trialID int, f func(goptuna.FrozenTrial)) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if trialID < 0 || trialID >= len(l.trials) {
		return goptuna.ErrInvalidTrialID
	}
	f(l.trials[trialID])
	return nil
}

// GetTrial returns a trial.
func (l *ledger) GetTrial(trialID int) (trial goptuna.FrozenTrial, err error) {
	err = l.read(trialID, func(t goptuna.FrozenTrial) { trial = copyTrial(t) })
	return trial, err
}

// GetTrialNumberFromID returns a trial's number.
func (l *ledger) GetTrialNumberFromID(trialID int) (int, error) {
	number := -1
	err := l.read(trialID, func(t goptuna.FrozenTrial) { number = t.Number })
	return number, err
}

// GetTrialParam returns the internal form of a parameter.
func (l *ledger) GetTrialParam(trialID int, name string) (float64, error) {
	x, ok := -1.0, false
	err := l.read(trialID, func(t goptuna.FrozenTrial) {
		if found, has := t.InternalParams[name]; has {
			x, ok = found, true
		}
	})
	if err == nil && !ok {
		err = fmt.Errorf("trial %d has no parameter %q", trialID, name)
	}
	return x, err
}

// GetTrialParams returns the parameters in their external form.
func (l *ledger) GetTrialParams(trialID int) (params map[string]any, err error) {
	err = l.read(trialID, func(t goptuna.FrozenTrial) { params = copyMap(t.Params) })
	return params, err
}

// GetTrialUserAttrs returns the attributes that SetTrialUserAttr has set.
func (l *ledger) GetTrialUserAttrs(trialID int) (attrs map[string]string, err error) {
	err = l.read(trialID, func(t goptuna.FrozenTrial) { attrs = copyMap(t.UserAttrs) })
	return attrs, err
}

// GetTrialSystemAttrs returns the attributes that SetTrialSystemAttr has set.
func (l *ledger) GetTrialSystemAttrs(trialID int) (attrs map[string]string, err error) {
	err = l.read(trialID, func(t goptuna.FrozenTrial) { attrs = copyMap(t.SystemAttrs) })
	return attrs, err
}

// GetAllTrials returns the trials in the order of their numbers.
func (l *ledger) GetAllTrials(studyID int) ([]goptuna.FrozenTrial, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.has(studyID) {
		return nil, goptuna.ErrInvalidStudyID
	}
	trials := make([]goptuna.FrozenTrial, len(l.trials))
	for i, t := range l.trials {
		trials[i] = copyTrial(t)
	}
	return trials, nil
}

// GetBestTrial returns the complete trial with the best value, the earliest among equals.
func (l *ledger) GetBestTrial(studyID int) (goptuna.FrozenTrial, error) {
	trials, err := l.GetAllTrials(studyID)
	if err != nil {
		return goptuna.FrozenTrial{}, err
	}
	return bestOf(trials, l.studyDirection())
}

func bestOf(trials []goptuna.FrozenTrial, direction goptuna.StudyDirection) (goptuna.FrozenTrial, error) {
	best := -1
	for i, t := range trials {
		if t.State != goptuna.TrialStateComplete || t.Value != t.Value {
			continue
		}
		better := best < 0 || t.Value < trials[best].Value
		if best >= 0 && direction == goptuna.StudyDirectionMaximize {
			better = t.Value > trials[best].Value
		}
		if better {
			best = i
		}
	}
	if best < 0 {
		return goptuna.FrozenTrial{}, goptuna.ErrNoCompletedTrials
	}
	return trials[best], nil
}
