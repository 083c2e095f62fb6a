package search

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/c-bata/goptuna"
)

// The one study of a ledger.
const ledgerStudy = 1

var errNoStudy = errors.New("study not found")

// ledger is a goptuna.Storage of one study in memory, to which goptuna.InMemoryStorage is
// no model. It holds the trials by columns and makes goptuna's form of one, with its six
// maps, when it is asked for. A trial's id is its number. What it returns is a copy:
// nothing a caller does to it reaches the ledger. A finished trial is immutable, and a state can't be set to
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
	history   *history
	extras    map[int]*extra // by number, of the trials that have some
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
	l.extras = map[int]*extra{}
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
	number := l.history.add()
	for name, x := range base.InternalParams {
		l.keepParam(number, name, foreign{x, base.Params[name], base.Distributions[name]})
	}
	l.history.replaceCurve(number, pointsOf(base.IntermediateValues))
	l.history.trials[number].value = base.Value
	l.history.setState(number, base.State)
	if len(base.UserAttrs)+len(base.SystemAttrs) > 0 || !base.DatetimeStart.IsZero() || !base.DatetimeComplete.IsZero() {
		e := l.extra(number)
		e.user, e.system = maps.Clone(base.UserAttrs), maps.Clone(base.SystemAttrs)
		e.start, e.complete = base.DatetimeStart, base.DatetimeComplete
	}
	return number, nil
}

// update calls change on a trial that hasn't finished.
func (l *ledger) update(trialID int, change func(*record) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hasTrial(trialID) {
		return goptuna.ErrInvalidTrialID
	}
	r := &l.history.trials[trialID]
	if r.state.IsFinished() {
		return goptuna.ErrTrialCannotBeUpdated
	}
	return change(r)
}

// SetTrialValue sets the objective's value.
func (l *ledger) SetTrialValue(trialID int, value float64) error {
	return l.update(trialID, func(r *record) error {
		r.value = value
		return nil
	})
}

// SetTrialIntermediateValue adds the value at a step that has none yet.
func (l *ledger) SetTrialIntermediateValue(trialID, step int, value float64) error {
	return l.update(trialID, func(*record) error {
		if !l.history.report(trialID, step, value) {
			return fmt.Errorf("trial %d has a value at step %d already", trialID, step)
		}
		return nil
	})
}

// SetTrialParam sets a parameter, or sets it anew.
func (l *ledger) SetTrialParam(trialID int, name string, internal float64, distribution any) error {
	return l.update(trialID, func(*record) error {
		external, err := goptuna.ToExternalRepresentation(distribution, internal)
		if err == nil {
			l.keepParam(trialID, name, foreign{internal, external, distribution})
		}
		return err
	})
}

// SetTrialState moves a trial to another state.
func (l *ledger) SetTrialState(trialID int, state goptuna.TrialState) error {
	return l.update(trialID, func(r *record) error {
		if r.state == state {
			return goptuna.ErrTrialCannotBeUpdated
		}
		l.history.setState(trialID, state)
		return nil
	})
}

// SetTrialUserAttr sets an attribute.
func (l *ledger) SetTrialUserAttr(trialID int, key, value string) error {
	return l.update(trialID, func(*record) error {
		put(&l.extra(trialID).user, key, value)
		return nil
	})
}

// SetTrialSystemAttr sets an attribute of goptuna, a sampler or a pruner.
func (l *ledger) SetTrialSystemAttr(trialID int, key, value string) error {
	return l.update(trialID, func(*record) error {
		put(&l.extra(trialID).system, key, value)
		return nil
	})
}

// dropParams takes a trial's parameters away, so that it can be drawn again.
func (l *ledger) dropParams(trialID int) error {
	return l.update(trialID, func(*record) error {
		l.history.clearParams(trialID)
		if e, ok := l.extras[trialID]; ok {
			e.params = nil
		}
		return nil
	})
}

// replaceCurve gives a trial other intermediate values, by rising steps.
func (l *ledger) replaceCurve(trialID int, curve []point) error {
	return l.update(trialID, func(*record) error {
		l.history.replaceCurve(trialID, curve)
		return nil
	})
}

// pointsOf returns intermediate values by rising steps.
func pointsOf(values map[int]float64) []point {
	curve := make([]point, 0, len(values))
	for step, v := range values {
		curve = append(curve, point{step, v})
	}
	slices.SortFunc(curve, func(a, b point) int { return a.step - b.step })
	return curve
}

// copyMap returns a copy of m that is never nil.
func copyMap[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}
