package dataset

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// splitNested tests on one outer fold and divides the rest into inner folds: the outer
// loop of nested cross-validation (Varma & Simon 2006, BMC Bioinformatics 7:91) is a study
// for each outer fold.
func (d *Dataset) splitNested(how *division, c SplitConfig, rng *rand.Rand) (Splits, error) {
	all := without(d.Len(), nil)
	if err := how.checkEnough(all, c.Folds, "split.folds"); err != nil {
		return Splits{}, err
	}
	outer := how.divideEqually(all, c.Folds, rng)
	for i, test := range outer { // an unfit fold is unfit for every study
		if err := d.checkTest(others(outer, i), test); err != nil {
			return Splits{}, err
		}
	}
	test, rest := outer[c.Outer-1], others(outer, c.Outer-1)
	inner := c
	inner.Folds = c.Inner
	folds, err := d.develop(how, rest, inner, rng)
	return Splits{Test: test, Folds: folds}, err
}

// splitPredefined takes the parts that the source has or a column names.
func (d *Dataset) splitPredefined(how *division, c SplitConfig, rng *rand.Rand) (Splits, error) {
	parts := d.Parts
	switch {
	case c.Column != "":
		var err error
		if parts, err = d.partsByColumn(c.Column); err != nil {
			return Splits{}, err
		}
	case parts == nil:
		return Splits{}, &FieldError{"split.kind", "the source has no parts of its own: expected column, which names them"}
	}
	rows := [3][]int{{}, {}, {}}
	for i, p := range parts {
		rows[p] = append(rows[p], i)
	}
	s := Splits{Test: rows[InTest]}
	if c.Folds > 0 {
		var err error
		s.Folds, err = d.develop(how, others(rows[:], int(InTest)), c, rng)
		return s, err
	}
	if len(rows[InValid]) == 0 {
		return s, &FieldError{"split.folds", "there is no validation part: expected how many folds the training part is divided in"}
	}
	s.Folds = []Fold{{Train: rows[InTrain], Valid: rows[InValid]}}
	return s, d.checkFolds(s.Folds, "split.kind")
}

// partWords are the words for each part in lower case.
var partWords = map[string]Part{
	"train": InTrain, "training": InTrain,
	"valid": InValid, "validation": InValid, "val": InValid,
	"test": InTest, "testing": InTest,
}

func (d *Dataset) partsByColumn(name string) ([]Part, error) {
	words, err := d.wordsOf(name)
	if err != nil {
		return nil, err
	}
	parts := make([]Part, d.Len())
	for i, w := range words.codes {
		word := words.names[w]
		part, ok := partWords[strings.ToLower(word)]
		if !ok {
			return nil, &FieldError{"split.column", fmt.Sprintf("example %d has %s in column %s: expected train, valid or test", i+1, quoted(word), oneLine(name))}
		}
		parts[i] = part
	}
	return parts, nil
}

// maxLeftOut is the most patients or sites that are left out in turn: each is a training.
const maxLeftOut = 200

// leaveGroupsOut has each patient, or each word of a column, validate in turn. Whole ones
// are tested on, too.
func (d *Dataset) leaveGroupsOut(c SplitConfig, rng *rand.Rand) (Splits, error) {
	how := &division{of: d, groups: d.Groups, stratified: d.Task == Classification}
	field, unit := "split.kind", "patient"
	if c.Column != "" {
		words, err := d.wordsOf(c.Column)
		if err != nil {
			return Splits{}, err
		}
		how.groups, field, unit = words.codes, "split.column", "value"
	}
	rest, test, err := d.lockAway(how, c, rng)
	if err != nil {
		return Splits{}, err
	}
	groups := (&division{of: d, groups: how.groups}).patientsOf(rest)
	switch n := len(groups); {
	case n < 2:
		return Splits{}, &FieldError{field, fmt.Sprintf("%s beside the test part: expected at least 2 to leave out in turn", count(n, unit))}
	case n > maxLeftOut:
		return Splits{}, &FieldError{field, fmt.Sprintf("%s beside the test part, and leaving out each is a training: expected at most %d, or %s",
			count(n, unit), maxLeftOut, splitKind{grouped: true, stratified: how.stratified}.name())}
	}
	parts := make([][]int, len(groups))
	for i, g := range groups {
		parts[i] = g.rows
	}
	s := Splits{Test: test, Folds: foldsOf(parts)}
	return s, d.checkTrained(s.Folds, field)
}

// wordColumn is an attribute as words, one for each example.
type wordColumn struct {
	names []string
	codes []int // [example]
}

// wordsOf returns an attribute without a missing value, as words.
func (d *Dataset) wordsOf(name string) (wordColumn, error) {
	a, ok := d.Attribute(name)
	if !ok {
		return wordColumn{}, &FieldError{"split.column", fmt.Sprintf("the dataset was read without column %q", name)}
	}
	w := wordColumn{codes: make([]int, d.Len())}
	number := map[string]int{}
	for i := range w.codes {
		word := a.cell(i)
		if word == "" {
			return w, &FieldError{"split.column", fmt.Sprintf("example %d has no value in column %s", i+1, oneLine(name))}
		}
		code, known := number[word]
		if !known {
			code = len(w.names)
			number[word], w.names = code, append(w.names, word)
		}
		w.codes[i] = code
		if len(w.names) > maxWords {
			return w, &FieldError{"split.column", fmt.Sprintf("column %s has more than %d different values", oneLine(name), maxWords)}
		}
	}
	return w, nil
}

// maxWords bounds the different values of a column that a split goes by.
const maxWords = 10_000
