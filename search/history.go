package search

import (
	"math"
	"slices"

	"github.com/c-bata/goptuna"
)

// history holds the trials of a study by columns, so that a sampler need not walk
// through thousands of maps for each proposal. Rows are trial numbers.
type history struct {
	dims  []dimension
	index map[string]int // of a dimension, by name
	// columns hold a coordinate for each dimension and trial, NaN where a trial hasn't the
	// parameter; nil for a dimension with a single value.
	columns [][]float64
	trials  []record
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
	h := &history{dims: dims, index: map[string]int{}, columns: make([][]float64, len(dims))}
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

// add appends a trial that waits and knows nothing yet.
func (h *history) add() {
	h.open = append(h.open, int32(len(h.trials)))
	h.trials = append(h.trials, record{state: goptuna.TrialStateWaiting})
	for i, d := range h.dims {
		if d.distribution != nil {
			h.columns[i] = append(h.columns[i], math.NaN())
		}
	}
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

// setParam sets the coordinate of a parameter. Names that the space doesn't have are
// passed over.
func (h *history) setParam(number int, name string, internal float64) {
	if i, ok := h.index[name]; ok && h.columns[i] != nil {
		h.columns[i][number] = h.dims[i].axis(internal)
	}
}

// clearParams forgets a trial's parameters.
func (h *history) clearParams(number int) {
	for _, column := range h.columns {
		if column != nil {
			column[number] = math.NaN()
		}
	}
}

// report adds an intermediate value. There is none yet at the step.
func (h *history) report(number, step int, value float64) {
	r := &h.trials[number]
	i, _ := slices.BinarySearchFunc(r.curve, step, func(p point, s int) int { return p.step - s })
	r.curve = slices.Insert(r.curve, i, point{step, value})
}
