package search

import (
	"slices"

	"medml"
)

// trees is how many trees a forest has.
const trees = 64

// fanova is functional ANOVA (Hutter, Hoos and Leyton-Brown, An Efficient Approach for
// Assessing Hyperparameter Importance, 2014): the share of the variance of a random
// forest's prediction over the space that is due to a parameter alone, averaged over the
// trees. The space is weighed as random search draws from it: logarithmic parameters by
// their logarithm, choices equally.
//
// A parameter of a branch is judged by a forest on the trials that have it, over the
// parameters that all of those have. Of the variance of the values of all trials it then
// explains its share of those trials' variance times their share of the trials, which is
// the part that the law of total variance gives them.
func fanova(e *evidence) []float64 {
	out := make([]float64, len(e.dims))
	total := variance(e.values, rising(len(e.values)))
	if total == 0 {
		return out
	}
	var judged [][]int // the rows of the forests so far
	for i := range e.dims {
		rows := e.having(i)
		if e.dims[i].distribution == nil || len(rows) < 2 || slices.ContainsFunc(judged, func(o []int) bool { return slices.Equal(o, rows) }) {
			continue
		}
		judged = append(judged, rows)
		dims := e.allHave(rows)
		part := float64(len(rows)) / float64(len(e.values)) * variance(e.values, rows) / total
		for k, share := range e.variances(dims, rows) {
			if len(e.having(dims[k])) == len(rows) {
				out[dims[k]] = part * share
			}
		}
	}
	return out
}

// allHave returns the searched dimensions that all of some trials have.
func (e *evidence) allHave(rows []int) []int {
	var dims []int
	for i := range e.dims {
		lacks := func(row int) bool { return e.columns[i][row] != e.columns[i][row] }
		if e.dims[i].distribution != nil && !slices.ContainsFunc(rows, lacks) {
			dims = append(dims, i)
		}
	}
	return dims
}

// variance returns the variance of the values of some rows.
func variance(values []float64, rows []int) float64 {
	mean, sum := 0.0, 0.0
	for _, row := range rows {
		mean += values[row] / float64(len(rows))
	}
	for _, row := range rows {
		sum += float64((values[row] - mean) * (values[row] - mean))
	}
	return sum / float64(len(rows))
}

// variances returns which share of the variance of a forest each of its dimensions
// explains alone.
func (e *evidence) variances(dims, rows []int) []float64 {
	s := samples{}
	for _, i := range dims {
		s.dims = append(s.dims, &e.dims[i])
		column := make([]float64, len(rows))
		for k, row := range rows {
			column[k] = e.columns[i][row]
		}
		s.columns = append(s.columns, column)
	}
	for _, row := range rows {
		s.values = append(s.values, e.values[row])
	}
	shares, counted := make([]float64, len(dims)), 0
	for tree := range trees {
		m := newMarginals(s.dims, growTree(s, medml.Stream(0, "fanova", tree)))
		whole := m.whole()
		if whole <= 0 {
			continue
		}
		counted++
		for f := range shares {
			shares[f] += m.of(f) / whole
		}
	}
	for f := range shares {
		shares[f] /= float64(max(1, counted))
	}
	return shares
}
