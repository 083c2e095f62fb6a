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
func (r record) at(step int) float64 {
	i, ok := slices.BinarySearchFunc(r.curve, step, func(p point, s int) int { return p.step - s })
	if !ok {
		return math.NaN()
	}
	return r.curve[i].value
}

// last returns the last intermediate value.
func (r record) last() (point, bool) {
	if len(r.curve) == 0 {
		return point{}, false
	}
	return r.curve[len(r.curve)-1], true
}

func newHistory(dims []dimension) *history {
	h := &history{dims: dims, index: map[string]int{}, columns: make([][]float64, len(dims))}
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
		h.trials[t.Number].state, h.trials[t.Number].value = t.State, t.Value
	}
	return h
}

// add appends a trial that waits and knows nothing yet.
func (h *history) add() {
	h.trials = append(h.trials, record{state: goptuna.TrialStateWaiting})
	for i, d := range h.dims {
		if d.distribution != nil {
			h.columns[i] = append(h.columns[i], math.NaN())
		}
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
