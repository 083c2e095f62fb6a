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
	// Source is the path of a file or folder, relative to the experiment's, "builtin:NAME",
	// or, once `medml data pull` has fetched it, "medmnist:NAME" or "physionet:NAME".
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
	// every split. "" takes each row of a table for a patient of its own, unless a column
	// looks as if it named them, which is an error; "none" says that it doesn't.
	Group string `yaml:"group" json:"group,omitempty"`
	// Features are the columns to learn from, in this order; none takes all that are
	// neither Target nor Group.
	Features []string `yaml:"features" json:"features,omitempty"`
	// Shape gives the features of a row a shape, row-major: [10, 3] is a signal of 10 steps
	// and 3 channels. None leaves them a vector.
	Shape []int `yaml:"shape" json:"shape,omitempty"`
	// Covariates are columns of numbers or words, of a signal's, an image's or a molecule's
	// patient (age, sex), that are learnt from beside it. A table has features instead.
	Covariates []string `yaml:"covariates" json:"covariates,omitempty"`
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
	for _, a := range c.attributeFields() {
		names = append(names, a.name)
	}
	return names
}

// attributeField is the field that asks for the attribute of that index.
func (c Config) attributeField(i int) string { return c.attributeFields()[i].field }

// attributeFields are the attributes, each once, with the field that first asks for it.
func (c Config) attributeFields() []struct{ name, field string } {
	var all []struct{ name, field string }
	ask := func(name, field string) {
		for _, a := range all {
			if a.name == name {
				return
			}
		}
		all = append(all, struct{ name, field string }{name, field})
	}
	for i, s := range c.Subgroups {
		ask(s.Column, fmt.Sprintf("subgroups[%d].column", i))
	}
	if c.Split.Column != "" {
		ask(c.Split.Column, "split.column")
	}
	for i, name := range c.Covariates {
		ask(name, fmt.Sprintf("covariates[%d]", i))
	}
	return all
}

// ungrouped is the [Config.Group] of examples of which each is a patient of its own,
// whatever the columns' names suggest.
const ungrouped = "none"

// grouped reports whether examples are to have patients.
func (c Config) grouped() bool { return c.Group != "" && c.Group != ungrouped }

// patients says whether the examples have patients: a table's only where a column names
// them, anything else's perhaps by its source.
func (c Config) patients() patients {
	switch {
	case c.grouped():
		return havePatients
	case c.Group == "" && formats[c.Format].gather != nil:
		return perhapsPatients
	}
	return noPatients
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
		if c.Group == "" {
			c.Group = card.Group
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
	c.Columns, c.Image, c.Signal = c.Columns.resolved(), c.Image.resolved(), c.Signal.resolved(c.Format)
	c.Events, c.Molecule = c.Events.resolved(c.Format), c.Molecule.resolved()
	c.Split = c.Split.resolved(task, c.patients())
	if c.Molecule.Column != "" && c.Preprocess.Scale == "" {
		c.Preprocess.Scale = "none" // tokens are 0 or 1
	}
	c.Preprocess = c.Preprocess.resolved()
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
