package expression

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"medml/internal/nearest"
)

// Kind says what a value or a name is.
type Kind uint8

// The kinds.
const (
	Number Kind = iota
	Text
	Truth
)

// String returns the kind in words, as messages have it.
func (k Kind) String() string { return [...]string{"a number", "a word", "true or false"}[k] }

// Value is what a name stands for when an expression is evaluated. Values are comparable
// with ==.
type Value struct {
	Kind Kind
	X    float64 // a number; of a truth value 1 or 0
	Word string
}

// Numeric returns a number as a Value.
func Numeric(x float64) Value { return Value{Kind: Number, X: x} }

// Word returns a text as a Value.
func Word(s string) Value { return Value{Kind: Text, Word: s} }

// Bool returns a truth value as a Value.
func Bool(b bool) Value {
	if b {
		return Value{Kind: Truth, X: 1}
	}
	return Value{Kind: Truth}
}

// Meaning is what a name in an expression stands for.
type Meaning struct {
	// Paths are the full names under which its value is looked up when the expression is
	// evaluated. The first that there is counts: a name may stand on several branches, of
	// which one is taken.
	Paths []string
	Kind  Kind
	// Words are the values of a Text, nil where any will do.
	Words []string
}

// Scope knows the names that an expression may use.
type Scope interface {
	// Resolve returns what a name stands for. An error of it is a message; what follows "; "
	// in it is a hint.
	Resolve(name string) (Meaning, error)
}

// Names is a Scope of named values. A name is found by its path or by any last part of it
// that begins after a dot: "filters" and "cnn.filters" both find
// "architecture.cnn.filters". One that ends several paths stands for all of them, if
// they are of one kind.
type Names []Name

// Name is a named value.
type Name struct {
	Path  string
	Kind  Kind
	Words []string // of a Text
}

// Resolve finds a name.
func (ns Names) Resolve(name string) (Meaning, error) {
	var m Meaning
	for _, n := range ns {
		if n.Path != name && !strings.HasSuffix(n.Path, "."+name) {
			continue
		}
		if n.Path == name {
			return Meaning{[]string{name}, n.Kind, n.Words}, nil
		}
		if len(m.Paths) > 0 && n.Kind != m.Kind {
			return m, fmt.Errorf("%s is %v as %s and %v as %s: write one of them in full", strconv.Quote(name), m.Kind, m.Paths[0], n.Kind, n.Path)
		}
		m.Paths, m.Kind = append(m.Paths, n.Path), n.Kind
		for _, w := range n.Words {
			if !slices.Contains(m.Words, w) {
				m.Words = append(m.Words, w)
			}
		}
	}
	if len(m.Paths) == 0 {
		return m, fmt.Errorf("unknown name %s%s", strconv.Quote(name), nearest.Hint(name, ns.known(name)))
	}
	return m, nil
}

// known returns the names that a misspelt one is compared with, each with as many parts.
func (ns Names) known(name string) []string {
	var known []string
	for _, n := range ns {
		k := n.Path
		for cut := strings.Count(k, ".") - strings.Count(name, "."); cut > 0; cut-- {
			_, k, _ = strings.Cut(k, ".")
		}
		if !slices.Contains(known, k) {
			known = append(known, k)
		}
	}
	return known
}
