package metric

import (
	"fmt"
	"math"
)

// Subgroup is how predictions do on some of the rows: a sex, an age band, a site.
type Subgroup struct {
	Name      string `json:"name"`
	N         int    `json:"n"`                   // rows
	Patients  int    `json:"patients"`            // of that many patients
	Positives int    `json:"positives,omitempty"` // rows of class 1, where there are two
	// Small says that it is too small to judge, and why; "" where it isn't. Its estimates are
	// given, but it has no part in gaps.
	Small     string     `json:"small,omitempty"`
	Estimates []Estimate `json:"estimates"`
}

// Gap is the largest difference of a metric between two subgroups.
type Gap struct {
	Worst string `json:"worst"` // the subgroup with the worst value
	Best  string `json:"best"`
	// Estimate is the difference of the two, 0 or more, with its interval. That the pair was
	// chosen for its difference makes it look larger than it is, the more so the more
	// subgroups there are. Its Metric is the metric's name.
	Estimate Estimate `json:"estimate"`
}

// leastOfClass is below how many examples of a class a subgroup is too small.
const leastOfClass = 10

// Subgroups judges predictions by each metric within each subgroup, and says for each
// metric how far the worst lies from the best; the gap's Undefined says why where there is
// none. Of is the subgroup of each row, an index of names, or -1 for a row of none: [n]. A
// subgroup with fewer than 10 examples of a class, or fewer than 10 rows of numbers, is
// said to be small. The gap's interval is by the bootstrap over patients, who are drawn
// within class and subgroup. TRIPOD+AI (Collins et al. 2024, BMJ 385:e078378) asks for this.
func Subgroups(ms []Metric, p Predictions, of []int, names []string, o Options) ([]Subgroup, []Gap) {
	rows := split(of, len(names), p.rows())
	groups, parts := make([]Subgroup, len(names)), make([]Predictions, len(names))
	for g, name := range names {
		parts[g] = p.subset(rows[g])
		within := o
		if o.Groups != nil {
			within.Groups = pick(o.Groups, rows[g])
		}
		s := newSample(parts[g], within.Groups)
		groups[g] = Subgroup{Name: name, N: len(rows[g]), Patients: s.patients,
			Small: parts[g].small(), Estimates: Evaluate(ms, parts[g], within)}
		for _, l := range parts[g].Labels {
			if p.Classes == 2 && l == 1 {
				groups[g].Positives++
			}
		}
	}
	return groups, gaps(ms, p, of, rows, groups, o)
}

// split returns the rows of each subgroup.
func split(of []int, groups, n int) [][]int {
	if len(of) != n {
		panic(fmt.Sprintf("metric: subgroups of %d rows for %d", len(of), n))
	}
	rows := make([][]int, groups)
	for row, g := range of {
		if g < -1 || g >= groups {
			panic(fmt.Sprintf("metric: subgroup %d of %d", g, groups))
		}
		if g >= 0 {
			rows[g] = append(rows[g], row)
		}
	}
	return rows
}

func pick(xs []int, rows []int) []int {
	out := make([]int, len(rows))
	for i, r := range rows {
		out[i] = xs[r]
	}
	return out
}

// small says why there is too little to judge, "" where there isn't.
func (p Predictions) small() string {
	if p.Classes == 0 {
		if n := p.rows(); n < leastOfClass {
			return fmt.Sprintf("only %d rows", n)
		}
		return ""
	}
	sizes := make([]int, p.Classes)
	for _, l := range p.Labels {
		sizes[l]++
	}
	for c, n := range sizes {
		switch {
		case n == 0:
			return "no " + p.example(c)
		case n == 1:
			return "only one " + p.example(c)
		case n < leastOfClass:
			what := fmt.Sprintf("examples of class %d", c)
			if p.Classes == 2 {
				what = [...]string{"negative examples", "positive examples"}[c]
			}
			return fmt.Sprintf("only %d %s", n, what)
		}
	}
	return ""
}

// gaps takes for each metric the best and the worst of the subgroups that aren't small.
func gaps(ms []Metric, p Predictions, of []int, rows [][]int, groups []Subgroup, o Options) []Gap {
	s := newSample(p, o.Groups)
	s.stratify(crossed(p.rarities(), of, len(groups)))
	all := make([]Gap, len(ms))
	var stats []statistic
	var at []int
	for i, m := range ms {
		worst, best := extremes(m, i, groups)
		all[i].Estimate = s.estimate(m.Name)
		if worst < 0 || worst == best {
			all[i].Estimate.Undefined = "fewer than two subgroups that are large enough and have a value"
			if worst >= 0 && judged(i, groups) > 1 {
				all[i].Worst, all[i].Best = groups[worst].Name, groups[best].Name
				all[i].Estimate.Value, all[i].Estimate.Undefined = 0, "all subgroups have the same value"
			}
			continue
		}
		all[i].Worst, all[i].Best = groups[worst].Name, groups[best].Name
		sign := 1.0
		if !m.Higher {
			sign = -1
		}
		a, b := within(m, p, rows[best]), within(m, p, rows[worst])
		stats = append(stats, statistic{value: func(w []int32) float64 { return float64(sign * (a(w) - b(w))) }})
		at = append(at, i)
	}
	for j, d := range s.bootstrap(stats, o) {
		d.describe(&all[at[j]].Estimate)
	}
	return all
}

// crossed makes of the rarity of each row's class and its subgroup one key.
func crossed(rarities, of []int, groups int) []int {
	keys := make([]int, len(of))
	for i, g := range of {
		keys[i] = g + 1
		if rarities != nil {
			keys[i] += rarities[i] * (groups + 1)
		}
	}
	return keys
}

// extremes returns the subgroups with the worst and the best value of metric i, -1 where
// none has one.
func extremes(m Metric, i int, groups []Subgroup) (worst, best int) {
	worst, best = -1, -1
	for g, group := range groups {
		x := group.Estimates[i].Value
		if group.Small != "" || math.IsNaN(x) {
			continue
		}
		if best < 0 || m.Better(x, groups[best].Estimates[i].Value) {
			best = g
		}
		if worst < 0 || m.Better(groups[worst].Estimates[i].Value, x) {
			worst = g
		}
	}
	return worst, best
}

// judged is how many subgroups have a value of metric i and are large enough.
func judged(i int, groups []Subgroup) int {
	n := 0
	for _, g := range groups {
		if g.Small == "" && !math.IsNaN(g.Estimates[i].Value) {
			n++
		}
	}
	return n
}

// within is a metric of some rows as a function of all rows' weights.
func within(m Metric, p Predictions, rows []int) value {
	of, mine := m.weighed(p.subset(rows)), make([]int32, len(rows))
	return func(w []int32) float64 {
		for i, r := range rows {
			mine[i] = w[r]
		}
		return of(mine)
	}
}
