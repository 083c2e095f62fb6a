package experiments

import (
	"encoding/json"

	"medml"
)

// Definitions is a search space as the file writes it, in the file's order.
type Definitions []Definition

// Definition is one hyperparameter of a search space.
type Definition struct {
	Name string
	Type Type
	// Low, High, Step and Log are those of a float or int; Step 0 is none.
	Low, High, Step float64
	Log             bool
	// Values are those of a categorical; a constant has one.
	Values []medml.Value
	// Ordered says that neighbouring values are alike.
	Ordered bool
	// Of are the branches of a choice, at least one.
	Of []Branch
	// When, if not "", is the condition for the hyperparameter to exist: an earlier one has a
	// value, "optimizer == sgd", or one of several, "optimizer in [sgd, rmsprop]". Where it
	// doesn't hold, the hyperparameter's own default counts.
	When string

	condition *medml.Condition // that When writes
}

// Type is a definition's type, as the file spells it. A constant is written as a bare
// value.
type Type string

// The types of definition.
const (
	constantType    Type = "constant"
	floatType       Type = "float"
	intType         Type = "int"
	categoricalType Type = "categorical"
	boolType        Type = "bool"
	choiceType      Type = "choice"
)

// Branch is one value of a choice with the hyperparameters that exist under it alone.
type Branch struct {
	Value           medml.Value
	Hyperparameters Definitions
}

// Space returns the search space: the hyperparameters in the order of the file, those of
// a branch after their choice, and last the constants for those that the file leaves to
// their defaults.
func (s *Spec) Space() medml.Space { return lateLast(s.Hyperparameters.flat(nil, "", nil)) }

// flat appends the definitions to a space. prefix is the path of the branch that they
// are on, and when its condition.
func (ds Definitions) flat(space medml.Space, prefix string, when *medml.Condition) medml.Space {
	for _, d := range ds {
		p := d.param()
		p.Name, p.When = prefix+d.Name, when
		if d.condition != nil {
			p.When = d.condition
		}
		space = append(space, p)
		for _, b := range d.Of {
			space = b.Hyperparameters.flat(space, p.Name+"."+b.Value.String()+".",
				&medml.Condition{Param: p.Name, Equals: b.Value})
		}
	}
	return space
}

// param turns the definition itself, without branches, into a parameter.
func (d Definition) param() medml.Param {
	switch d.Type {
	case floatType, intType:
		p := medml.Param{Low: d.Low, High: d.High, Step: d.Step, Log: d.Log}
		if d.Type == intType {
			p.Kind = medml.Int
		}
		return p
	case boolType:
		return medml.Param{Kind: medml.Categorical, Choices: []medml.Value{medml.BoolValue(false), medml.BoolValue(true)}}
	case choiceType:
		p := medml.Param{Kind: medml.Categorical}
		for _, b := range d.Of {
			p.Choices = append(p.Choices, b.Value)
		}
		return p
	}
	if d.Type == constantType {
		switch v := d.Values[0]; v.Kind() {
		case medml.FloatKind:
			return medml.Param{Kind: medml.Float, Low: v.Float(), High: v.Float()}
		case medml.IntKind:
			return medml.Param{Kind: medml.Int, Low: v.Float(), High: v.Float()}
		}
	}
	return medml.Param{Kind: medml.Categorical, Choices: d.Values, Ordered: d.Ordered}
}

// MarshalJSON writes an object from names to definitions, in order.
func (ds Definitions) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, d := range ds {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendMember(b, d.Name, d); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// MarshalJSON writes what the file would say: a bare value or an object.
func (d Definition) MarshalJSON() ([]byte, error) {
	type number struct {
		Type Type    `json:"type"`
		Low  float64 `json:"low"`
		High float64 `json:"high"`
		Step float64 `json:"step,omitempty"`
		Log  bool    `json:"log,omitempty"`
		When string  `json:"when,omitempty"`
	}
	type words struct {
		Type    Type          `json:"type"`
		Values  []medml.Value `json:"values,omitempty"`
		Ordered bool          `json:"ordered,omitempty"`
		When    string        `json:"when,omitempty"`
	}
	switch d.Type {
	case constantType:
		return json.Marshal(d.Values[0])
	case floatType, intType:
		return json.Marshal(number{d.Type, d.Low, d.High, d.Step, d.Log, d.When})
	case choiceType:
		b := []byte(`{"type":"choice",`)
		if d.When != "" {
			var err error
			if b, err = appendMember(b, "when", d.When); err != nil {
				return nil, err
			}
			b = append(b, ',')
		}
		b = append(b, `"of":{`...)
		for i, branch := range d.Of {
			if i > 0 {
				b = append(b, ',')
			}
			var err error
			if b, err = appendMember(b, branch.Value.String(), branch.Hyperparameters); err != nil {
				return nil, err
			}
		}
		return append(b, "}}"...), nil
	}
	return json.Marshal(words{d.Type, d.Values, d.Ordered, d.When})
}

// appendMember appends "name":value to an object.
func appendMember(b []byte, name string, value any) ([]byte, error) {
	key, err := json.Marshal(name)
	if err != nil {
		return nil, err
	}
	member, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return append(append(append(b, key...), ':'), member...), nil
}
