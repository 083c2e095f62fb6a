package search

import (
	"math"
	"slices"

	"github.com/c-bata/goptuna"
)

// history holds the trials of a study by columns, so that a sampler need not walk
// through thousands of maps for each proposal, and a trial takes some hundred bytes. Rows
// are trial numbers.
type history struct {
	dims  []dimension
	index map[string]int // of a dimension, by name
	// columns hold a coordinate for each dimension and trial, NaN where a trial hasn't the
	// parameter; nil for a dimension with a single value.
	columns [][]float64
	// internals hold the internal forms for a logarithmic dimension, whose coordinates
	// give them back but for the last bits; nil where the two are the same.
	internals [][]float64
	trials    []record
	// groups are the dimensions that occur together.
	groups []group
	// open holds the numbers of the trials that haven't ended, rising; ends those of the
	// others, in the order in which they ended.
	open, ends []int32
}

// record is what a history knows of a trial beside its parameters.
type record struct {
	state goptuna.TrialState
	value float64
	curve []point // by rising steps
	outcome
}

// point is an intermediate value.
type point struct {
	step  int
	value float64
}

// at returns the intermediate value at a step, NaN if there is none.
func (r *record) at(step int) float64 {
	i, ok := slices.BinarySearchFunc(r.curve, step, func(p point, s int) int { return p.step - s })
	if !ok {
		return math.NaN()
	}
	return r.curve[i].value
}

// last returns the last intermediate value.
func (r *record) last() (point, bool) {
	if len(r.curve) == 0 {
		return point{}, false
	}
	return r.curve[len(r.curve)-1], true
}

func newHistory(dims []dimension) *history {
	h := &history{dims: dims, index: map[string]int{}}
	h.columns, h.internals = make([][]float64, len(dims)), make([][]float64, len(dims))
	h.groups, _ = groupsOf(dims)
	for i, d := range dims {
		h.index[d.Name] = i
	}
	return h
}

// readHistory makes a history of what any goptuna storage holds.
func readHistory(dims []dimension, trials []goptuna.FrozenTrial) *history {
	h := newHistory(dims)
	for _, t := range trials {
		for len(h.trials) <= t.Number {
			h.add()
		}
		for name, x := range t.InternalParams {
			h.setParam(t.Number, name, x)
		}
		for step, v := range t.IntermediateValues {
			h.report(t.Number, step, v)
		}
		h.trials[t.Number].value = t.Value
		h.setState(t.Number, t.State)
	}
	return h
}

// add appends a trial that waits and knows nothing yet, and returns its number.
func (h *history) add() int {
	h.open = append(h.open, int32(len(h.trials)))
	h.trials = append(h.trials, record{state: goptuna.TrialStateWaiting})
	for i, d := range h.dims {
		if d.distribution != nil {
			h.columns[i] = append(h.columns[i], math.NaN())
		}
		if d.distribution != nil && d.Log {
			h.internals[i] = append(h.internals[i], math.NaN())
		}
	}
	return len(h.trials) - 1
}

// setState moves a trial that hasn't ended to another state.
func (h *history) setState(number int, state goptuna.TrialState) {
	h.trials[number].state = state
	if state.IsFinished() {
		at, _ := slices.BinarySearch(h.open, int32(number))
		h.open = slices.Delete(h.open, at, at+1)
		h.ends = append(h.ends, int32(number))
	}
}

// setParam sets a parameter by its internal form. Names that the space doesn't have are
// passed over.
func (h *history) setParam(number int, name string, internal float64) {
	if i, ok := h.index[name]; ok && h.columns[i] != nil {
		h.set(number, i, internal)
	}
}

// set sets the parameter of a dimension that is searched.
func (h *history) set(number, i int, internal float64) {
	h.columns[i][number] = h.dims[i].axis(internal)
	if h.internals[i] != nil {
		h.internals[i][number] = internal
	}
}

// internal returns the internal form of a parameter, false if the trial hasn't it.
func (h *history) internal(number, i int) (float64, bool) {
	column := h.columns[i]
	if h.internals[i] != nil {
		column = h.internals[i]
	}
	if column == nil {
		return 0, false
	}
	return column[number], column[number] == column[number]
}

// clearParams forgets a trial's parameters.
func (h *history) clearParams(number int) {
	for _, columns := range [][][]float64{h.columns, h.internals} {
		for _, column := range columns {
			if column != nil {
				column[number] = math.NaN()
			}
		}
	}
}

// report adds an intermediate value, unless there is one at the step.
func (h *history) report(number, step int, value float64) bool {
	r := &h.trials[number]
	i, ok := slices.BinarySearchFunc(r.curve, step, func(p point, s int) int { return p.step - s })
	if !ok {
		r.curve = slices.Insert(r.curve, i, point{step, value})
	}
	return !ok
}

// replaceCurve sets the intermediate values, which rise by steps.
func (h *history) replaceCurve(number int, curve []point) { h.trials[number].curve = curve }
