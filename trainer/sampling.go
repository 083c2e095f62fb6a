package trainer

import "math/rand/v2"

// sampling makes the order in which an epoch takes the rows of a training part.
type sampling struct {
	// byClass are the rows of each class, where every epoch draws as many of each; nil where
	// it takes every row once.
	byClass [][]int
}

// newSampling reads how a trial samples rows, whose classes are given; nil for a regression.
func newSampling(how string, rows []int, labels []int32, classes int) sampling {
	if how != "balanced" || labels == nil {
		return sampling{}
	}
	s := sampling{byClass: make([][]int, classes)}
	for _, row := range rows {
		s.byClass[labels[row]] = append(s.byClass[labels[row]], row)
	}
	// A class that a training part lacks has nothing to give.
	kept := s.byClass[:0]
	for _, c := range s.byClass {
		if len(c) > 0 {
			kept = append(kept, c)
		}
	}
	s.byClass = kept
	return s
}

// reorder sets order, which holds the rows in some order, to those of the next epoch. A
// balanced epoch is as long as a plain one. Of a class with too few rows it takes all, in an
// order of its own, again and again; of one with too many it takes as many as it needs.
func (s *sampling) reorder(order []int, r *rand.Rand) {
	at := 0
	for i, rows := range s.byClass {
		quota := (len(order) - at) / (len(s.byClass) - i)
		for quota > 0 {
			shuffle(rows, r)
			n := copy(order[at:at+quota], rows)
			at, quota = at+n, quota-n
		}
	}
	shuffle(order, r)
}

func shuffle(rows []int, r *rand.Rand) {
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
}
