package medml

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ValueKind says what a [Value] holds.
type ValueKind uint8

// What a Value holds. The zero Value holds nothing.
const (
	NoneKind ValueKind = iota
	FloatKind
	IntKind
	BoolKind
	StringKind
)

// Value is a hyperparameter's value: a number, a whole number, a truth value or a word.
// Values are comparable with ==.
type Value struct {
	kind ValueKind
	num  float64
	str  string
}

// FloatValue returns a number as a Value.
func FloatValue(x float64) Value { return Value{kind: FloatKind, num: x} }

// IntValue returns a whole number as a Value. Its magnitude is below 2⁵³.
func IntValue(x int) Value { return Value{kind: IntKind, num: float64(x)} }

// BoolValue returns a truth value as a Value.
func BoolValue(b bool) Value {
	v := Value{kind: BoolKind}
	if b {
		v.num = 1
	}
	return v
}

// StringValue returns a word as a Value.
func StringValue(s string) Value { return Value{kind: StringKind, str: s} }

// Kind says what v holds.
func (v Value) Kind() ValueKind { return v.kind }

// Float returns a number or whole number as a float64, a truth value as 0 or 1, and NaN
// for a word.
func (v Value) Float() float64 {
	if v.kind == StringKind || v.kind == NoneKind {
		return math.NaN()
	}
	return v.num
}

// Int returns a whole number, or 0 for a Value that holds none.
func (v Value) Int() int {
	if v.kind != IntKind {
		return 0
	}
	return int(v.num)
}

// Bool returns a truth value, or false for a Value that holds none.
func (v Value) Bool() bool { return v.kind == BoolKind && v.num == 1 }

// Any returns v as a float64, int, bool, string or nil.
func (v Value) Any() any {
	switch v.kind {
	case FloatKind:
		return v.num
	case IntKind:
		return int(v.num)
	case BoolKind:
		return v.num == 1
	case StringKind:
		return v.str
	}
	return nil
}

// String returns the value as the experiment file would spell it.
func (v Value) String() string {
	switch v.kind {
	case FloatKind:
		s := strconv.FormatFloat(v.num, 'g', -1, 64)
		if !strings.ContainsAny(s, ".eEnN") {
			s += ".0"
		}
		return s
	case IntKind:
		return strconv.FormatFloat(v.num, 'f', -1, 64)
	case BoolKind:
		return strconv.FormatBool(v.num == 1)
	case StringKind:
		return v.str
	}
	return ""
}

// MarshalJSON writes a number, truth value, string or null. A float keeps a point or
// an exponent, so that it comes back as a float.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case NoneKind:
		return []byte("null"), nil
	case StringKind:
		return json.Marshal(v.str)
	case FloatKind:
		if math.IsNaN(v.num) || math.IsInf(v.num, 0) {
			return nil, fmt.Errorf("value %v has no JSON form", v.num)
		}
	}
	return []byte(v.String()), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(b []byte) error {
	switch s := string(b); {
	case s == "null":
		*v = Value{}
	case s == "true", s == "false":
		*v = BoolValue(s == "true")
	case len(s) > 0 && s[0] == '"':
		var str string
		if err := json.Unmarshal(b, &str); err != nil {
			return err
		}
		*v = StringValue(str)
	case strings.ContainsAny(s, ".eE"):
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return fmt.Errorf("value %q: %w", s, err)
		}
		*v = FloatValue(x)
	default:
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("value %q: %w", s, err)
		}
		*v = IntValue(n)
	}
	return nil
}

// Setting is a hyperparameter's name and the value that a trial gives it.
type Setting struct {
	Name  string
	Value Value
}

// Params are a trial's settings in the order of its space. A parameter of a branch not
// taken is absent. Params are never changed once a trial has them.
type Params []Setting

// Lookup returns the value of the parameter of that path.
func (ps Params) Lookup(name string) (Value, bool) {
	for _, s := range ps {
		if s.Name == name {
			return s.Value, true
		}
	}
	return Value{}, false
}

// MarshalJSON writes an object whose members stand in the order of the space.
func (ps Params) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, s := range ps {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(s.Name)
		if err != nil {
			return nil, err
		}
		value, err := s.Value.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", s.Name, err)
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads an object and keeps the order of its members.
func (ps *Params) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(strings.NewReader(string(b)))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("params: expected an object, found %.20q", b)
	}
	out := Params{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var v Value
		if err := dec.Decode(&v); err != nil {
			return err
		}
		out = append(out, Setting{name.(string), v})
	}
	*ps = out
	return nil
}
