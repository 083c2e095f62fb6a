package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Splits are the parts of a dataset as indices of examples, ascending. The test part and
// the validation parts of a k-fold split are disjoint and together hold every example.
type Splits struct {
	// Test is locked away: nothing is learnt or chosen on it.
	Test []int `json:"test"`
	// Folds divide the rest; a hold-out split has one.
	Folds []Fold `json:"folds"`
}

// Fold is one division of the development part.
type Fold struct {
	Train []int `json:"train"`
	Valid []int `json:"valid"`
}

// Split divides the examples as c says, with what is random drawn from rng: first the
// test part, which doesn't depend on how the rest is divided, then the folds.
//
// Ungrouped folds differ by one example at most. A stratified part has, of each class,
// its exact share within one example. A grouped split keeps the examples of a patient
// together and comes as near to the shares as the patients' sizes let a greedy choice.
//
// The error is a [*FieldError] where a part would be empty or, in a classification,
// would lack a class.
func (d *Dataset) Split(c SplitConfig, rng *rand.Rand) (Splits, error) {
	c = c.resolved(d.Task, d.Groups != nil)
	var found mistakes
	if c.validate(&found, d.Task, d.Groups != nil); len(found) > 0 {
		return Splits{}, errors.Join(found...)
	}
	kind := splitKinds[c.Kind]
	all := make([]int, d.Len())
	for i := range all {
		all[i] = i
	}
	rest, test, err := d.lockAway(all, kind, *c.Test, rng)
	if err != nil {
		return Splits{}, err
	}
	s := Splits{Test: test}
	if !kind.folds {
		parts := d.divide(rest, kind, []float64{1 - c.Valid, c.Valid}, rng)
		s.Folds = []Fold{{Train: parts[0], Valid: parts[1]}}
		return s, d.checkFolds(s.Folds, "split.valid")
	}
	if err := d.checkEnough(rest, c, kind); err != nil {
		return Splits{}, err
	}
	shares := slices.Repeat([]float64{1 / float64(c.Folds)}, c.Folds)
	parts := d.divide(rest, kind, shares, rng)
	for i := range parts {
		others := slices.Concat(slices.Concat(parts[:i]...), slices.Concat(parts[i+1:]...))
		slices.Sort(others)
		s.Folds = append(s.Folds, Fold{Train: others, Valid: parts[i]})
	}
	return s, d.checkFolds(s.Folds, "split.folds")
}

// lockAway takes the test part from the rows: nothing, where its share is 0.
func (d *Dataset) lockAway(all []int, kind splitKind, share float64, rng *rand.Rand) (rest, test []int, err error) {
	if share == 0 {
		return all, []int{}, nil
	}
	parts := d.divide(all, kind, []float64{1 - share, share}, rng)
	return parts[0], parts[1], d.checkTest(parts[0], parts[1])
}

// divide returns one part of the rows for each share. The shares add up to 1: two of any
// size, or more that are all equal.
func (d *Dataset) divide(rows []int, kind splitKind, shares []float64, rng *rand.Rand) [][]int {
	var parts [][]int
	switch {
	case kind.grouped:
		parts = d.divideGroups(rows, kind.stratified, shares, rng)
	case shares[0] == shares[1]:
		parts = deal(d.strata(rows, kind.stratified, rng), len(shares))
	default:
		parts = take(d.strata(rows, kind.stratified, rng), shares[1])
	}
	for _, p := range parts {
		slices.Sort(p)
	}
	return parts
}

// strata returns the rows of each class, or all of them as one, in random order.
func (d *Dataset) strata(rows []int, stratified bool, rng *rand.Rand) [][]int {
	strata := [][]int{slices.Clone(rows)}
	if stratified {
		strata = make([][]int, len(d.Classes))
		for _, i := range rows {
			strata[d.labels[i]] = append(strata[d.labels[i]], i)
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

// checkTest returns an error where the test part or the rest is empty, or the test part
// lacks a class.
func (d *Dataset) checkTest(rest, test []int) error {
	if len(test) == 0 || len(rest) == 0 {
		return &FieldError{"split.test", fmt.Sprintf("%s: too few for a test part and a rest", d.all())}
	}
	of := d.Counts(rest)
	for class, n := range d.Counts(test) {
		if n == 0 {
			return &FieldError{"split.test", fmt.Sprintf("class %q has %s, and none is in the test part", d.Classes[class], count(of[class], "example"))}
		}
	}
	return nil
}

// checkEnough returns an error where there are fewer patients, examples or examples of a
// class than folds.
func (d *Dataset) checkEnough(rest []int, c SplitConfig, kind splitKind) error {
	if n := d.patients(rest); n < c.Folds {
		return &FieldError{"split.folds", fmt.Sprintf("%s beside the test part, fewer than %d folds", count(n, d.unit()), c.Folds)}
	}
	if !kind.stratified {
		return nil
	}
	for class, n := range d.Counts(rest) {
		if n < c.Folds {
			return &FieldError{"split.folds", fmt.Sprintf("class %q has %s beside the test part, fewer than %d folds", d.Classes[class], count(n, "example"), c.Folds)}
		}
	}
	return nil
}

// checkFolds returns an error where a part is empty or lacks a class.
func (d *Dataset) checkFolds(folds []Fold, field string) error {
	for k, f := range folds {
		rest := d.Counts(slices.Concat(f.Train, f.Valid))
		for i, rows := range [...][]int{f.Train, f.Valid} {
			part := fmt.Sprintf("the %s part of fold %d", [...]string{"training", "validation"}[i], k+1)
			if len(rows) == 0 {
				return &FieldError{field, fmt.Sprintf("%s: too few, %s is empty", d.all(), part)}
			}
			for class, n := range d.Counts(rows) {
				if n == 0 {
					return &FieldError{field, fmt.Sprintf("class %q has %s beside the test part, and none is in %s",
						d.Classes[class], count(rest[class], "example"), part)}
				}
			}
		}
	}
	return nil
}

// all says how many patients or examples there are.
func (d *Dataset) all() string {
	if d.Groups == nil {
		return count(d.Len(), d.unit())
	}
	return count(1+slices.Max(d.Groups), d.unit())
}

// unit is what a split keeps whole.
func (d *Dataset) unit() string {
	if d.Groups == nil {
		return "example"
	}
	return "patient"
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// patients counts the patients among the rows; a row without one is its own.
func (d *Dataset) patients(rows []int) int {
	if d.Groups == nil {
		return len(rows)
	}
	seen := map[int]bool{}
	for _, i := range rows {
		seen[d.Groups[i]] = true
	}
	return len(seen)
}
