package medml

import (
	"fmt"
	"time"
)

// State is where a trial stands.
type State uint8

// The states of a trial. A Waiting trial has its parameters and waits for a worker: it
// was enqueued, or its run was interrupted. Complete, Pruned and Failed are final.
const (
	Waiting State = iota
	Running
	Complete
	Pruned
	Failed
)

var stateNames = [...]string{"waiting", "running", "complete", "pruned", "failed"}

// String returns the state in lower case, as JSON and the tables show it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("state(%d)", s)
}

// MarshalText writes the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a state's name.
func (s *State) UnmarshalText(b []byte) error {
	for i, name := range stateNames {
		if name == string(b) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("unknown trial state %q", b)
}

// Finished reports whether the trial has ended for good.
func (s State) Finished() bool { return s >= Complete }

// Direction says which values of the objective are better.
type Direction string

// The two directions.
const (
	Maximize Direction = "maximize"
	Minimize Direction = "minimize"
)

// Better reports whether a is better than b. NaN is better than nothing.
func (d Direction) Better(a, b float64) bool {
	switch {
	case a != a:
		return false
	case b != b:
		return true
	case d == Minimize:
		return a < b
	}
	return a > b
}

// Measure is a metric's name and its value.
type Measure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Epoch is what one pass over the training part of a fold gave. Losses are means per
// example; NaN where there is none.
type Epoch struct {
	// Step counts the trial's epochs from 1: fold · epochs a fold + epoch. Trials are
	// compared at equal steps.
	Step      int
	Loss      float64 // on the training part, as the weights changed
	ValidLoss float64 // on the validation part, after the epoch
	Value     float64 // the objective's metric on the validation part
	// Report is the intermediate value the study was told: Value aggregated with the
	// values of the folds before.
	Report float64
}

// Run is a trial's training on one fold.
type Run struct {
	Fold     int       // from 0
	Epochs   []Epoch   // in order; Epochs[0] is the first
	Value    float64   // the objective's metric after the last epoch
	Measures []Measure // the objective's metric and the others, after the last epoch
	Weights  string    // SHA-256 of the trained weights, hexadecimal
}

// Trial is one configuration and what became of it. It is a value: copies can be kept,
// and what its slices hold is never changed after it has been handed out.
type Trial struct {
	Number int
	State  State
	Params Params
	// Value is the objective, aggregated over the runs; NaN where there is none. For a
	// pruned trial it is the last intermediate value.
	Value float64
	// Low and High bound the 95 % confidence interval of Value; NaN where there is none.
	Low, High float64
	// Runs are the trainings done so far, one a fold.
	Runs []Run
	// Weights is the SHA-256 over the runs' weights in order, hexadecimal.
	Weights string
	// WeightCount is how many trainable numbers the model has.
	WeightCount int
	// Reason says in a line why the trial was pruned or failed.
	Reason string
	// Started and Ended are wall-clock times, zero where it hasn't come to that. They are
	// told to people and never take part in anything else.
	Started, Ended time.Time
}

// Epochs returns how many epochs the trial has trained over all its runs.
func (t Trial) Epochs() int {
	n := 0
	for _, r := range t.Runs {
		n += len(r.Epochs)
	}
	return n
}

// Seconds returns how long the trial took, 0 if it hasn't ended.
func (t Trial) Seconds() float64 {
	if t.Started.IsZero() || t.Ended.IsZero() {
		return 0
	}
	return t.Ended.Sub(t.Started).Seconds()
}

// Architecture returns the value of the parameter "architecture", or "" without one.
func (t Trial) Architecture() string {
	v, ok := t.Params.Lookup("architecture")
	if !ok {
		return ""
	}
	return v.String()
}
