package medml

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Kind says which values a hyperparameter takes.
type Kind uint8

// The kinds of hyperparameter.
const (
	Float       Kind = iota // a real number in [Low, High]
	Int                     // a whole number in [Low, High], both ends included
	Categorical             // one of Choices
)

// String returns the kind as the experiment file spells it.
func (k Kind) String() string {
	switch k {
	case Float:
		return "float"
	case Int:
		return "int"
	case Categorical:
		return "categorical"
	}
	return fmt.Sprintf("kind(%d)", k)
}

// Param is one hyperparameter of a search space. A constant is a Param with a single
// value: Low == High, or one choice.
type Param struct {
	// Name is the parameter's path, unique in its space: "learning_rate", or, on a
	// branch, "architecture.cnn.filters".
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Low and High bound a Float or Int; both ends belong to the range.
	Low  float64 `json:"low,omitempty"`
	High float64 `json:"high,omitempty"`
	// Step, when not 0, restricts the values to Low + i·Step; it divides High - Low.
	Step float64 `json:"step,omitempty"`
	// Log searches the logarithm of the value; Low is positive and Step is 0.
	Log bool `json:"log,omitempty"`
	// Choices are the values of a Categorical, in the order of the file.
	Choices []Value `json:"choices,omitempty"`
	// Ordered says that neighbouring choices are alike.
	Ordered bool `json:"ordered,omitempty"`
	// When, if not nil, is the condition for the parameter to exist in a trial.
	When *Condition `json:"when,omitempty"`
}

// Condition ties a parameter to values of an earlier one: it exists only in trials
// where Param has the value Equals, or one of those of Or. A branch of `type: choice` is made of such
// parameters.
type Condition struct {
	Param  string `json:"param"`
	Equals Value  `json:"equals"`
	// Or, if not nil, is another value of Param that will do as well.
	Or *Condition `json:"or,omitempty"`
}

// Holds reports whether v is one of the values that will do.
func (c *Condition) Holds(v Value) bool {
	for ; c != nil; c = c.Or {
		if c.Equals == v {
			return true
		}
	}
	return false
}

// String writes the condition as the experiment file would, in a when.
func (c *Condition) String() string {
	if c.Or == nil {
		return c.Param + " == " + c.Equals.String()
	}
	words := []string{c.Equals.String()}
	for or := c.Or; or != nil; or = or.Or {
		words = append(words, or.Equals.String())
	}
	return c.Param + " in [" + strings.Join(words, ", ") + "]"
}

// Short returns the name as written in the file: the last part of the path.
func (p Param) Short() string { return ShortName(p.Name) }

// ShortName returns the last part of a parameter's path.
func ShortName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// Single reports whether the parameter has just one value, so that there is nothing to
// search.
func (p Param) Single() bool {
	if p.Kind == Categorical {
		return len(p.Choices) == 1
	}
	return p.Low == p.High
}

// Contains reports whether v is a value of the parameter.
func (p Param) Contains(v Value) bool {
	switch p.Kind {
	case Categorical:
		return slices.Contains(p.Choices, v)
	case Int:
		if v.Kind() != IntKind {
			return false
		}
	case Float:
		if v.Kind() != FloatKind {
			return false
		}
	}
	x := v.Float()
	if math.IsNaN(x) || x < p.Low || x > p.High {
		return false
	}
	if p.Step == 0 {
		return true
	}
	i := math.Round((x - p.Low) / p.Step)
	return math.Abs(p.Low+float64(i*p.Step)-x) <= 1e-9*math.Max(p.Step, math.Abs(x))
}

// Space is an ordered list of hyperparameters. A parameter's condition names an earlier
// one, so drawing them in order always knows whether the next exists.
type Space []Param

// Lookup returns the parameter of that path.
func (s Space) Lookup(name string) (Param, bool) {
	for _, p := range s {
		if p.Name == name {
			return p, true
		}
	}
	return Param{}, false
}

// Active reports whether p exists in a trial whose earlier parameters are params.
func (s Space) Active(p Param, params Params) bool {
	if p.When == nil {
		return true
	}
	v, ok := params.Lookup(p.When.Param)
	return ok && p.When.Holds(v)
}
