package dataset

import (
	"fmt"
	"slices"
	"strings"
)

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

// checkOwnTest returns an error where the test part that the source has is everything, or
// an external file lacks a class.
func (d *Dataset) checkOwnTest(rest, test []int) error {
	if len(rest) == 0 {
		return &FieldError{"split.test", fmt.Sprintf("%s: all are in the source's own test part", count(len(test), "example"))}
	}
	if d.external == 0 {
		return nil
	}
	of := d.Counts(rest)
	for class, n := range d.Counts(test) {
		switch {
		case n == 0:
			return &FieldError{"split.external", fmt.Sprintf("class %q is not in the external file", d.Classes[class])}
		case of[class] == 0:
			return &FieldError{"split.external", fmt.Sprintf("class %q is in the external file alone", d.Classes[class])}
		}
	}
	return nil
}

// checkEnough returns an error where there are fewer patients, examples or examples of a
// class than folds.
func (d *division) checkEnough(rest []int, folds int, field string) error {
	beside := " beside the test part"
	if len(rest) == d.of.Len() {
		beside = ""
	}
	if n := d.of.patients(rest); n < folds {
		return &FieldError{field, fmt.Sprintf("%s%s, fewer than %d folds", count(n, d.of.unit()), beside, folds)}
	}
	if !d.stratified {
		return nil
	}
	for class, n := range d.of.Counts(rest) {
		if n < folds {
			return &FieldError{field, fmt.Sprintf("class %q has %s%s, fewer than %d folds", d.of.Classes[class], count(n, "example"), beside, folds)}
		}
	}
	return nil
}

// checkFolds returns an error where a part is empty or lacks a class.
func (d *Dataset) checkFolds(folds []Fold, field string) error {
	return d.checkParts(folds, field, true)
}

// checkTrained returns an error where a part is empty or a training part lacks a class.
func (d *Dataset) checkTrained(folds []Fold, field string) error {
	return d.checkParts(folds, field, false)
}

func (d *Dataset) checkParts(folds []Fold, field string, valid bool) error {
	for k, f := range folds {
		rest := d.Counts(slices.Concat(f.Train, f.Valid))
		for i, rows := range [...][]int{f.Train, f.Valid} {
			part := fmt.Sprintf("the %s part of fold %d", [...]string{"training", "validation"}[i], k+1)
			if len(rows) == 0 {
				return &FieldError{field, fmt.Sprintf("%s: too few, %s is empty", d.all(), part)}
			}
			if i == 1 && !valid {
				continue
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

// checkPatients returns an error where a patient is on both sides of a split. It names
// the patient's examples and not the patient.
func (d *Dataset) checkPatients(s Splits) error {
	if d.Groups == nil {
		return nil
	}
	for k, f := range s.Folds {
		if here, there := d.straddling(f.Train, f.Valid); here != nil {
			return straddle(fmt.Sprintf("the training part of fold %d", k+1), here, "its validation part", there)
		}
		if here, there := d.straddling(slices.Concat(f.Train, f.Valid), s.Test); here != nil {
			return straddle("the development part", here, "the test part", there)
		}
	}
	return nil
}

func straddle(here string, rows []int, there string, others []int) error {
	return &FieldError{"split", fmt.Sprintf("a patient is on two sides: %s in %s, %s in %s", examples(rows), here, examples(others), there)}
}

// straddling returns the rows of the first patient who has some on each side.
func (d *Dataset) straddling(here, there []int) (a, b []int) {
	at := map[int]bool{}
	for _, i := range here {
		at[d.Groups[i]] = true
	}
	first := slices.IndexFunc(there, func(i int) bool { return at[d.Groups[i]] })
	if first < 0 {
		return nil, nil
	}
	patient := d.Groups[there[first]]
	of := func(rows []int) (own []int) {
		for _, i := range rows {
			if d.Groups[i] == patient {
				own = append(own, i)
			}
		}
		return sorted(own)
	}
	return of(here), of(there)
}

// examples names rows, counted from 1: the first few of them.
func examples(rows []int) string {
	const most = 5
	var b strings.Builder
	b.WriteString("example ")
	if len(rows) > 1 {
		b.Reset()
		b.WriteString("examples ")
	}
	for k, i := range rows {
		if k == most {
			fmt.Fprintf(&b, " and %d more", len(rows)-most)
			break
		}
		if k > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d", i+1)
	}
	return b.String()
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
