package metric

import "slices"

// point says how many positive and how many negative examples score at least some
// threshold.
type point struct{ tp, fp int }

// ranking is the examples from the highest score down, sorted once for as many curves as
// are asked for.
type ranking struct {
	row      []int32   // [n] where each example stands in the predictions
	score    []float64 // [n]
	positive []bool    // [n]
	last     []bool    // [n] whether it is the last of equal scores
	at       []point   // scratch
}

// rank sorts examples by score. Those of class c are the positives.
func rank(scores []float64, labels []int32, c int) ranking {
	rows := make([]int32, len(scores))
	for i := range rows {
		rows[i] = int32(i)
	}
	return rankRows(rows, scores, func(row int32) bool { return int(labels[row]) == c })
}

// rankRows is rank of some rows alone.
func rankRows(rows []int32, scores []float64, positive func(row int32) bool) ranking {
	slices.SortFunc(rows, func(a, b int32) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return int(a) - int(b)
	})
	n := len(rows)
	r := ranking{row: rows, score: make([]float64, n), positive: make([]bool, n), last: make([]bool, n), at: make([]point, 0, n)}
	for i, row := range rows {
		r.score[i], r.positive[i] = scores[row], positive(row)
		r.last[i] = i+1 == n || scores[rows[i+1]] != scores[row]
	}
	return r
}

// points returns the points of the distinct scores, from the highest down, each row
// counting as often as its weight says: the last has all positives and all negatives.
// Equal scores make one point, so the order of the examples doesn't matter; a score that
// no row counts for makes none. The slice is good until the next call.
func (r *ranking) points(w []int32) []point {
	points := r.at[:0]
	var at, before point
	for i, row := range r.row {
		if r.positive[i] {
			at.tp += int(w[row])
		} else {
			at.fp += int(w[row])
		}
		if r.last[i] && at != before {
			points = append(points, at)
			before = at
		}
	}
	r.at = points
	return points
}

// curve returns the points of the distinct scores with every example counting once.
func curve(scores []float64, labels []int32, c int) []point {
	r := rank(scores, labels, c)
	return r.points(once(len(scores)))
}
