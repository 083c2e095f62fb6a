package search

import (
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/c-bata/goptuna"
)

// The one study of a ledger.
const ledgerStudy = 1

var errNoStudy = errors.New("study not found")

// ledger is a goptuna.Storage of one study in memory, to which goptuna.InMemoryStorage is
// no model. A trial's id is its number. What it returns is a copy: nothing a caller does
// to it reaches the ledger. A finished trial is immutable, and a state can't be set to
// what it is, so that of several workers who take a waiting trial one gets it. A trial
// whose value isn't a number is never the best. Without a clock, it leaves times zero.
//
// It is safe for concurrent use.
type ledger struct {
	mu        sync.RWMutex
	created   bool
	name      string
	direction goptuna.StudyDirection
	userAttrs map[string]string
	sysAttrs  map[string]string
	trials    []goptuna.FrozenTrial
	history   *history // the trials once more, by columns
}

var _ goptuna.Storage = (*ledger)(nil)

func newLedger(dims []dimension) *ledger {
	l := &ledger{history: newHistory(dims)}
	l.clear()
	return l
}

func (l *ledger) clear() {
	l.created, l.name, l.direction = false, "", goptuna.StudyDirectionMinimize
	l.userAttrs, l.sysAttrs = map[string]string{}, map[string]string{}
	l.trials = nil
	*l.history = *newHistory(l.history.dims)
}

// CreateNewTrial adds a running trial.
func (l *ledger) CreateNewTrial(studyID int) (int, error) {
	return l.CloneTrial(studyID, goptuna.FrozenTrial{State: goptuna.TrialStateRunning})
}

// CloneTrial adds a trial that is as base is, but for its number.
func (l *ledger) CloneTrial(studyID int, base goptuna.FrozenTrial) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.has(studyID) {
		return -1, goptuna.ErrInvalidStudyID
	}
	number := len(l.trials)
	t := copyTrial(base)
	t.ID, t.Number, t.StudyID = number, number, ledgerStudy
	l.trials = append(l.trials, t)
	h := l.history
	h.add()
	for name, x := range t.InternalParams {
		h.setParam(number, name, x)
	}
	for step, v := range t.IntermediateValues {
		h.report(number, step, v)
	}
	h.trials[number].value = t.Value
	h.setState(number, t.State)
	return number, nil
}

// update calls change on a trial that hasn't finished.
func (l *ledger) update(trialID int, change func(*goptuna.FrozenTrial) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if trialID < 0 || trialID >= len(l.trials) {
		return goptuna.ErrInvalidTrialID
	}
	t := &l.trials[trialID]
	if t.State.IsFinished() {
		return goptuna.ErrTrialCannotBeUpdated
	}
	return change(t)
}

// SetTrialValue sets the objective's value.
func (l *ledger) SetTrialValue(trialID int, value float64) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		t.Value, l.history.trials[trialID].value = value, value
		return nil
	})
}

// SetTrialIntermediateValue adds the value at a step that has none yet.
func (l *ledger) SetTrialIntermediateValue(trialID, step int, value float64) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		if _, ok := t.IntermediateValues[step]; ok {
			return fmt.Errorf("trial %d has a value at step %d already", trialID, step)
		}
		t.IntermediateValues[step] = value
		l.history.report(trialID, step, value)
		return nil
	})
}

// SetTrialParam sets a parameter, or sets it anew.
func (l *ledger) SetTrialParam(trialID int, name string, internal float64, distribution any) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		external, err := goptuna.ToExternalRepresentation(distribution, internal)
		if err != nil {
			return err
		}
		t.InternalParams[name], t.Params[name], t.Distributions[name] = internal, external, distribution
		l.history.setParam(trialID, name, internal)
		return nil
	})
}

// SetTrialState moves a trial to another state.
func (l *ledger) SetTrialState(trialID int, state goptuna.TrialState) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		if t.State == state {
			return goptuna.ErrTrialCannotBeUpdated
		}
		t.State = state
		l.history.setState(trialID, state)
		return nil
	})
}

// SetTrialUserAttr sets an attribute.
func (l *ledger) SetTrialUserAttr(trialID int, key, value string) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		t.UserAttrs[key] = value
		return nil
	})
}

// SetTrialSystemAttr sets an attribute of goptuna, a sampler or a pruner.
func (l *ledger) SetTrialSystemAttr(trialID int, key, value string) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		t.SystemAttrs[key] = value
		return nil
	})
}

// dropParams takes a trial's parameters away, so that it can be drawn again.
func (l *ledger) dropParams(trialID int) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		clear(t.InternalParams)
		clear(t.Params)
		clear(t.Distributions)
		l.history.clearParams(trialID)
		return nil
	})
}

// replaceValues gives a trial other intermediate values.
func (l *ledger) replaceValues(trialID int, values map[int]float64) error {
	return l.update(trialID, func(t *goptuna.FrozenTrial) error {
		t.IntermediateValues = copyMap(values)
		l.history.trials[trialID].curve = nil
		for step, v := range values {
			l.history.report(trialID, step, v)
		}
		return nil
	})
}

// copyTrial returns t with maps of its own.
func copyTrial(t goptuna.FrozenTrial) goptuna.FrozenTrial {
	t.IntermediateValues = copyMap(t.IntermediateValues)
	t.InternalParams = copyMap(t.InternalParams)
	t.Params = copyMap(t.Params)
	t.Distributions = copyMap(t.Distributions)
	t.UserAttrs = copyMap(t.UserAttrs)
	t.SystemAttrs = copyMap(t.SystemAttrs)
	return t
}

// copyMap returns a copy of m that is never nil.
func copyMap[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}
