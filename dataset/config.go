package dataset

import (
	"fmt"
	"strings"
)

// Task is what is predicted.
type Task string

// The tasks. A Classification predicts one of two or more classes, a Regression a number.
const (
	Classification Task = "classification"
	Regression     Task = "regression"
)

// Config says where a dataset comes from and how it is read, split and prepared: the
// `data` section of an experiment.
type Config struct {
	// Source is "builtin:NAME" or the path of a file, relative to the experiment's.
	Source string `yaml:"source" json:"source"`
	// Format is the file's format; "" guesses it from the name.
	Format string `yaml:"format" json:"format,omitempty"`
	// Target is the column to predict, or the array. "" is the usual one of a built-in
	// dataset and "labels" of NumPy arrays, and an error for any other.
	Target string `yaml:"target" json:"target"`
	// Positive is the value of Target that counts as the disease in a two-class task; ""
	// takes that of a built-in dataset, and otherwise the second in the order of the
	// alphabet.
	Positive string `yaml:"positive" json:"positive,omitempty"`
	// Group is the column that names the patient. Rows of one patient stay on one side of
	// every split. "" takes each row for a patient of its own.
	Group string `yaml:"group" json:"group,omitempty"`
	// Features are the columns to learn from, in this order; none takes all that are
	// neither Target nor Group.
	Features []string `yaml:"features" json:"features,omitempty"`
	// Shape gives the features of a row a shape, row-major: [10, 3] is a signal of 10 steps
	// and 3 channels. None leaves them a vector.
	Shape []int `yaml:"shape" json:"shape,omitempty"`
	// Subgroups are the columns by which a report divides the patients: sex, age, site.
	Subgroups []Subgroup `yaml:"subgroups" json:"subgroups,omitempty"`
	// Columns, Image, Signal, Events and Molecule say how formats of that kind are read.
	Columns  ColumnsConfig  `yaml:"columns" json:"columns,omitzero"`
	Image    ImageConfig    `yaml:"image" json:"image,omitzero"`
	Signal   SignalConfig   `yaml:"signal" json:"signal,omitzero"`
	Events   EventsConfig   `yaml:"events" json:"events,omitzero"`
	Molecule MoleculeConfig `yaml:"molecule" json:"molecule,omitzero"`
	// Digest, if given, is the "sha256:…" that the source must have.
	Digest     string      `yaml:"digest" json:"digest,omitempty"`
	Split      SplitConfig `yaml:"split" json:"split"`
	Preprocess Preprocess  `yaml:"preprocess" json:"preprocess"`
}

// Subgroup is a column by which a report divides the patients.
type Subgroup struct {
	// Column is its name. It may be a feature, too.
	Column string `yaml:"column" json:"column"`
	// Cuts divide a column of numbers: [40, 65] gives three groups, below 40, from 40 to
	// below 65, and from 65 on. None takes each value as a group.
	Cuts []float64 `yaml:"cuts" json:"cuts,omitempty"`
}

// attributes are the columns that are kept beside the features.
func (c Config) attributes() []string {
	var names []string
	for _, s := range c.Subgroups {
		names = append(names, s.Column)
	}
	return names
}

// attributeField is the field that asks for the attribute of that index.
func (c Config) attributeField(i int) string { return fmt.Sprintf("subgroups[%d].column", i) }

// grouped reports whether examples are to have patients.
func (c Config) grouped() bool { return c.Group != "" }

// SplitConfig says how the examples are divided.
type SplitConfig struct {
	// Kind is holdout, stratified-holdout, group-holdout, stratified-group-holdout, kfold,
	// stratified-kfold, group-kfold or stratified-group-kfold; "" is stratified-kfold for a
	// classification and kfold for a regression, grouped where there is a Group.
	Kind string `yaml:"kind" json:"kind"`
	// Folds is the number of folds of a k-fold split; 0 is 5.
	Folds int `yaml:"folds" json:"folds,omitempty"`
	// Valid is the share of the development part that a hold-out split validates on; 0 is
	// 0.2.
	Valid float64 `yaml:"valid" json:"valid,omitempty"`
	// Test is the share that is locked away before anything else, 0 for none; nil is 0.2.
	Test *float64 `yaml:"test" json:"test"`
	// Seed draws the split. Two studies with one seed split alike.
	Seed uint64 `yaml:"seed" json:"seed"`
}

// Preprocess says how features are prepared. What it needs to know of the data (medians,
// means) it learns from the training part alone.
type Preprocess struct {
	// Impute fills missing values: median, mean, or none, which makes a missing value an
	// error; "" is median.
	Impute string `yaml:"impute" json:"impute"`
	// Scale is standard (zero mean, unit variance), minmax (from 0 to 1), robust (median
	// and interquartile range) or none; "" is standard. A feature that doesn't vary in the
	// training part becomes 0 under all but none.
	Scale string `yaml:"scale" json:"scale"`
}

// splitKind is what the words of [SplitConfig.Kind] mean.
type splitKind struct{ stratified, grouped, folds bool }

var splitKinds = map[string]splitKind{
	"holdout":                  {},
	"stratified-holdout":       {stratified: true},
	"group-holdout":            {grouped: true},
	"stratified-group-holdout": {stratified: true, grouped: true},
	"kfold":                    {folds: true},
	"stratified-kfold":         {stratified: true, folds: true},
	"group-kfold":              {grouped: true, folds: true},
	"stratified-group-kfold":   {stratified: true, grouped: true, folds: true},
}

// name returns the word for k.
func (k splitKind) name() string {
	for name, kind := range splitKinds {
		if kind == k {
			return name
		}
	}
	panic("dataset: a kind of split without a name")
}

// Resolved returns c with its defaults filled in. What depends on the file (the features,
// their shape, the positive class) stays empty.
func (c Config) Resolved(task Task) Config {
	if card, ok := c.card(); ok {
		if c.Target == "" {
			c.Target = card.Target
		}
		if c.Positive == "" && c.Target == card.Target && task == Classification {
			c.Positive = card.Positive
		}
	}
	if c.Format == "" {
		c.Format = formatOf(c.Source)
	}
	if c.Target == "" {
		c.Target = formats[c.Format].target
	}
	if c.Group == "" {
		c.Group = formats[c.Format].group
	}
	c.Columns, c.Image, c.Signal = c.Columns.resolved(), c.Image.resolved(), c.Signal.resolved()
	c.Events, c.Molecule = c.Events.resolved(), c.Molecule.resolved()
	c.Split = c.Split.resolved(task, c.Group != "")
	if c.Preprocess.Impute == "" {
		c.Preprocess.Impute = "median"
	}
	if c.Preprocess.Scale == "" {
		c.Preprocess.Scale = "standard"
	}
	return c
}

func (c SplitConfig) resolved(task Task, grouped bool) SplitConfig {
	if c.Kind == "" {
		c.Kind = splitKind{stratified: task == Classification, grouped: grouped, folds: true}.name()
	}
	if k, ok := splitKinds[c.Kind]; ok {
		if k.folds && c.Folds == 0 {
			c.Folds = 5
		}
		if !k.folds && c.Valid == 0 {
			c.Valid = 0.2
		}
	}
	if c.Test == nil {
		share := 0.2
		c.Test = &share
	}
	return c
}

// card returns the card of the built-in dataset that c names.
func (c Config) card() (Card, bool) {
	name, ok := strings.CutPrefix(c.Source, builtinPrefix)
	if !ok {
		return Card{}, false
	}
	b, ok := builtins[name]
	return b.card, ok
}
