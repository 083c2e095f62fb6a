package medml

import "slices"

// Fronts returns for each of the points on which front it stands, from 0: front i is the
// Pareto front of what is left without the fronts before it. A point holds a value for each
// goal; a NaN is worse than any number.
//
// It is the efficient non-dominated sort with binary search (Zhang, Tian, Cheng and Jin, An
// Efficient Approach to Nondominated Sorting, 2015): with two goals in O(n log n), with
// more in O(n²) at worst.
func Fronts(goals []Goal, points [][]float64) []int {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compareInTurn(goals, points[i], points[j]) })
	// In this order no point is dominated by a later one, so it belongs to the first front
	// without a point that dominates it. If a front has such a point, all before it have.
	of := make([]int, len(points))
	var fronts [][]int
	for _, i := range order {
		at, _ := slices.BinarySearchFunc(fronts, 0, func(front []int, _ int) int {
			if frontDominates(goals, points, front, points[i]) {
				return -1
			}
			return 1
		})
		if at == len(fronts) {
			fronts = append(fronts, nil)
		}
		fronts[at] = append(fronts[at], i)
		of[i] = at
	}
	return of
}

// frontDominates reports whether a point of the front, all of which come before p in turn,
// dominates p. With two goals the last of them has the best second value, so that it alone
// counts.
func frontDominates(goals []Goal, points [][]float64, front []int, p []float64) bool {
	for i := len(front) - 1; i >= 0; i-- {
		if Dominates(goals, points[front[i]], p) {
			return true
		}
		if len(goals) <= 2 {
			return false
		}
	}
	return false
}

// compareInTurn is negative if a is better than b in the first goal in which they differ.
func compareInTurn(goals []Goal, a, b []float64) int {
	for i, g := range goals {
		if c := compareValues(g.Direction, a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}
