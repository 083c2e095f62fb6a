package medml

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"
)

// Executor runs a study: it asks for trials, trains each on a worker, passes the
// intermediate values on and tells the study the results. Set the fields, call Run once;
// Snapshot may be called at any time from any goroutine.
type Executor struct {
	Study     Study
	Objective Objective
	// Recorder takes every event before anybody sees it.
	Recorder Recorder
	About    About
	// Past are the study's trials of earlier sessions, in the order of their numbers, none
	// of them Running.
	Past []Trial
	// Workers is how many trials run at once; 0 is 1.
	Workers int
	// Budget is how many trials the study is to have. It is shown; the Study ends itself.
	Budget int
	// Time ends the study once it has run so long, earlier sessions included; 0 never does.
	Time time.Duration
	// Before is how long earlier sessions ran.
	Before time.Duration
	// TrialTime fails a trial that takes longer; 0 never does.
	TrialTime time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	mu      sync.Mutex // guards Study and what follows
	trials  []Trial
	started time.Time
	ended   *StudyEnded
	fault   error // of the recorder or the study; ends the run
}

var (
	errTimeUsed  = errors.New("the time budget is used up")
	errTrialTime = errors.New("the trial's time is used up")
	errFault     = errors.New("the study cannot go on")
)

// outcome is what a worker made of a trial.
type outcome struct {
	trial  Trial
	result Result
	err    error
	// stopped is why the run was cut short from outside; nil where it came to its own end.
	stopped error
}

// Run runs the study until it needs no more trials, its time is used up, or ctx is done;
// then the running trials are stopped and wait for the next session. It returns how the
// study ended. An error is a fault of the study or the recorder; trials fail without one.
func (e *Executor) Run(ctx context.Context) (StudyEnded, error) {
	e.begin()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if e.Time > 0 {
		if left := e.Time - e.Before; left > 0 {
			timer := time.AfterFunc(left, func() { cancel(errTimeUsed) })
			defer timer.Stop()
		} else {
			cancel(errTimeUsed)
		}
	}
	end, err := e.loop(ctx, cancel)
	end.Elapsed = e.now().Sub(e.started)
	if err != nil {
		end.State, end.Reason = StudyInterrupted, err.Error()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	// After a fault, too: it is the reason that the record is to give. A recorder at fault
	// refuses, and its first error stands.
	if refused := e.Recorder.Record(end); err == nil && refused != nil {
		err = refused
		end.State, end.Reason = StudyInterrupted, err.Error()
	}
	e.ended = &end
	return end, err
}

func (e *Executor) begin() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.trials = slices.Clone(e.Past)
	e.started = e.now()
	e.Workers = max(1, e.Workers)
}

// loop keeps the workers busy until the study is done or ctx is.
func (e *Executor) loop(ctx context.Context, cancel context.CancelCauseFunc) (StudyEnded, error) {
	outcomes := make(chan outcome)
	running := 0
	var done *Done
	for {
		for running < e.Workers && done == nil && ctx.Err() == nil {
			t, err := e.next()
			if errors.As(err, &done) || errors.Is(err, ErrWait) {
				break
			}
			if err != nil {
				e.setFault(err)
				cancel(errFault)
				break
			}
			running++
			go func() { outcomes <- e.run(ctx, cancel, t) }()
		}
		if running == 0 {
			break
		}
		o := <-outcomes
		running--
		if err := e.finish(o); err != nil {
			e.setFault(err)
			cancel(errFault)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch cause := context.Cause(ctx); {
	case e.fault != nil:
		return StudyEnded{}, e.fault
	case done != nil && !e.waiting():
		return StudyEnded{State: StudyComplete, Reason: done.Reason}, nil
	case errors.Is(cause, errTimeUsed):
		return StudyEnded{State: StudyComplete, Reason: fmt.Sprintf("%v: %v", cause, e.Time)}, nil
	case cause != nil:
		return StudyEnded{State: StudyInterrupted, Reason: "stopped"}, nil
	}
	return StudyEnded{}, errors.New("the study waits for a trial although none runs")
}

// waiting reports whether a trial was put back. The caller holds the lock.
func (e *Executor) waiting() bool {
	return slices.ContainsFunc(e.trials, func(t Trial) bool { return t.State == Waiting })
}

// next asks the study for a trial and records that it runs.
func (e *Executor) next() (Trial, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	t, err := e.Study.Ask()
	if err != nil {
		return Trial{}, err
	}
	t.State, t.Started, t.Ended = Running, e.now(), time.Time{}
	t.Value, t.Low, t.High = math.NaN(), math.NaN(), math.NaN()
	t.Runs, t.Reason = nil, ""
	if err := e.Recorder.Record(TrialStarted{t}); err != nil {
		return Trial{}, fmt.Errorf("recording the start of trial %d: %w", t.Number, err)
	}
	e.keep(t)
	return t, nil
}

// keep puts a trial among those the snapshots show. The caller holds the lock.
func (e *Executor) keep(t Trial) {
	if t.Number == len(e.trials) {
		e.trials = append(e.trials, t)
		return
	}
	e.trials[t.Number] = t
}

// run trains a trial; a panic becomes an error.
func (e *Executor) run(ctx context.Context, cancel context.CancelCauseFunc, t Trial) (o outcome) {
	o.trial = t
	defer func() {
		if r := recover(); r != nil {
			o.result, o.err = Result{}, fmt.Errorf("panic: %v (%s)", r, panicSite())
		}
	}()
	if e.TrialTime > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, e.TrialTime, errTrialTime)
		defer stop()
	}
	o.result, o.err = e.Objective(ctx, t, func(fold int, ep Epoch) error {
		err := e.report(ctx, t, fold, ep)
		if err != nil && !errors.Is(err, ErrPruned) && ctx.Err() == nil {
			e.setFault(err)
			cancel(errFault)
		}
		return err
	})
	if o.err != nil && ctx.Err() != nil && !errors.Is(o.err, ErrPruned) {
		o.stopped = context.Cause(ctx)
	}
	return o
}

// report records an epoch and asks the study whether the trial is to go on.
func (e *Executor) report(ctx context.Context, t Trial, fold int, ep Epoch) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.Recorder.Record(EpochEnded{Number: t.Number, Fold: fold, Epoch: ep}); err != nil {
		return fmt.Errorf("recording an epoch of trial %d: %w", t.Number, err)
	}
	e.addEpoch(t.Number, fold, ep)
	prune, err := e.Study.Report(t, ep.Step, ep.Report)
	if err != nil {
		return fmt.Errorf("reporting an epoch of trial %d: %w", t.Number, err)
	}
	if prune {
		return ErrPruned
	}
	return nil
}

// addEpoch shows an epoch in the snapshots to come. Those taken before keep theirs: the
// list of runs is copied, and epochs are appended behind what a snapshot can see.
func (e *Executor) addEpoch(number, fold int, ep Epoch) {
	t := &e.trials[number]
	runs := slices.Clone(t.Runs)
	if len(runs) == 0 || runs[len(runs)-1].Fold != fold {
		runs = append(runs, Run{Fold: fold, Value: math.NaN()})
	}
	last := &runs[len(runs)-1]
	last.Epochs = append(last.Epochs, ep)
	t.Runs = runs
}

// finish brings a trial to its state, records it and tells the study.
func (e *Executor) finish(o outcome) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.settle(o)
	var event Event = TrialEnded{t}
	if t.State == Waiting {
		event = TrialReset{t}
	}
	if err := e.Recorder.Record(event); err != nil {
		return fmt.Errorf("recording the end of trial %d: %w", t.Number, err)
	}
	e.keep(t)
	if err := e.Study.Tell(t); err != nil {
		return fmt.Errorf("telling the study of trial %d: %w", t.Number, err)
	}
	return nil
}

// settle turns a worker's outcome into the trial it makes.
func (e *Executor) settle(o outcome) Trial {
	t, r := o.trial, o.result
	t.Ended = e.now()
	t.Value, t.Low, t.High = math.NaN(), math.NaN(), math.NaN()
	t.Runs, t.WeightCount = r.Runs, r.WeightCount
	switch err := o.err; {
	case err == nil && !math.IsNaN(r.Value):
		t.State, t.Value, t.Low, t.High, t.Weights = Complete, r.Value, r.Low, r.High, r.Weights
	case err == nil:
		t.State, t.Reason = Pruned, "the objective has no value"
	case errors.Is(err, ErrPruned):
		t.State, t.Value = Pruned, lastReport(r.Runs)
		t.Reason = "pruned after epoch " + fmt.Sprint(t.Epochs())
	case errors.Is(o.stopped, errTrialTime):
		t.State, t.Reason = Failed, fmt.Sprintf("took longer than %v", e.TrialTime)
	case o.stopped != nil:
		t = Trial{Number: t.Number, Params: t.Params, State: Waiting, Value: t.Value, Low: t.Low, High: t.High}
	case errors.Is(err, ErrDiverged):
		t.State, t.Reason = Pruned, err.Error()
	default:
		t.State, t.Reason = Failed, err.Error()
	}
	return t
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

func (e *Executor) setFault(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fault == nil {
		e.fault = err
	}
}

// Snapshot returns the study as it stands. It never fails.
func (e *Executor) Snapshot() (Snapshot, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := Snapshot{
		About: e.About, State: StudyRunning, Trials: slices.Clone(e.trials),
		Budget: e.Budget, Workers: e.Workers, Taken: e.now(),
	}
	if e.Time > 0 {
		s.TimeBudget = max(1, e.Time-e.Before) // 0 would be no limit
	}
	for _, t := range e.Past {
		if t.State.Finished() {
			s.Resumed++
		}
	}
	if !e.started.IsZero() {
		s.Elapsed = s.Taken.Sub(e.started)
	}
	if e.ended != nil {
		s.State, s.Reason, s.Workers, s.Elapsed = e.ended.State, e.ended.Reason, 0, e.ended.Elapsed
	}
	return s, nil
}

func (e *Executor) now() time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return time.Now()
}
