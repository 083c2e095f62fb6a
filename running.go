package medml

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"time"
)

const (
	defaultCheckpointEvery = 10 * time.Second
	defaultGrace           = 30 * time.Second
	// checkpointShare is how many times longer a trial trains than its last checkpoint
	// took to save, at least.
	checkpointShare = 50
)

// running is a trial on a worker; it is the Monitor of the trial's objective.
type running struct {
	e      *Executor
	trial  Trial // as it started
	need   int64
	state  []byte // of the checkpoint it goes on from
	ctx    context.Context
	cancel context.CancelCauseFunc

	// attention says that Step has more to do than return.
	attention atomic.Bool

	// What follows is guarded by the executor's lock.
	paused bool
	wake   chan struct{} // closed when the trial may go on
	gone   bool          // the worker was given up; what it still says counts for nothing
	due    bool          // a checkpoint
	saved  bool          // there is a checkpoint
	kept   []Run         // what had been reported by then
	timer  *time.Timer   // of the next checkpoint
	limit  *time.Timer   // of the trial's time; nil without
	left   time.Duration // of the trial's time when limit was last set
	since  time.Time     // when limit was last set
}

// newRunning puts a trial among the running. The caller holds the lock.
func (e *Executor) newRunning(ctx context.Context, t Trial, need int64, state []byte) *running {
	r := &running{e: e, trial: t, need: need, state: state, wake: make(chan struct{}), saved: state != nil, kept: t.Runs}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	context.AfterFunc(r.ctx, func() { r.attention.Store(true) })
	if e.TrialTime > 0 {
		r.left, r.since = e.TrialTime, e.now()
		r.limit = time.AfterFunc(r.left, func() { r.cancel(errTrialTime) })
	}
	r.timer = time.AfterFunc(e.checkpointEvery(), r.checkpointIsDue)
	e.active[t.Number] = r
	e.used += need
	return r
}

func (e *Executor) checkpointEvery() time.Duration {
	if e.CheckpointEvery > 0 {
		return e.CheckpointEvery
	}
	return defaultCheckpointEvery
}

func (r *running) checkpointIsDue() {
	r.e.mu.Lock()
	defer r.e.mu.Unlock()
	r.due = true
	r.attention.Store(true)
}

// work trains the trial and brings it to its end, once its start is on disk.
func (r *running) work(started func() error, refused error) {
	e := r.e
	defer r.cancel(nil)
	if err := started(); err != nil {
		e.leave(r, fmt.Errorf("recording the start of trial %d: %w", r.trial.Number, err))
		return
	}
	e.mu.Lock()
	e.keep(r.trial)
	e.shown = max(e.shown, r.trial.Number+1)
	err := e.replay(r.trial)
	e.mu.Unlock()
	if err != nil {
		e.leave(r, err)
		return
	}
	o := outcome{trial: r.trial, err: refused, refused: refused != nil}
	if refused == nil {
		o = r.supervise()
	}
	e.leave(r, e.finish(r, o))
}

// supervise trains the trial. If it is told to end and doesn't, it is left behind.
func (r *running) supervise() outcome {
	ended := make(chan outcome, 1)
	go func() { ended <- r.train() }()
	select {
	case o := <-ended:
		return o
	case <-r.ctx.Done():
	}
	grace := r.e.Grace
	if grace <= 0 {
		grace = defaultGrace
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case o := <-ended:
		return o
	case <-timer.C:
	}
	r.e.mu.Lock()
	defer r.e.mu.Unlock()
	r.gone = true
	return outcome{trial: r.trial, err: errStuck, stopped: context.Cause(r.ctx)}
}

var errStuck = errors.New("did not end when told to")

// train calls the objective; a panic becomes an error.
func (r *running) train() (o outcome) {
	o.trial = r.trial
	defer func() {
		if p := recover(); p != nil {
			o.result, o.err = Result{}, &panicError{fmt.Sprintf("panic: %v (%s)", p, panicSite())}
		}
	}()
	o.result, o.err = r.e.Objective(r.ctx, r.trial, r)
	if o.err != nil && r.ctx.Err() != nil && !errors.Is(o.err, ErrPruned) {
		o.stopped = context.Cause(r.ctx)
	}
	return o
}

// panicError is the error that a panic becomes.
type panicError struct{ text string }

func (p *panicError) Error() string { return p.text }

// Report records an epoch and asks the study whether the trial is to go on. A run that is
// told to end and may save still has its epoch counted, lest it be trained again.
func (r *running) Report(fold int, ep Epoch) error {
	if r.ctx.Err() != nil && !r.savesAtEnd() {
		return context.Cause(r.ctx)
	}
	e, n := r.e, r.trial.Number
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.gone {
		return errStuck
	}
	if _, err := e.Recorder.Queue(EpochEnded{Number: n, Fold: fold, Epoch: ep}); err != nil {
		err = fmt.Errorf("recording an epoch of trial %d: %w", n, err)
		e.fail(err)
		return err
	}
	e.addEpoch(n, fold, ep)
	prune, err := e.Study.Report(r.trial, fold, ep)
	if err != nil {
		err = fmt.Errorf("reporting an epoch of trial %d: %w", n, err)
		e.fail(err)
		return err
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

// Step returns at once unless there is something to attend to. The context is asked, too:
// it is done a moment before attention is drawn to it.
func (r *running) Step() (save bool, err error) {
	if !r.attention.Load() && r.ctx.Err() == nil {
		return false, nil
	}
	return r.attend()
}

// attend says whether a checkpoint is due, which it is at the end, too; then it holds the
// trial up while it is paused.
func (r *running) attend() (save bool, err error) {
	e := r.e
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		if r.ctx.Err() != nil {
			return r.savesAtEnd(), context.Cause(r.ctx)
		}
		if r.due {
			r.due = false
			r.attention.Store(r.heldUp())
			return true, nil
		}
		if !r.heldUp() {
			r.attention.Store(r.ctx.Err() != nil)
			return false, nil
		}
		wake := r.wake
		e.mu.Unlock()
		select {
		case <-wake:
		case <-r.ctx.Done():
		}
		e.mu.Lock()
	}
}

func (r *running) heldUp() bool { return r.paused || r.e.paused }

// savesAtEnd says whether a run that is told to end is to be gone on with from here.
func (r *running) savesAtEnd() bool {
	cause := context.Cause(r.ctx)
	if errors.Is(cause, errTimeUsed) {
		return r.e.Drain != DrainKill
	}
	return !errors.Is(cause, errByHand) && !errors.Is(cause, errTrialTime) && !errors.Is(cause, errFault)
}

// Save keeps a checkpoint.
func (r *running) Save(state []byte) error {
	e, n := r.e, r.trial.Number
	e.mu.Lock()
	if r.gone {
		e.mu.Unlock()
		return errStuck
	}
	kept, epochs := e.trials[n].Runs, e.trials[n].Epochs()
	e.mu.Unlock()
	began := e.now()
	if err := e.record(CheckpointSaved{Number: n, Epochs: epochs, State: state}); err != nil {
		err = fmt.Errorf("saving a checkpoint of trial %d: %w", n, err)
		e.mu.Lock()
		e.fail(err)
		e.mu.Unlock()
		return err
	}
	cost := e.now().Sub(began)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.trials[n].Crashes = 0
	r.saved, r.kept = true, kept
	r.timer.Reset(max(e.checkpointEvery(), checkpointShare*cost))
	return nil
}

// Resume returns the checkpoint that the run goes on from.
func (r *running) Resume() ([]byte, []Run) {
	if r.state == nil {
		return nil, nil
	}
	runs := slices.Clone(r.trial.Runs)
	for i := range runs {
		runs[i].Epochs = slices.Clone(runs[i].Epochs)
	}
	return r.state, runs
}
