package medml

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Cause is a kind of fault for which a trial fails.
type Cause string

// The causes.
const (
	CausePanic  Cause = "panic"         // the objective panicked
	CauseMemory Cause = "out-of-memory" // an error that wraps ErrMemory
	CauseTime   Cause = "time"          // the trial took longer than it may
	CauseError  Cause = "error"         // any other error
)

// Retry says how often a trial that failed is trained again, and for which causes. A
// training that diverged is a fault of its parameters and never trained again.
type Retry struct {
	Max int     // trainings after the first; 0 is none
	On  []Cause // nil is CausePanic and CauseMemory
}

func (r Retry) again(t Trial, c Cause) bool {
	on := r.On
	if on == nil {
		on = []Cause{CausePanic, CauseMemory}
	}
	return t.Retries < r.Max && slices.Contains(on, c)
}

// outcome is what a worker made of a trial.
type outcome struct {
	trial  Trial
	result Result
	err    error
	// stopped is why the run was cut short from outside; nil where it came to its own end.
	stopped error
	// refused says that the trial was never trained.
	refused bool
}

// finish brings a trial to its state, records it and tells the study.
func (e *Executor) finish(r *running, o outcome) error {
	e.mu.Lock()
	t := e.settle(o, r.kept)
	var event Event = TrialEnded{Trial: t, Artifact: artifactOf(t, o.result)}
	if t.State == Waiting {
		event = TrialReset{Trial: t, Keep: r.saved && t.Reason == ""}
	}
	e.mu.Unlock()
	wait, err := e.Recorder.Queue(event) // without the lock: it may write an artifact
	if err == nil {
		err = wait()
	}
	if err != nil {
		return fmt.Errorf("recording the end of trial %d: %w", t.Number, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.keep(t)
	if err := e.Study.Tell(t); err != nil {
		return fmt.Errorf("telling the study of trial %d: %w", t.Number, err)
	}
	return nil
}

func artifactOf(t Trial, r Result) []byte {
	if t.State != Complete {
		return nil
	}
	return r.Artifact
}

// leave frees the trial's worker.
func (e *Executor) leave(r *running, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r.timer.Stop()
	if r.limit != nil {
		r.limit.Stop()
	}
	if err != nil {
		e.fail(err)
	}
	delete(e.active, r.trial.Number)
	e.used -= r.need
	e.stir()
}

// keep puts a trial among those the snapshots show. The caller holds the lock.
func (e *Executor) keep(t Trial) {
	if a := e.active[t.Number]; a != nil && t.State == Running {
		t.Paused = a.paused
	}
	e.trials[t.Number] = t
}

// settle turns a worker's outcome into the trial it makes; kept are the runs up to its
// checkpoint. The caller holds the lock.
func (e *Executor) settle(o outcome, kept []Run) Trial {
	t, res := o.trial, o.result
	t.Reason, t.Crashes = "", 0
	t.Ended = t.Started.Add(max(0, e.now().Sub(t.Started)))
	t.Runs, t.WeightCount = res.Runs, res.WeightCount
	switch err := o.err; {
	case err == nil && !math.IsNaN(res.Value):
		t.State, t.Value, t.Low, t.High, t.Weights = Complete, res.Value, res.Low, res.High, res.Weights
		t.Objectives, t.Constraints = res.Objectives, res.Constraints
	case err == nil:
		t.State, t.Reason = Pruned, "the objective has no value"
	case errors.Is(err, ErrPruned):
		t.State, t.Value = Pruned, lastReport(res.Runs)
		t.Reason = prunedAfter + fmt.Sprint(t.Epochs())
	case errors.Is(o.stopped, errByHand):
		// What the objective gives back knows more of the folds that are done, but may lack
		// the last epoch, or all if it was stuck.
		if reported := e.trials[t.Number]; t.Epochs() != reported.Epochs() {
			t.Runs = reported.Runs
		}
		t.State, t.Value, t.Reason = Pruned, lastReport(t.Runs), errByHand.Error()
	case errors.Is(o.stopped, errTrialTime):
		return e.failed(t, CauseTime, fmt.Sprintf("took longer than %v", e.TrialTime))
	case o.stopped != nil:
		t = waitingAgain(o.trial)
		t.Runs, t.Crashes = kept, e.trials[t.Number].Crashes
	case errors.Is(err, ErrCheckpoint):
		t = waitingAgain(o.trial)
		t.Reason, t.Crashes = "began anew: "+err.Error(), e.trials[t.Number].Crashes
	case errors.Is(err, ErrDiverged):
		t.State, t.Reason = Pruned, err.Error()
	case o.refused:
		t.State, t.Reason = Failed, err.Error()
	default:
		return e.failed(t, causeOf(err), err.Error())
	}
	return t
}

// failed returns the trial as failed, or as waiting where it is trained again.
func (e *Executor) failed(t Trial, c Cause, reason string) Trial {
	t.State, t.Reason = Failed, reason
	if e.Retry.again(t, c) {
		retries := t.Retries + 1
		t = waitingAgain(t)
		t.Retries, t.Reason = retries, "trained again after: "+reason
	}
	return t
}

func causeOf(err error) Cause {
	var p *panicError
	switch {
	case errors.As(err, &p):
		return CausePanic
	case errors.Is(err, ErrMemory):
		return CauseMemory
	}
	return CauseError
}

// waitingAgain returns a trial that has its number and parameters and nothing trained.
func waitingAgain(t Trial) Trial {
	nan := math.NaN()
	return Trial{
		Number: t.Number, Params: t.Params, State: Waiting, Value: nan, Low: nan, High: nan,
		Retries: t.Retries, Crashes: t.Crashes,
	}
}

// lastReport returns the last intermediate value of a trial's runs, NaN without one.
func lastReport(runs []Run) float64 {
	for _, r := range slices.Backward(runs) {
		if n := len(r.Epochs); n > 0 {
			return r.Epochs[n-1].Report
		}
	}
	return math.NaN()
}
