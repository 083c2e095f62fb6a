package medml

import (
	"cmp"
	"slices"
)

// Best returns the best complete trial: the first of the leaders that has a score, where
// the study trains leaders from further seeds.
func (s Snapshot) Best() (Trial, bool) {
	if s.Leaders > 0 {
		for _, t := range s.Ranked() {
			if t.State == Complete && t.Feasible() && t.Score() == t.Score() {
				return t, true
			}
		}
	}
	return Best(s.Direction, s.Trials)
}

// Best returns the complete trial that meets the constraints and has the best value, the
// earliest among equals. A trial without a value is never best.
func Best(d Direction, trials []Trial) (Trial, bool) {
	best := -1
	for i, t := range trials {
		if t.State != Complete || t.Value != t.Value || !t.Feasible() {
			continue
		}
		if best < 0 || compareComplete(d, t, trials[best]) < 0 {
			best = i
		}
	}
	if best < 0 {
		return Trial{}, false
	}
	return trials[best], true
}

// Ranked returns the trials as a leaderboard shows them: the complete ones from best to
// worst, then the running, the waiting, the pruned and the failed. Among the complete,
// those that meet the constraints stand before those that don't, which are ordered by how
// far they are from it. With several objectives, what no other trial is better than in all
// of them stands first, and so on. Equals stand in the order of their numbers. The leaders,
// the first so many by all that, stand among themselves by their scores.
func (s Snapshot) Ranked() []Trial {
	order := [...]int{Complete: 0, Running: 1, Waiting: 2, Pruned: 3, Failed: 4}
	fronts := s.fronts()
	ranked := slices.Clone(s.Trials)
	slices.SortStableFunc(ranked, func(a, b Trial) int {
		if oa, ob := order[a.State], order[b.State]; oa != ob {
			return oa - ob
		}
		c := 0
		switch a.State {
		case Complete:
			if fronts != nil && a.Feasible() && b.Feasible() {
				c = fronts[a.Number] - fronts[b.Number]
			}
			if c == 0 {
				c = compareComplete(s.Direction, a, b)
			}
		case Pruned:
			c = compareValues(s.Direction, a.Value, b.Value)
		}
		return cmp.Or(c, a.Number-b.Number)
	})
	s.rankLeaders(ranked)
	return ranked
}

// rankLeaders sorts the leaders at the head of a ranking by their scores.
func (s Snapshot) rankLeaders(ranked []Trial) {
	n := 0
	for n < min(s.Leaders, len(ranked)) && ranked[n].State == Complete && ranked[n].Feasible() {
		n++
	}
	slices.SortStableFunc(ranked[:n], func(a, b Trial) int { return compareValues(s.Direction, a.Score(), b.Score()) })
}

// compareComplete is negative if a complete trial is better than another.
func compareComplete(d Direction, a, b Trial) int {
	if fa, fb := a.Feasible(), b.Feasible(); fa != fb {
		if fa {
			return -1
		}
		return 1
	} else if !fa {
		if c := compareValues(Minimize, a.Violation(), b.Violation()); c != 0 {
			return c
		}
	}
	return compareValues(d, a.Value, b.Value)
}

func compareValues(d Direction, a, b float64) int {
	switch {
	case d.Better(a, b):
		return -1
	case d.Better(b, a):
		return 1
	}
	return 0
}

// Front returns the numbers of the trials on the Pareto front, rising: those that are
// complete and meet the constraints, and that no other such trial is at least as good as
// in every objective and better in one. Nil for a study with one objective.
func (s Snapshot) Front() []int {
	fronts := s.fronts()
	var first []int
	for _, t := range s.Trials {
		if i, ok := fronts[t.Number]; ok && i == 0 {
			first = append(first, t.Number)
		}
	}
	return first
}

// fronts returns by number on which front, from 0, a complete trial that meets the
// constraints stands: front i is the Pareto front without those before it. Nil for a
// study with one objective.
func (s Snapshot) fronts() map[int]int {
	if len(s.Goals) < 2 {
		return nil
	}
	var numbers []int
	var points [][]float64
	for _, t := range s.Trials {
		if t.State == Complete && t.Feasible() && len(t.Objectives) == len(s.Goals) {
			numbers, points = append(numbers, t.Number), append(points, t.Objectives)
		}
	}
	fronts := make(map[int]int, len(numbers))
	for i, front := range Fronts(s.Goals, points) {
		fronts[numbers[i]] = front
	}
	return fronts
}

// Dominates reports whether values a are at least as good as b in every objective, and
// better in one. A NaN is worse than any number.
func Dominates(goals []Goal, a, b []float64) bool {
	better := false
	for i, g := range goals {
		switch c := compareValues(g.Direction, a[i], b[i]); {
		case c > 0:
			return false
		case c < 0:
			better = true
		}
	}
	return better
}

// Violation is how far the trial is from meeting all constraints: the sum of what each
// lacks, 0 where it meets them.
func (t Trial) Violation() float64 {
	sum := 0.0
	for _, c := range t.Constraints {
		if !(c <= 0) {
			sum += c
		}
	}
	return sum
}
