package dataset

// SplitConfig says how the examples are divided.
type SplitConfig struct {
	// Kind is holdout, kfold, each also with stratified-, group- or stratified-group-
	// before it, leave-one-group-out, time, predefined, nested or external; "" is
	// stratified-kfold for a classification and kfold for a regression, grouped where there
	// are patients.
	//
	// leave-one-group-out validates on each patient in turn, or on each word of Column (each
	// site), and tests on whole ones. time tests on the latest examples by Column and validates each of Folds windows
	// on what came before it. predefined takes the parts that the source has, or that Column
	// names. nested tests on the outer fold Outer of Folds and divides the rest in Inner.
	// external tests on all of External and divides the source in Folds.
	Kind string `yaml:"kind" json:"kind"`
	// Folds is the number of folds of a k-fold split, of windows of time, and of outer folds
	// of a nested split; 0 is 5. A predefined split validates on its own validation part at
	// 0; else its training and validation parts together are divided in so many.
	Folds int `yaml:"folds" json:"folds,omitempty"`
	// Repeats is how often the development part is divided, each time anew; 0 is once.
	Repeats int `yaml:"repeats" json:"repeats,omitempty"`
	// Valid is the share of the development part that a hold-out split validates on; 0 is
	// 0.2.
	Valid float64 `yaml:"valid" json:"valid,omitempty"`
	// Test is the share that is locked away before anything else, 0 for none; nil is 0.2. A
	// source with a test part of its own has that locked away instead, unless Pool is true.
	Test *float64 `yaml:"test" json:"test,omitempty"`
	// Pool ignores the parts that the source has of its own, and divides all its examples.
	Pool bool `yaml:"pool" json:"pool,omitempty"`
	// Column is the column of the time (a date, "2006-01-02" with or without a time of day,
	// or a number), of the sites to leave out, or of the words train, valid and test.
	Column string `yaml:"column" json:"column,omitempty"`
	// Base is the kind of the folds of a nested, external or predefined split: kfold, or
	// that with stratified-, group- or stratified-group-; "" is what Kind "" would be.
	Base string `yaml:"base" json:"base,omitempty"`
	// Inner is the number of inner folds of a nested split; 0 is 5.
	Inner int `yaml:"inner" json:"inner,omitempty"`
	// Outer is which outer fold of a nested split is the test part, from 1. The outer folds
	// are the same for every Outer.
	Outer int `yaml:"outer" json:"outer,omitempty"`
	// External is a file of the same columns from elsewhere, relative to the experiment's:
	// all of it becomes the locked test part. The source's own examples are then divided
	// without one.
	External string `yaml:"external" json:"external,omitempty"`
	// Seed draws the split. Two studies with one seed split alike.
	Seed uint64 `yaml:"seed" json:"seed"`
}

// resolved fills in the defaults that don't depend on what the source holds.
func (c SplitConfig) resolved(task Task, p patients) SplitConfig {
	kind, ok := splitKinds[c.Kind]
	usual := splitKind{stratified: task == Classification, grouped: p == havePatients}.name()
	if c.Kind == "" {
		ok = true
		if p != perhapsPatients {
			c.Kind, kind = usual, splitKinds[usual]
		}
	}
	if !ok {
		return c.testResolved(0.2)
	}
	if c.Folds == 0 && kind.scheme != holdOut && kind.scheme != leaveGroupOut && kind.scheme != predefined {
		c.Folds = 5
	}
	if c.Valid == 0 && kind.scheme == holdOut {
		c.Valid = 0.2
	}
	if c.Inner == 0 && kind.scheme == nested {
		c.Inner = 5
	}
	based := kind.scheme == nested || kind.scheme == external || kind.scheme == predefined && c.Folds > 0
	if c.Base == "" && based && p != perhapsPatients {
		c.Base = usual
	}
	if testPart[kind.scheme] != "" || c.External != "" {
		return c.testResolved(0)
	}
	if p == perhapsPatients { // and perhaps a test part of its own
		return c
	}
	return c.testResolved(0.2)
}

func (c SplitConfig) testResolved(share float64) SplitConfig {
	if c.Test == nil {
		c.Test = &share
	}
	return c
}

// Count returns how many folds the split makes, 0 where only the data tell.
func (c SplitConfig) Count() int {
	folds := c.Folds
	switch splitKinds[c.Kind].scheme {
	case leaveGroupOut:
		return 0
	case holdOut:
		folds = 1
	case predefined:
		folds = max(1, c.Folds)
	case nested:
		folds = c.Inner
	}
	return folds * max(1, c.Repeats)
}

// Studies returns how many studies the split stands for: one for each outer fold of a
// nested split that names none, else 1. Set Outer to 1, 2, … for each.
func (c SplitConfig) Studies() int {
	if splitKinds[c.Kind].scheme == nested && c.Outer == 0 {
		return c.Folds
	}
	return 1
}

// folding returns what the folds balance and keep together.
func (c SplitConfig) folding() splitKind {
	if c.Base != "" {
		return splitKinds[c.Base]
	}
	return splitKinds[c.Kind]
}
