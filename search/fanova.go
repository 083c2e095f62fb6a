package search

import (
	"math"
	"slices"

	"medml"
)

// trees is how many trees a forest has.
const trees = 64

// fanova is functional ANOVA (Hutter, Hoos and Leyton-Brown, An Efficient Approach for
// Assessing Hyperparameter Importance, 2014): the variance of a random forest's prediction
// over the space that is due to a parameter alone, averaged over the trees. The space is
// weighed as random search draws from it: logarithmic parameters by their logarithm, choices
// equally.
//
// A parameter of a branch is judged by a forest on the trials that have it, over the
// parameters that all of those have; the variance there counts by their share of all
// trials, as in the law of total variance.
func fanova(e *observed) []float64 {
	out := make([]float64, len(e.dims))
	var judged [][]int // the rows of the forests so far
	for i := range e.dims {
		rows := e.having(i)
		seen := slices.ContainsFunc(judged, func(o []int) bool { return slices.Equal(o, rows) })
		if e.dims[i].distribution == nil || len(rows) < 2 || seen {
			continue
		}
		judged = append(judged, rows)
		dims := e.allHave(rows)
		share := float64(len(rows)) / float64(len(e.values))
		for k, variance := range e.variances(dims, rows) {
			if len(e.having(dims[k])) == len(rows) {
				out[dims[k]] = share * variance
			}
		}
	}
	return out
}

// allHave returns the searched dimensions that all of some trials have.
func (e *observed) allHave(rows []int) []int {
	var dims []int
	for i := range e.dims {
		lacks := func(row int) bool { return e.columns[i][row] != e.columns[i][row] }
		if e.dims[i].distribution != nil && !slices.ContainsFunc(rows, lacks) {
			dims = append(dims, i)
		}
	}
	return dims
}

// variances returns the variance that each of some dimensions explains alone in a forest on
// some trials, in units of the largest value.
func (e *observed) variances(dims, rows []int) []float64 {
	s := samples{}
	for _, i := range dims {
		s.dims = append(s.dims, &e.dims[i])
		column := make([]float64, len(rows))
		for k, row := range rows {
			column[k] = e.columns[i][row]
		}
		s.columns = append(s.columns, column)
	}
	unit := e.largest()
	for _, row := range rows {
		s.values = append(s.values, e.values[row]/unit)
	}
	out := make([]float64, len(dims))
	for tree := range trees {
		m := newMarginals(s.dims, growTree(s, medml.Stream(0, "fanova", tree)))
		for f := range out {
			out[f] += m.of(f) / trees
		}
	}
	return out
}

// largest returns the largest magnitude of a value, 1 if all are 0.
func (e *observed) largest() float64 {
	largest := 0.0
	for _, v := range e.values {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 1
	}
	return largest
}
