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
	// Report passes on a running trial's intermediate value and says whether the trial
	// should be pruned. Steps count from 1 and rise.
	Report(t Trial, step int, value float64) (prune bool, err error)
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
)

// Done is the error with which a Study says that it needs no more trials.
type Done struct {
	// Reason says why, in a few words: "60 trials done".
	Reason string
}

// Error returns the reason.
func (d *Done) Error() string { return d.Reason }

// Report passes an epoch's result on. An error of it is returned by the objective as it
// is: ErrPruned, the context's error, or a fault of the recorder.
type Report func(fold int, e Epoch) error

// Result is what an objective makes of a trial; the fields are those of [Trial].
type Result struct {
	Value, Low, High float64
	Runs             []Run
	Weights          string
	WeightCount      int
}

// Objective trains a trial and returns its result. It calls report after every epoch,
// and returns within 100 ms of ctx being done. On an error the result holds the runs
// done so far.
type Objective func(ctx context.Context, t Trial, report Report) (Result, error)

// Recorder takes the events of a study durably. An error stops the study.
type Recorder interface {
	// Record takes an event. When it returns, a state change is on disk; an EpochEnded
	// may be up to a second later.
	Record(Event) error
}
