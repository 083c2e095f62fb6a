package arch

import "fmt"

// Kind says which values a hyperparameter takes.
type Kind uint8

// The kinds of hyperparameter.
const (
	Float Kind = iota
	Int
	Bool
	Choice
)

// Hyper describes a hyperparameter: its name, what is legal, and its default.
type Hyper struct {
	Name, Doc string
	Kind      Kind
	// Low and High bound a Float or Int, both ends included.
	Low, High float64
	// Choices are the words of a Choice.
	Choices []string
	// Default is a float64, int, bool or string, by Kind.
	Default any
	// Later says that the architecture got it after its first studies, whose models its
	// default keeps.
	Later bool
}

// Settings are hyperparameters by name: a float64, int, bool or string each, checked
// before they come here.
type Settings map[string]any

// Float returns a number.
func (s Settings) Float(name string) float64 { return get[float64](s, name) }

// Int returns a whole number.
func (s Settings) Int(name string) int { return get[int](s, name) }

// Bool returns a truth value.
func (s Settings) Bool(name string) bool { return get[bool](s, name) }

// Text returns a word.
func (s Settings) Text(name string) string { return get[string](s, name) }

func get[T any](s Settings, name string) T {
	v, ok := s[name].(T)
	if !ok {
		panic(fmt.Sprintf("arch: hyperparameter %s is %v, not a %T", name, s[name], v))
	}
	return v
}
