package search

import (
	"reflect"
	"time"

	"github.com/c-bata/goptuna"
)

// extra is what few trials have, beside what the columns hold.
type extra struct {
	user, system    map[string]string
	params          map[string]foreign
	start, complete time.Time
}

// foreign is a parameter as goptuna has it: one that the space hasn't, or has with another
// distribution, is kept so.
type foreign struct {
	internal               float64
	external, distribution any
}

// hasTrial reports whether there is a trial of that id. The caller holds the lock.
func (l *ledger) hasTrial(trialID int) bool { return trialID >= 0 && trialID < len(l.history.trials) }

// extra returns the extra of a trial, which it makes if there is none.
func (l *ledger) extra(trialID int) *extra {
	e, ok := l.extras[trialID]
	if !ok {
		e = &extra{}
		l.extras[trialID] = e
	}
	return e
}

// put sets a key of a map that may be nil.
func put[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = value
}

// keepParam sets a parameter, in its column if it has one.
func (l *ledger) keepParam(number int, name string, p foreign) {
	if i, ok := l.history.index[name]; ok && l.history.columns[i] != nil && p.internal == p.internal &&
		reflect.DeepEqual(p.distribution, l.history.dims[i].distribution) {
		l.history.set(number, i, p.internal)
		if e, ok := l.extras[number]; ok {
			delete(e.params, name)
		}
		return
	}
	l.history.setParam(number, name, p.internal)
	put(&l.extra(number).params, name, p)
}

// param returns a parameter of a trial.
func (l *ledger) param(number int, name string) (foreign, bool) {
	if e, ok := l.extras[number]; ok {
		if p, ok := e.params[name]; ok {
			return p, true
		}
	}
	i, ok := l.history.index[name]
	if !ok {
		return foreign{}, false
	}
	x, ok := l.history.internal(number, i)
	if !ok {
		return foreign{}, false
	}
	distribution := l.history.dims[i].distribution
	external, err := goptuna.ToExternalRepresentation(distribution, x)
	return foreign{x, external, distribution}, err == nil
}

// frozen returns a trial in goptuna's form. Its maps are the caller's.
func (l *ledger) frozen(number int) goptuna.FrozenTrial {
	r := &l.history.trials[number]
	t := goptuna.FrozenTrial{
		ID: number, Number: number, StudyID: ledgerStudy, State: r.state, Value: r.value,
		IntermediateValues: make(map[int]float64, len(r.curve)),
		InternalParams:     map[string]float64{}, Params: map[string]any{}, Distributions: map[string]any{},
		UserAttrs: map[string]string{}, SystemAttrs: map[string]string{},
	}
	for _, p := range r.curve {
		t.IntermediateValues[p.step] = p.value
	}
	for i := range l.history.dims {
		if p, ok := l.param(number, l.history.dims[i].Name); ok {
			setFrozen(&t, l.history.dims[i].Name, p)
		}
	}
	if e, ok := l.extras[number]; ok {
		for name, p := range e.params {
			setFrozen(&t, name, p)
		}
		t.UserAttrs, t.SystemAttrs = copyMap(e.user), copyMap(e.system)
		t.DatetimeStart, t.DatetimeComplete = e.start, e.complete
	}
	return t
}

func setFrozen(t *goptuna.FrozenTrial, name string, p foreign) {
	t.InternalParams[name] = p.internal
	if p.distribution != nil {
		t.Params[name], t.Distributions[name] = p.external, p.distribution
	}
}
