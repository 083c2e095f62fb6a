package metric

import "slices"

// point says how many positive and how many negative examples score at least some
// threshold.
type point struct{ tp, fp int }

// curve returns the points of the distinct scores, from the highest down: the last has
// all positives and all negatives. Examples of class c are the positives. Equal scores
// make one point, so the order of the examples doesn't matter.
func curve(scores []float64, labels []int32, c int) []point {
	type example struct {
		score    float64
		positive bool
	}
	ranked := make([]example, len(scores))
	for i, s := range scores {
		ranked[i] = example{s, int(labels[i]) == c}
	}
	slices.SortFunc(ranked, func(a, b example) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	var points []point
	var at point
	for i, e := range ranked {
		if e.positive {
			at.tp++
		} else {
			at.fp++
		}
		if i+1 == len(ranked) || ranked[i+1].score != e.score {
			points = append(points, at)
		}
	}
	return points
}
