package dataset

import (
	"math"
	"slices"
	"sort"

	"medml/internal/elementary"
)

// mostLevels is how many quantiles of a feature are kept.
const mostLevels = 1000

// ladder maps a value to the share of the training part below it: between two of its
// levels, quantiles of the training part at even shares from 0 to 1, it is interpolated; a
// value on several levels gets the middle of their shares, as scikit-learn's
// QuantileTransformer has it. Below the least it is 0, above the largest 1.
type ladder []float64

// newLadder takes the levels of the values, at least one.
func newLadder(xs []float64) ladder {
	sorted := slices.Sorted(slices.Values(xs))
	n := min(mostLevels, len(sorted))
	levels := make(ladder, n)
	for i := range levels {
		levels[i] = quantile(sorted, share(i, n))
		if i > 0 {
			levels[i] = max(levels[i], levels[i-1]) // rounding doesn't turn the order
		}
	}
	return levels
}

// share is what stands for level i of n.
func share(i, n int) float64 {
	if n == 1 {
		return 0
	}
	return float64(i) / float64(n-1)
}

// at returns the share below x, from 0 to 1.
func (l ladder) at(x float64) float64 {
	n := len(l)
	switch {
	case !(x > l[0]): // or no number
		return 0
	case x >= l[n-1]:
		return 1
	}
	first := sort.Search(n, func(i int) bool { return l[i] >= x })
	if l[first] > x {
		part := (x - l[first-1]) / (l[first] - l[first-1])
		return (float64(first-1) + part) / float64(n-1)
	}
	last := sort.Search(n, func(i int) bool { return l[i] > x }) - 1
	return float64(first+last) / 2 / float64(n-1)
}

// normal returns the standard normal's quantile of a share, between those of 1e-7 and of
// 1−1e-7.
func normal(share float64) float64 {
	const end = 1e-7
	return elementary.NormQuantile(math.Max(end, math.Min(1-end, share)))
}

// isBinary reports whether there are no more than two different values.
func isBinary(xs []float64) bool {
	second := xs[0]
	for _, x := range xs {
		switch {
		case x == xs[0] || x == second:
		case second == xs[0]:
			second = x
		default:
			return false
		}
	}
	return true
}
