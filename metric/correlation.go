package metric

import (
	"cmp"
	"math"
	"slices"
)

var pearson = Metric{
	Name: "pearson", Task: Regression, Higher: true, Low: -1, High: 1,
	Doc:     "Pearson's correlation of prediction and target; undefined where either is constant",
	Compute: regressed(correlation),
}

var spearman = Metric{
	Name: "spearman", Task: Regression, Higher: true, Low: -1, High: 1,
	Doc: "Spearman's rank correlation of prediction and target; undefined where either is constant",
	Compute: regressed(func(predicted, truth []float64) float64 {
		return correlation(ranks(predicted), ranks(truth))
	}),
}

// correlation returns Pearson's r of x and y, each centred first (Pearson 1895, Proc. R.
// Soc. 58:240).
func correlation(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xx, yy, xy float64
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		xx += float64(dx * dx)
		yy += float64(dy * dy)
		xy += float64(dx * dy)
	}
	if xx == 0 || yy == 0 {
		return math.NaN()
	}
	return max(-1, min(1, xy/float64(math.Sqrt(xx)*math.Sqrt(yy))))
}

// ranks returns each value's rank from 1 on, equal values sharing the mean of theirs
// (Spearman 1904, Am. J. Psychol. 15:72).
func ranks(xs []float64) []float64 {
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(xs[a], xs[b]) })
	out := make([]float64, len(xs))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && xs[order[j]] == xs[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			out[k] = float64(i+1+j) / 2
		}
		i = j
	}
	return out
}
