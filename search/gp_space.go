package search

import "medml"

// encoding maps configurations to the points of a Gaussian process and back. A point has a
// coordinate for each parameter that is searched: of a number, or of an ordered choice, its
// place between the ends of its axis, from 0 to 1; of an unordered choice, its position. A
// parameter that a trial doesn't have rests at the middle of its axis, or at a position -1
// of its own, so that it makes no difference among the trials of other branches.
type encoding struct {
	all      []dimension
	dims     []*dimension // those searched
	place    []int        // of all dimensions among those searched; -1 for one with a single value
	parent   []int        // in all, of the dimension on which it depends; -1 for none
	category []bool       // by coordinate: unordered
}

func newEncoding(all []dimension) *encoding {
	s := &encoding{all: all}
	index := map[string]int{}
	for i := range all {
		d := &all[i]
		index[d.Name] = i
		place, parent := -1, -1
		if d.distribution != nil {
			place = len(s.dims)
			s.dims = append(s.dims, d)
			s.category = append(s.category, d.scale == unordered)
		}
		if d.When != nil {
			parent = index[d.When.Param]
		}
		s.place, s.parent = append(s.place, place), append(s.parent, parent)
	}
	return s
}

// unit returns the coordinate of a value of d on its axis.
func (d *dimension) unit(axis float64) float64 {
	if d.scale == unordered {
		return axis
	}
	return (axis - d.low) / (d.high - d.low)
}

// fromUnit returns the internal number of the value nearest to a coordinate.
func (d *dimension) fromUnit(u float64) float64 {
	if d.scale == unordered {
		return d.nearest(u)
	}
	return d.at(float64((1-u)*d.low) + float64(u*d.high))
}

// resting is the coordinate of a parameter that a trial doesn't have.
func (d *dimension) resting() float64 {
	if d.scale == unordered {
		return -1
	}
	return 0.5
}

// of returns the point of a trial.
func (s *encoding) of(h *history, number int) []float64 {
	x := make([]float64, len(s.dims))
	for i := range s.all {
		j := s.place[i]
		if j < 0 {
			continue
		}
		x[j] = s.dims[j].resting()
		if c := h.columns[i][number]; c == c {
			x[j] = s.dims[j].unit(c)
		}
	}
	return x
}

// settle makes x the point of a configuration: what is discrete is rounded, what doesn't
// exist rests. It writes which coordinates exist.
func (s *encoding) settle(x []float64, exists []bool) {
	activeAt := make([]bool, len(s.all))
	for i := range s.all {
		d, j := &s.all[i], s.place[i]
		activeAt[i] = s.parent[i] < 0 || activeAt[s.parent[i]] && d.When.Holds(s.valueAt(s.parent[i], x))
		if j < 0 {
			continue
		}
		exists[j] = activeAt[i]
		switch {
		case !activeAt[i]:
			x[j] = d.resting()
		case d.scale == unordered:
			x[j] = d.nearest(x[j])
		case d.scale == discrete:
			x[j] = d.unit(d.axis(d.fromUnit(x[j])))
		}
	}
}

// valueAt returns the value of a dimension in the configuration of x.
func (s *encoding) valueAt(i int, x []float64) medml.Value {
	d := &s.all[i]
	if s.place[i] < 0 {
		return d.value(d.number(0))
	}
	return d.value(d.fromUnit(x[s.place[i]]))
}

// params returns the configuration of a settled point in goptuna's form.
func (s *encoding) params(x []float64, exists []bool) map[string]float64 {
	params := map[string]float64{}
	for j, d := range s.dims {
		if exists[j] {
			params[d.Name] = d.fromUnit(x[j])
		}
	}
	return params
}
