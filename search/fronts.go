package search

import (
	"cmp"
	"math"
	"slices"

	"github.com/c-bata/goptuna"

	"medml"
)

// rankByFronts ranks the trials of a study with several objectives from best to worst:
// those that meet the constraints front by front (as in Ozaki, Tanigaki, Watanabe, Nomura
// and Onishi, Multiobjective Tree-Structured Parzen Estimator, 2022), then those that don't
// by how far they are from it, then those without numbers for values.
func (p *past) rankByFronts() {
	var ended []int32
	for i := range p.end() {
		if p.ended(i) && p.trials[i].state != goptuna.TrialStateFail {
			ended = append(ended, int32(i))
		}
	}
	good, others := p.fronts(ended)
	p.ranking = p.ranking[:0]
	for _, front := range good {
		for _, j := range spreadOut(p.objectivesOf(front)) {
			p.ranking = append(p.ranking, front[j])
		}
	}
	p.ranking = append(p.ranking, others...)
}

// fronts splits trials into the fronts of those that meet the constraints and have finite
// objectives, each by number, and the others from best to worst.
func (p *past) fronts(trials []int32) (good [][]int32, others []int32) {
	var comparable []int32
	for _, i := range trials {
		if p.trials[i].class() == completeClass && p.hasObjectives(i) {
			comparable = append(comparable, i)
		} else {
			others = append(others, i)
		}
	}
	for j, front := range medml.Fronts(toMinimise(p.goals), p.objectivesOf(comparable)) {
		for len(good) <= front {
			good = append(good, nil)
		}
		good[front] = append(good[front], comparable[j])
	}
	slices.SortFunc(others, func(i, j int32) int {
		// Without objectives a complete trial is none of the good.
		ci, cj := p.trials[i].class(), p.trials[j].class()
		if ci == completeClass || cj == completeClass {
			return cmp.Or(cmp.Compare(cj, ci), cmp.Compare(i, j))
		}
		return p.compare(i, j)
	})
	return good, others
}

// hasObjectives reports whether a trial has a finite value for each objective.
func (p *past) hasObjectives(i int32) bool {
	return len(p.trials[i].objectives) == p.goals &&
		!slices.ContainsFunc(p.trials[i].objectives, func(v float64) bool { return v != v || math.IsInf(v, 0) })
}

func (p *past) objectivesOf(trials []int32) [][]float64 {
	points := make([][]float64, len(trials))
	for j, i := range trials {
		points[j] = p.trials[i].objectives
	}
	return points
}

// toMinimise is n goals, all of them to minimise.
func toMinimise(n int) []medml.Goal {
	return slices.Repeat([]medml.Goal{{Direction: medml.Minimize}}, n)
}

// spreadOut orders the points of a front so that the first few stand for all of it: with
// two objectives each adds the most area that those before it don't dominate, up to as many
// as can ever be good; with more the least crowded come first.
func spreadOut(points [][]float64) []int {
	if len(points) > 0 && len(points[0]) == 2 {
		return byArea(points)
	}
	order := rising(len(points))
	crowding := crowdingOf(points)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(crowding[j], crowding[i]) })
	return order
}

func rising(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// byArea picks the points of a front in the plane greedily by the area that each adds to
// what those before it dominate, below a reference point a tenth beyond the worst values
// (the hypervolume subset selection of Bader and Zitzler 2011, as Optuna does it). Those
// that come after as many picks as can ever be good follow as they are.
func byArea(points [][]float64) []int {
	byX := rising(len(points))
	slices.SortStableFunc(byX, func(i, j int) int {
		return cmp.Or(cmp.Compare(points[i][0], points[j][0]), cmp.Compare(points[j][1], points[i][1]))
	})
	right, top := beyond(points, 0), beyond(points, 1)
	picked := make([]bool, len(points))
	var order []int
	for len(order) < min(len(points), maxGood) {
		best, most := -1, math.Inf(-1)
		above := top // the second value of the picked neighbour on the left
		for at := 0; at < len(byX); {
			// Between two picked neighbours the area is that of a box.
			end := at
			for end < len(byX) && !picked[byX[end]] {
				end++
			}
			until := right
			if end < len(byX) {
				until = points[byX[end]][0]
			}
			for _, i := range byX[at:end] {
				area := float64((until - points[i][0]) * (above - points[i][1]))
				if area > most || area == most && i < best {
					best, most = i, area
				}
			}
			if at = end + 1; end < len(byX) {
				above = points[byX[end]][1]
			}
		}
		picked[best] = true
		order = append(order, best)
	}
	for i := range points {
		if !picked[i] {
			order = append(order, i)
		}
	}
	return order
}

// beyond returns a value a tenth worse than the worst of an objective.
func beyond(points [][]float64, objective int) float64 {
	worst := math.Inf(-1)
	for _, p := range points {
		worst = max(worst, p[objective])
	}
	if worst == 0 {
		return 1e-12
	}
	return max(1.1*worst, 0.9*worst)
}

// crowdingOf returns the crowding distance of each point of a front (Deb et al. 2002,
// section III-B): how far apart its neighbours are in each objective, as a share of the
// front's extent. It is infinite at the ends.
func crowdingOf(points [][]float64) []float64 {
	distance := make([]float64, len(points))
	if len(points) == 0 {
		return nil
	}
	for m := range points[0] {
		order := rising(len(points))
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(points[i][m], points[j][m]) })
		first, last := order[0], order[len(order)-1]
		extent := points[last][m] - points[first][m]
		distance[first], distance[last] = math.Inf(1), math.Inf(1)
		if extent == 0 {
			continue
		}
		for k := 1; k < len(order)-1; k++ {
			distance[order[k]] += (points[order[k+1]][m] - points[order[k-1]][m]) / extent
		}
	}
	return distance
}

// front is a growing Pareto front of minimised points.
type front struct{ points [][]float64 }

// add adds a point, and reports whether no earlier one is as good in all objectives.
func (f *front) add(p []float64) bool {
	goals := toMinimise(len(p))
	asGood := func(q []float64) bool { return medml.Dominates(goals, q, p) || slices.Equal(q, p) }
	if len(p) == 0 || slices.ContainsFunc(f.points, asGood) {
		return false
	}
	// A copy of f keeps what it has.
	kept := slices.DeleteFunc(slices.Clone(f.points), func(q []float64) bool { return medml.Dominates(goals, p, q) })
	f.points = append(kept, p)
	return true
}
