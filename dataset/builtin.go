package dataset

import (
	"fmt"
	"slices"

	"medml/internal/nearest"
)

// builtinPrefix begins the source of a built-in dataset.
const builtinPrefix = "builtin:"

// Card says what a dataset is, where it comes from and what is known to be wrong with it.
type Card struct {
	Name        string      `json:"name"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Task        Task        `json:"task"`
	Target      string      `json:"target"`
	Positive    string      `json:"positive,omitempty"`
	Group       string      `json:"group,omitempty"`
	Examples    int         `json:"examples"`
	Features    int         `json:"features"`
	Classes     []Class     `json:"classes,omitempty"`
	Source      string      `json:"source"`
	Citation    string      `json:"citation"`
	DOI         string      `json:"doi,omitempty"`
	Licence     string      `json:"licence"`
	Problems    []string    `json:"problems"`
	References  []Reference `json:"references"`
}

// Class is a class and how many examples have it.
type Class struct {
	Name     string `json:"name"`
	Examples int    `json:"examples"`
}

// Reference is a result that others reached on a dataset.
type Reference struct {
	Name   string  `json:"name"`   // of the model
	Metric string  `json:"metric"` // the metric's name
	Value  float64 `json:"value"`
	SD     float64 `json:"sd,omitempty"` // standard deviation over folds; 0 where unknown
	Source string  `json:"source,omitempty"`
}

// builtin is an embedded dataset.
type builtin struct {
	card Card
	file []byte // CSV
}

// builtins is the table of built-in datasets by name.
var builtins = map[string]builtin{
	"bloodbrain": {bloodbrainCard, bloodbrainFile},
	"colon":      {colonCard, colonFile},
	"pima":       {pimaCard, pimaFile},
	"wdbc":       {wdbcCard, wdbcFile},
}

// Builtins returns the names of the built-in datasets, in order.
func Builtins() []string { return names(builtins) }

// BuiltinCard returns the card of a built-in dataset.
func BuiltinCard(name string) (Card, error) {
	b, ok := builtins[name]
	if !ok {
		return Card{}, fmt.Errorf("unknown built-in dataset %q%s", name, nearest.Hint(name, Builtins()))
	}
	return b.card.clone(), nil
}

// clone returns a copy that shares nothing with c.
func (c Card) clone() Card {
	c.Classes, c.Problems, c.References = slices.Clone(c.Classes), slices.Clone(c.Problems), slices.Clone(c.References)
	return c
}
