package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// ColumnsConfig says how the columns of a table are read. What it doesn't say is inferred:
// a column of numbers is a feature, and a column of words is a feature for each word.
type ColumnsConfig struct {
	// Header names the columns of a csv or tsv file whose first line is an example already.
	Header []string `yaml:"header" json:"header,omitempty"`
	// Missing are further cells that stand for a missing value, such as -9, in any column;
	// an empty cell, NA, N/A, NaN, null and ? always do. A number means all its spellings.
	Missing []string `yaml:"missing" json:"missing,omitempty"`
	// ZeroMissing are columns in which 0 stands for a missing value, such as a blood
	// pressure.
	ZeroMissing []string `yaml:"zero_missing" json:"zero_missing,omitempty"`
	// Numeric are columns of numbers: a word in them is a mistake.
	Numeric []string `yaml:"numeric" json:"numeric,omitempty"`
	// Categorical are columns whose numbers are names, 3 for a normal scan say: a feature
	// for each value.
	Categorical []string `yaml:"categorical" json:"categorical,omitempty"`
	// Ordinal are columns whose words have an order: a feature with the place in it.
	Ordinal []OrdinalColumn `yaml:"ordinal" json:"ordinal,omitempty"`
	// Ignore are columns that aren't learnt from, such as the number of a record.
	Ignore []string `yaml:"ignore" json:"ignore,omitempty"`
}

// OrdinalColumn is a column of words with an order.
type OrdinalColumn struct {
	// Column is its name.
	Column string `yaml:"column" json:"column"`
	// Order are all its words, from the least, which becomes 0.
	Order []string `yaml:"order" json:"order"`
}

func (c ColumnsConfig) resolved() ColumnsConfig { return c }

// named returns the fields that name columns of the file, and their values.
func (c ColumnsConfig) named() []namedColumn {
	var all []namedColumn
	add := func(field string, kind columnKind, names []string) {
		for i, name := range names {
			all = append(all, namedColumn{fmt.Sprintf("columns.%s[%d]", field, i), name, kind})
		}
	}
	add("zero_missing", inferred, c.ZeroMissing)
	add("numeric", numbers, c.Numeric)
	add("categorical", categories, c.Categorical)
	for i, o := range c.Ordinal {
		all = append(all, namedColumn{fmt.Sprintf("columns.ordinal[%d].column", i), o.Column, ranks})
	}
	add("ignore", ignored, c.Ignore)
	return all
}

// namedColumn is a column that a field names.
type namedColumn struct {
	field, name string
	kind        columnKind
}

// columnKind says what the cells of a column mean.
type columnKind uint8

const (
	inferred   columnKind = iota // numbers if the first is one, else words
	numbers                      // numbers throughout
	categories                   // words, also where they are written as numbers
	ranks                        // places in an order
	ignored                      // not a feature
)

func (c ColumnsConfig) validate(found *mistakes) {
	for i, name := range c.Header {
		switch {
		case strings.TrimSpace(name) == "":
			found.add(fmt.Sprintf("columns.header[%d]", i), "empty: expected a column's name")
		case slices.Contains(c.Header[:i], name):
			found.add(fmt.Sprintf("columns.header[%d]", i), "%q stands there twice", name)
		}
	}
	kinds := map[string]columnKind{}
	for _, n := range c.named() {
		_, known := kinds[n.name]
		switch {
		case n.name == "":
			found.add(n.field, "empty: expected a column's name")
		case n.kind == inferred:
		case known:
			found.add(n.field, "%q stands there twice or is another kind of column, too", n.name)
		default:
			kinds[n.name] = n.kind
		}
	}
	for i, o := range c.Ordinal {
		o.validate(found, fmt.Sprintf("columns.ordinal[%d].order", i))
	}
}

func (o OrdinalColumn) validate(found *mistakes, field string) {
	if len(o.Order) < 2 {
		found.add(field, "expected all words of the column, at least two, from the least")
	}
	for i, word := range o.Order {
		if slices.Contains(o.Order[:i], word) {
			found.add(field, "%q stands there twice", word)
		}
	}
}

// validateColumnKinds checks the columns section against the rest of c.
func (c Config) validateColumnKinds(found *mistakes, task Task) {
	if len(c.Columns.Header) > 0 && c.Format != "csv" && c.Format != "tsv" {
		found.add("columns.header", "a source of format %s names its columns itself", c.Format)
	}
	for _, n := range c.Columns.named() {
		switch {
		case n.name == "":
		case n.name == c.Target && task == Classification && n.kind == categories:
			// which it is anyway
		case n.name == c.Target:
			found.add(n.field, "%q is the target", n.name)
		case n.name == c.Group && n.kind != ignored:
			found.add(n.field, "%q is the group", n.name)
		case n.kind == ignored && slices.Contains(c.Features, n.name):
			found.add(n.field, "%q is one of the features", n.name)
		}
	}
	if _, err := parseThreshold(c.Positive); err != nil {
		found.add("positive", "%v", err)
	}
}
