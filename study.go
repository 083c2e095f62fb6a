package medml

import (
	"context"
	"errors"
)

// Study proposes trials and learns from what becomes of them. It is used by one
// goroutine at a time.
type Study interface {
	// Ask returns the next trial to run: first those that wait, in the order of their
	// numbers, then a new one. It returns ErrWait while the next trial depends on one that
	// hasn't ended, and a *Done when the study needs no more trials.
	Ask() (Trial, error)
	// Report passes on an epoch of a running trial and says whether the trial should be
	// pruned. Steps count from 1 and rise.
	Report(t Trial, fold int, e Epoch) (prune bool, err error)
	// Tell gives the study a trial that has ended, or one that Waits again because its run
	// was interrupted.
	Tell(t Trial) error
}

// Errors between an executor, its study and its objective.
var (
	// ErrWait says that no trial can be asked for until a running one has ended.
	ErrWait = errors.New("the next trial waits for a running one")
	// ErrPruned is what a Report returns when the trial is to stop, and what an Objective
	// returns then.
	ErrPruned = errors.New("pruned")
	// ErrDiverged is wrapped by the error of an Objective whose training left the finite
	// numbers. The trial counts as pruned: a fault of its parameters, not of the machine.
	ErrDiverged = errors.New("diverged")
	// ErrMemory is wrapped by the error of a trial that needs more memory than there is.
	ErrMemory = errors.New("out of memory")
	// ErrCheckpoint is wrapped by the error of an Objective that can't go on from the state
	// it was given. The trial begins anew.
	ErrCheckpoint = errors.New("the checkpoint can't be used")
)

// Done is the error with which a Study says that it needs no more trials.
type Done struct {
	// Reason says why, in a few words: "60 trials done".
	Reason string
}

// Error returns the reason.
func (d *Done) Error() string { return d.Reason }

// Monitor connects an objective with its study while it trains a trial. It is used by
// one goroutine.
type Monitor interface {
	// Report passes an epoch's result on. An error of it is returned by the objective as
	// it is: ErrPruned, the context's error, or a fault of the recorder.
	Report(fold int, e Epoch) error
	// Step is called after every training step. It returns at once, unless the trial is
	// paused. If save, the objective calls Save next. Then it returns the error, if any, as
	// it is.
	Step() (save bool, err error)
	// Save keeps all that the training needs to go on from here to the same bits.
	Save(state []byte) error
	// Resume returns what Save kept of an interrupted run that this one goes on from, and
	// the runs reported by then; nil for one that begins anew.
	Resume() (state []byte, runs []Run)
}

// ReportFunc is a Monitor that passes on epochs and nothing else: for a training that is
// never paused or resumed.
type ReportFunc func(fold int, e Epoch) error

// Report calls the function.
func (f ReportFunc) Report(fold int, e Epoch) error { return f(fold, e) }

// Step asks for nothing.
func (ReportFunc) Step() (bool, error) { return false, nil }

// Save keeps nothing.
func (ReportFunc) Save([]byte) error { return nil }

// Resume begins anew.
func (ReportFunc) Resume() ([]byte, []Run) { return nil, nil }

// Result is what an objective makes of a trial; the fields are those of [Trial].
type Result struct {
	Value, Low, High float64
	Objectives       []float64
	Constraints      []float64
	Runs             []Run
	Weights          string
	WeightCount      int
	// Artifact is what is to be kept of the trained models, nil for nothing.
	Artifact []byte
}

// Objective trains a trial and returns its result. It reports every epoch to the monitor
// and calls its Step after every training step, and returns within 100 ms of ctx being
// done. On an error the result holds the runs done so far.
type Objective func(ctx context.Context, t Trial, m Monitor) (Result, error)

// Recorder takes the events of a study durably. An error stops the study.
type Recorder interface {
	// Queue puts an event in line and returns a function that waits until it is on disk,
	// with all those before it. A state change goes to disk at once; an EpochEnded that
	// nobody waits for may take up to a second.
	Queue(Event) (wait func() error, err error)
}
