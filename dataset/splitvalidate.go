package dataset

import (
	"slices"

	"medml/internal/nearest"
)

// maxFolds bounds the trainings of one trial.
const maxFolds = 1000

// validate finds the mistakes of a resolved c that can be found without the data.
func (c SplitConfig) validate(found *mistakes, task Task, p patients) {
	kind, ok := splitKinds[c.Kind]
	if !ok && c.Kind != "" {
		found.add("split.kind", "unknown kind of split %q%s", c.Kind, nearest.Hint(c.Kind, names(splitKinds)))
		return
	}
	c.validateBalance(found, "split.kind", c.Kind, kind, task, p)
	c.validateTaken(found, kind.scheme)
	c.validateBase(found, task, p)
	c.validateNumbers(found, kind.scheme)
	c.validateTest(found, kind.scheme)
	switch {
	case kind.scheme == byTime && c.Column == "":
		found.add("split.column", "missing: expected the column of the time")
	case kind.scheme == leaveGroupOut && c.Column == "" && p == noPatients:
		found.add("split.column", "missing: expected the column of what is left out in turn, or group, the column that names the patient")
	case kind.scheme == external && c.External == "":
		found.add("split.external", "missing: expected the path of a file from elsewhere")
	}
}

// validateBalance holds what a kind balances and keeps together against what there is.
func (c SplitConfig) validateBalance(found *mistakes, field, name string, kind splitKind, task Task, p patients) {
	if kind.scheme != inFolds && kind.scheme != holdOut || name == "" {
		return
	}
	switch {
	case kind.stratified && task != Classification:
		found.add(field, "%q balances classes, and a %s has none", name, task)
	case kind.grouped && p == noPatients:
		found.add(field, "%q keeps patients together: expected group, the column that names the patient", name)
	case !kind.grouped && p == havePatients:
		kind.grouped = true
		found.add(field, "%q would put a patient on two sides: expected %s", name, kind.name())
	}
}

// validateTaken finds fields that the scheme has no use for.
func (c SplitConfig) validateTaken(found *mistakes, s scheme) {
	for _, f := range []struct {
		name string
		set  bool
		why  string
	}{
		{"folds", c.Folds != 0, "a %s has no folds"},
		{"valid", c.Valid != 0, "a %s validates on each fold in turn and has no validation share"},
		{"repeats", c.Repeats > 1, "a %s split comes out the same every time"},
		{"pool", c.Pool, "a %s split goes by the parts"},
		{"column", c.Column != "", "a %s split needs no column"},
		{"base", c.Base != "", "a %s split is of no other kind"},
		{"inner", c.Inner != 0, "a %s split has no inner folds"},
		{"outer", c.Outer != 0, "a %s split has no outer folds"},
		{"external", c.External != "", "the test part of a %s split is not another file"},
	} {
		if f.set && !slices.Contains(takes[s], f.name) {
			found.add("split."+f.name, f.why, c.Kind)
		}
	}
	if s == predefined && c.Repeats > 1 && c.Folds == 0 {
		found.add("split.repeats", "a predefined split without folds comes out the same every time")
	}
	if s == predefined && c.Base != "" && c.Folds == 0 {
		found.add("split.base", "a predefined split without folds is of no other kind")
	}
}

func (c SplitConfig) validateBase(found *mistakes, task Task, p patients) {
	if c.Base == "" {
		return
	}
	kind, ok := splitKinds[c.Base]
	if !ok || kind.scheme != inFolds {
		var known []string
		for _, name := range names(splitKinds) {
			if splitKinds[name].scheme == inFolds {
				known = append(known, name)
			}
		}
		found.add("split.base", "%q is no kind of folds%s", c.Base, nearest.Hint(c.Base, known))
		return
	}
	c.validateBalance(found, "split.base", c.Base, kind, task, p)
}

func (c SplitConfig) validateNumbers(found *mistakes, s scheme) {
	has := func(field string) bool { return slices.Contains(takes[s], field) }
	if has("folds") && c.Folds < 2 && (s != predefined || c.Folds != 0) {
		found.add("split.folds", "%d folds: expected at least 2", c.Folds)
	}
	if has("inner") && c.Inner < 2 {
		found.add("split.inner", "%d folds: expected at least 2", c.Inner)
	}
	if has("outer") && (c.Outer < 0 || c.Outer > max(0, c.Folds)) {
		found.add("split.outer", "no outer fold %d: expected 1 to %d", c.Outer, c.Folds)
	}
	if c.Repeats < 0 {
		found.add("split.repeats", "%d repeats: expected at least 1", c.Repeats)
	}
	if most := max(c.Folds, c.Inner, 1); most > maxFolds || c.Repeats > maxFolds/most {
		found.add("split.folds", "more than %d folds, counting repeats", maxFolds)
	}
	if has("valid") && !isShare(c.Valid) {
		found.add("split.valid", "%v is not a share: expected a number between 0 and 1", c.Valid)
	}
}

func (c SplitConfig) validateTest(found *mistakes, s scheme) {
	switch {
	case c.Test == nil:
	case testPart[s] != "" && *c.Test != 0:
		found.add("split.test", "the test part of a %s split is %s: expected no share", c.Kind, testPart[s])
	case c.External != "" && *c.Test != 0:
		found.add("split.test", "the test part is the external file: expected no share")
	case *c.Test != 0 && !isShare(*c.Test):
		found.add("split.test", "%v is not a share: expected a number between 0 and 1, or 0 for no test part", *c.Test)
	}
}

func isShare(x float64) bool { return x > 0 && x < 1 }
