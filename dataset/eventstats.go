package dataset

import (
	"math"
	"slices"
	"strconv"
)

// statisticNames are the columns of a variable in the order of the default: how many
// observations there are, the first, the last, their mean, standard deviation (n-1), least,
// greatest and sum, the least-squares slope an hour, and the hours from the last one to the
// window's end. Without an observation count and sum are 0 and the others missing.
var statisticNames = []string{"count", "first", "last", "mean", "std", "min", "max", "sum", "slope", "since"}

// nameStatistics names the columns: "HR.mean", and "HR.mean.24h" over the last 24 hours; a
// static variable has its own name.
func (f *eventForm) nameStatistics() {
	f.names = slices.Clone(f.static)
	for _, variable := range f.dynamic {
		for _, ending := range f.endings() {
			for _, s := range f.config.Statistics {
				f.names = append(f.names, variable+"."+s+ending)
			}
		}
	}
}

// endings are of the names of each window's columns.
func (f *eventForm) endings() []string {
	if f.config.Recent == 0 {
		return []string{""}
	}
	return []string{"", "." + strconv.FormatFloat(f.config.Recent, 'g', -1, 64) + "h"}
}

func (f *eventForm) fillStatistics(dst []float32, events []event) {
	at := copy(dst, f.staticValues(events))
	windows := len(f.endings())
	all := make([]eventSummary, len(f.dynamic)*windows)
	for _, e := range events {
		if !f.inWindow(e) || f.isStatic[e.variable] {
			continue
		}
		i := f.place[e.variable] * windows
		all[i].take(e)
		if windows == 2 && e.hours >= f.config.Hours-f.config.Recent {
			all[i+1].take(e)
		}
	}
	for i := range all {
		for _, name := range f.config.Statistics {
			x := all[i].statistic(name, f.config.Hours)
			if math.Abs(x) > math.MaxFloat32 {
				x = math.Copysign(math.MaxFloat32, x)
			}
			dst[at] = float32(x)
			at++
		}
	}
}

// eventSummary gathers a variable's observations; means and squares are kept as Welford
// 1962 does, which loses nothing to cancellation.
type eventSummary struct {
	binCell
	first, firstAt    float64
	mean, squares     float64 // of values; the sum of squared deviations
	meanAt, squaresAt float64 // of times
	products          float64 // of deviations of both
}

func (s *eventSummary) take(e event) {
	x := float64(e.value)
	if s.n == 0 {
		s.first, s.firstAt = x, e.hours
	}
	s.binCell.take(e)
	n := float64(s.n)
	dx, dt := x-s.mean, e.hours-s.meanAt
	s.mean += dx / n
	s.meanAt += dt / n
	s.squares += float64(dx * (x - s.mean))
	s.squaresAt += float64(dt * (e.hours - s.meanAt))
	s.products += float64(dt * (x - s.mean))
}

func (s *eventSummary) statistic(name string, end float64) float64 {
	switch {
	case name == "count":
		return float64(s.n)
	case name == "sum":
		return s.sum
	case s.n == 0:
		return math.NaN()
	}
	switch name {
	case "first":
		return s.first
	case "last":
		return s.now
	case "mean":
		return s.mean
	case "min":
		return s.low
	case "max":
		return s.high
	case "since":
		return end - s.at
	case "std":
		if s.n > 1 {
			return math.Sqrt(s.squares / float64(s.n-1))
		}
	case "slope":
		if s.squaresAt > 0 {
			return s.products / s.squaresAt
		}
	}
	return math.NaN()
}
