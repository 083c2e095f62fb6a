package metric

import (
	"cmp"
	"math"
	"slices"
)

const constant = "the target or the prediction is constant"

var pearson = judge(Metric{
	Name: "pearson", Task: Regression, Higher: true, Low: -1, High: 1, undefined: constant,
	Doc: "Pearson's correlation of prediction and target; undefined where either is constant",
}, numbers, func(p Predictions) value {
	predicted, width := p.single(), p.width()
	return func(w []int32) float64 { return correlation(predicted, p.Targets, w, width) }
})

var spearman = judge(Metric{
	Name: "spearman", Task: Regression, Higher: true, Low: -1, High: 1, undefined: constant,
	Doc: "Spearman's rank correlation of prediction and target; undefined where either is constant",
}, numbers, func(p Predictions) value {
	width := p.width()
	x, y := newRanks(p.single(), width), newRanks(p.Targets, width)
	return func(w []int32) float64 { return correlation(x.of(w), y.of(w), w, width) }
})

// correlation returns Pearson's r of x and y, each centred first (Pearson 1895, Proc. R.
// Soc. 58:240).
func correlation(x, y []float64, w []int32, width int) float64 {
	mx, my := weightedMean(x, w, width), weightedMean(y, w, width)
	var xx, yy, xy float64
	for i := range x {
		times := float64(w[i/width])
		dx, dy := x[i]-mx, y[i]-my
		xx += float64(times * float64(dx*dx))
		yy += float64(times * float64(dy*dy))
		xy += float64(times * float64(dx*dy))
	}
	if xx == 0 || yy == 0 {
		return math.NaN()
	}
	return max(-1, min(1, xy/float64(math.Sqrt(xx)*math.Sqrt(yy))))
}

// ranks are numbers of which each row has width, in order.
type ranks struct {
	xs    []float64
	order []int // from the lowest up
	width int
	out   []float64
}

func newRanks(xs []float64, width int) ranks {
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(xs[a], xs[b]) })
	return ranks{xs, order, width, make([]float64, len(xs))}
}

// of returns each number's rank from 1 on, equal ones sharing the mean of theirs (Spearman
// 1904, Am. J. Psychol. 15:72), where each row counts as often as its weight says.
func (r ranks) of(w []int32) []float64 {
	below := 0
	for i := 0; i < len(r.order); {
		j, ties := i, 0
		for j < len(r.order) && r.xs[r.order[j]] == r.xs[r.order[i]] {
			ties += int(w[r.order[j]/r.width])
			j++
		}
		for _, k := range r.order[i:j] {
			r.out[k] = float64(2*below+ties+1) / 2
		}
		below += ties
		i = j
	}
	return r.out
}
