package dataset

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// division is how rows are dealt out: what stays together and what is balanced.
type division struct {
	of *Dataset
	// groups are the patients (or sites) of the examples; nil where each is on its own.
	groups     []int
	stratified bool
}

// division returns how the folds of c deal out rows.
func (d *Dataset) division(c SplitConfig) *division {
	kind := c.folding()
	if kind.scheme != inFolds && kind.scheme != holdOut {
		return &division{of: d, groups: d.Groups, stratified: d.Task == Classification}
	}
	how := &division{of: d, stratified: kind.stratified}
	if kind.grouped {
		how.groups = d.Groups
	}
	return how
}

// divide returns one part of the rows for each share. The shares add up to 1: two of any
// size, or more that are all equal.
func (d *division) divide(rows []int, shares []float64, rng *rand.Rand) [][]int {
	var parts [][]int
	switch {
	case d.groups != nil:
		parts = d.divideGroups(rows, shares, rng)
	case shares[0] == shares[1]:
		parts = deal(d.strata(rows, rng), len(shares))
	default:
		parts = take(d.strata(rows, rng), shares[1])
	}
	for _, p := range parts {
		slices.Sort(p)
	}
	return parts
}

// strata returns the rows of each class, or all of them as one, in random order.
func (d *division) strata(rows []int, rng *rand.Rand) [][]int {
	strata := [][]int{slices.Clone(rows)}
	if d.stratified {
		strata = make([][]int, len(d.of.Classes))
		for _, i := range rows {
			strata[d.of.label(i)] = append(strata[d.of.label(i)], i)
		}
	}
	for _, s := range strata {
		rng.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	}
	return strata
}

// deal deals the rows out to n parts like cards. Each stratum goes on where the last one
// ended, so that both the parts' sizes and their shares of every stratum are within 1.
func deal(strata [][]int, n int) [][]int {
	parts := make([][]int, n)
	next := 0
	for _, stratum := range strata {
		for _, i := range stratum {
			parts[next] = append(parts[next], i)
			next = (next + 1) % n
		}
	}
	return parts
}

// take divides the rows in two, the second with the given share. Its size is the share of
// the whole, rounded; each stratum gives its share rounded down, and those with the
// largest remainders one more.
func take(strata [][]int, share float64) [][]int {
	type quota struct {
		stratum, rows int
		remainder     float64
	}
	quotas := make([]quota, len(strata))
	total, left := 0, 0
	for i, s := range strata {
		exact := float64(share * float64(len(s)))
		whole := math.Floor(exact)
		quotas[i] = quota{i, int(whole), exact - whole}
		total += len(s)
		left -= int(whole)
	}
	left += int(math.Round(share * float64(total)))
	slices.SortStableFunc(quotas, func(a, b quota) int { return cmp.Compare(b.remainder, a.remainder) })
	parts := make([][]int, 2)
	for i, q := range quotas {
		if i < left {
			q.rows++
		}
		s := strata[q.stratum]
		parts[1] = append(parts[1], s[:q.rows]...)
		parts[0] = append(parts[0], s[q.rows:]...)
	}
	return parts
}
