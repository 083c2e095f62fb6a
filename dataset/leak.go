package dataset

import (
	"fmt"
	"strings"
)

// LeakKind says what of a training part is also where it is judged.
type LeakKind string

// The kinds of leak. A patient on two sides is an error; examples that are alike may be
// two patients with the same values, and are for a reader to judge.
const (
	PatientLeak   LeakKind = "patient"
	DuplicateLeak LeakKind = "duplicate"
	LookalikeLeak LeakKind = "near-duplicate"
)

// likeness is a reason for which two examples on two sides of a split are a leak.
type likeness struct {
	kind LeakKind
	// of returns a number for each example, the same for examples that are alike; nil where
	// the dataset knows no such likeness.
	of func(*Dataset) []int
}

// likenesses is the table of them.
var likenesses = []likeness{
	{PatientLeak, func(d *Dataset) []int { return d.Groups }},
	{DuplicateLeak, (*Dataset).twins},
	{LookalikeLeak, func(d *Dataset) []int { return d.Lookalikes(d.nearDistance()) }},
}

// Leak says that examples are judged on which are like some that were trained on.
type Leak struct {
	Kind LeakKind `json:"kind"`
	// Part is "test" or "validation".
	Part string `json:"part"`
	// Examples is how many of that part are like one that is trained on: of a fold's
	// validation part, like one of that fold's training part.
	Examples int `json:"examples"`
	// Pairs are the first few, counted from 1: the one trained on, and the one judged on.
	Pairs [][2]int `json:"pairs"`
}

// Fatal reports whether the leak makes a split worthless.
func (l Leak) Fatal() bool { return l.Kind == PatientLeak }

// String says it in a line.
func (l Leak) String() string {
	var pairs []string
	for _, p := range l.Pairs {
		pairs = append(pairs, fmt.Sprintf("%d and %d", p[0], p[1]))
	}
	if l.Examples > len(l.Pairs) {
		pairs = append(pairs, "…")
	}
	part := l.Part + " part"
	if l.Part == "validation" {
		part = "validation parts"
	}
	what := map[LeakKind]string{
		PatientLeak:   "of a patient who is trained on, too",
		DuplicateLeak: "with the same features as one that is trained on",
		LookalikeLeak: "nearly or quite the same to look at as one that is trained on",
	}[l.Kind]
	return fmt.Sprintf("%s in the %s %s (%s)", count(l.Examples, "example"), part, what, strings.Join(pairs, ", "))
}

// Check looks for what a split gives away: patients on two sides, and examples that are
// the same. It reads no label.
func (d *Dataset) Check(s Splits) []Leak {
	leaks := []Leak{}
	for _, like := range likenesses {
		numbers := like.of(d)
		if numbers == nil {
			continue
		}
		if l := leakage(numbers, s.Folds); l.Examples > 0 {
			l.Kind, l.Part = like.kind, "validation"
			leaks = append(leaks, l)
		}
		tested := Fold{Train: without(d.Len(), s.Test), Valid: s.Test}
		if l := leakage(numbers, []Fold{tested}); l.Examples > 0 {
			l.Kind, l.Part = like.kind, "test"
			leaks = append(leaks, l)
		}
	}
	return leaks
}

// leakage counts the examples that validate, in any fold, what trained on their like.
func leakage(numbers []int, folds []Fold) Leak {
	const most = 3
	var l Leak
	counted := map[int]bool{}
	for _, f := range folds {
		trained := make(map[int]int, len(f.Train)) // the first example of each number
		for _, i := range f.Train {
			if _, ok := trained[numbers[i]]; !ok {
				trained[numbers[i]] = i
			}
		}
		for _, i := range f.Valid {
			twin, ok := trained[numbers[i]]
			if !ok || counted[i] {
				continue
			}
			counted[i] = true
			if l.Examples++; l.Examples <= most {
				l.Pairs = append(l.Pairs, [2]int{twin + 1, i + 1})
			}
		}
	}
	return l
}
