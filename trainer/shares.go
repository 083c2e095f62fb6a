package trainer

import (
	"math"
	"slices"

	"medml"
	"medml/dataset"
)

// subsets returns the rows of a fold's training part for each of the shares, rising. A
// smaller share's are among a larger one's, and all trials have the same. Each class gives
// its share, rounded, and at least one row.
func (c *Config) subsets(train dataset.Matrix, classes, fold int) [][]int {
	if c.Shares == nil {
		return nil
	}
	strata := make([][]int, max(1, classes))
	for row := range train.Len() {
		class := 0
		if classes > 0 {
			class = int(train.Labels[row])
		}
		strata[class] = append(strata[class], row)
	}
	rng := medml.Stream(c.Seed, "share", fold)
	for _, s := range strata {
		rng.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	}
	subsets := make([][]int, len(c.Shares))
	for i, share := range c.Shares {
		for _, s := range strata {
			n := max(1, int(math.Round(share*float64(len(s)))))
			subsets[i] = append(subsets[i], s[:min(n, len(s))]...)
		}
		slices.Sort(subsets[i])
	}
	return subsets
}

// order returns the rows that a share trains on, rising, in a slice of the caller's own.
func (f *fold) order(share int) []int {
	if share >= 0 && share < len(f.subsets) {
		return slices.Clone(f.subsets[share])
	}
	order := make([]int, f.train.Len())
	for i := range order {
		order[i] = i
	}
	return order
}
