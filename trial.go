package medml

import (
	"fmt"
	"strings"
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

// Repeat is a trial's configuration trained once more from other seeds, on every fold.
type Repeat struct {
	Seed    int // from 1; the search's own training is 0
	Value   float64
	Runs    []Run
	Weights string
	Reason  string // why there is no value, if there is none
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
	// Objectives are the values of all objectives of a study with several, Value first; nil
	// where there is one.
	Objectives []float64
	// Constraints say how far the trial is from meeting each of the study's constraints, in
	// their order: at most 0 where it is met. Nil without constraints.
	Constraints []float64
	// Runs are the trainings done so far, one a fold. A Waiting trial holds what it had
	// trained up to its checkpoint, nothing without one.
	Runs []Run
	// Repeats are trainings from further seeds, which leaders alone are given once the
	// search is over. The search never sees them.
	Repeats []Repeat
	// Seed is 0, but in the copy of a trial that an [Objective] is given to train a repeat.
	Seed int
	// Weights is the SHA-256 over the runs' weights in order, hexadecimal.
	Weights string
	// WeightCount is how many trainable numbers the model has.
	WeightCount int
	// Reason says in a line why the trial was pruned or failed, or why it is trained again.
	Reason string
	// Artifact is the SHA-256 of what the objective kept of the trained models, hexadecimal;
	// "" where nothing is kept.
	Artifact string
	// Retries is how often the trial was trained again after a fault. Crashes is how often
	// running the process died under it since its last checkpoint.
	Retries, Crashes int
	// Paused says that a running trial is held up.
	Paused bool
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

// prunedAfter begins the reason of a trial that a pruner stopped.
const prunedAfter = "pruned after epoch "

// PrunedEarly reports whether a pruner stopped the trial, rather than that it diverged or
// came to no value.
func (t Trial) PrunedEarly() bool {
	return t.State == Pruned && strings.HasPrefix(t.Reason, prunedAfter)
}

// StoppedByHand reports whether the trial was pruned because somebody stopped it.
func (t Trial) StoppedByHand() bool { return t.State == Pruned && t.Reason == errByHand.Error() }

// Feasible reports whether the trial meets all constraints.
func (t Trial) Feasible() bool {
	for _, c := range t.Constraints {
		if !(c <= 0) {
			return false
		}
	}
	return true
}

// Score is what the leaderboard shows for the trial: its value, or with repeats the mean
// over all its seeds. NaN where a repeat has no value.
func (t Trial) Score() float64 {
	if len(t.Repeats) == 0 {
		return t.Value
	}
	sum := t.Value
	for _, r := range t.Repeats {
		sum += r.Value
	}
	return sum / float64(1+len(t.Repeats))
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
