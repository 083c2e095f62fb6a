package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/c-bata/goptuna"
)

// wilcoxon stops a cross-validated trial at the end of a fold when the folds so far make it
// implausible that it will beat the best trial it sees: by Wilcoxon's signed-rank test
// (Individual Comparisons by Ranking Methods, 1945) of its folds against the same folds of
// the best, one-sided, as in Optuna's pruner of that name. It is never stopped while the
// mean of its folds is as good as the best trial's. Folds with equal values say nothing.
//
// The folds of a cross-validation share their training data, so p is a measure of evidence
// and no error rate.
type wilcoxon struct {
	threshold float64
	least     int // folds before anything is pruned
	folds     int // of a trial; after the last of them there is nothing to save
	epochs    int // of a fold
}

func newWilcoxon(c Config) (pruner, faults) {
	w := wilcoxon{c.Pruner.Threshold, c.Pruner.MinFolds, c.Folds, c.Epochs}
	if w.threshold == 0 {
		w.threshold = 0.1
	}
	needed := 1
	for p := 0.5; p >= w.threshold; p /= 2 {
		needed++
	}
	w.least = max(w.least, needed)
	var f faults
	switch {
	case c.Epochs < 1:
		f.add("pruner.name", "wilcoxon needs to know how many epochs a fold has")
	case w.least >= c.Folds:
		f.add("pruner.p_threshold", "is %v: wilcoxon would prune after %d folds at the earliest, and a trial has %d", w.threshold, w.least, c.Folds)
	}
	return pruner{fmt.Sprintf("wilcoxon (p below %v, from fold %d)", w.threshold, w.least), w}, f
}

// Prune judges the trial if a fold of it has just ended.
func (w wilcoxon) Prune(s *goptuna.Study, t goptuna.FrozenTrial) (bool, error) {
	seen, err := pastOf(s, nil, t.Number)
	if err != nil {
		return false, err
	}
	own := &seen.trials[t.Number]
	last, ok := own.last()
	if n := len(own.folds); !ok || n < w.least || n == w.folds || last.step != n*w.epochs {
		return false, nil
	}
	best, ok := seen.bestWithFolds(len(own.folds))
	if !ok {
		return false, nil
	}
	worse, sum := make([]float64, len(own.folds)), 0.0
	for i, v := range own.folds {
		if v != v {
			return true, nil // the trial will have no value
		}
		worse[i] = v - best[i]
		sum += worse[i]
	}
	return sum > 0 && signedRankP(worse) < w.threshold, nil
}

// bestWithFolds returns the first n folds of the best complete trial that is seen and meets
// the constraints, the earliest among equals. It is false if that trial hasn't so many.
func (p *past) bestWithFolds(n int) ([]float64, bool) {
	for _, i := range p.ranked() {
		t := &p.trials[i]
		if t.class() != completeClass {
			break
		}
		if int(i) >= p.warm {
			return t.folds[:min(n, len(t.folds))], len(t.folds) >= n
		}
	}
	return nil, false
}

// signedRankP returns the probability that the ranks of the positive differences have a sum
// as large as they have, if either sign were as likely for each difference. Zeros are left
// out; equal magnitudes share their mean rank. It is exact: all 2ⁿ signs are counted.
func signedRankP(differences []float64) float64 {
	var d []float64
	for _, x := range differences {
		if x != 0 && x == x {
			d = append(d, x)
		}
	}
	slices.SortFunc(d, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	doubled, sum, positive := make([]int, len(d)), 0, 0 // twice the ranks are whole
	for i := 0; i < len(d); {
		j := i
		for j < len(d) && math.Abs(d[j]) == math.Abs(d[i]) {
			j++
		}
		for k := i; k < j; k++ {
			doubled[k] = i + 1 + j
			sum += doubled[k]
			if d[k] > 0 {
				positive += doubled[k]
			}
		}
		i = j
	}
	// share[s] is the probability that the positive ranks sum to s.
	share := make([]float64, sum+1)
	share[0] = 1
	for _, rank := range doubled {
		for s := sum; s >= 0; s-- {
			share[s] /= 2
			if s >= rank {
				share[s] += share[s-rank] / 2
			}
		}
	}
	p := 0.0
	for s := sum; s >= positive; s-- {
		p += share[s]
	}
	return p
}
