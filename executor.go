package medml

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Executor runs a study: it asks for trials, trains each on a worker, passes the
// intermediate values on and tells the study the results. Set the fields, call Run once;
// Snapshot, Pause, Resume and Stop may be called at any time from any goroutine.
type Executor struct {
	Study     Study
	Objective Objective
	// Recorder takes every event before anybody sees it.
	Recorder Recorder
	About    About
	// Past are the study's trials of earlier sessions, in the order of their numbers, none
	// of them Running.
	Past []Trial
	// Checkpoint returns what CheckpointSaved kept of a waiting trial. It is asked for
	// trials that hold runs; nil begins every run anew.
	Checkpoint func(number int) ([]byte, error)
	// CheckpointEvery is how long a trial trains between checkpoints; 0 is 10 s. It is
	// stretched where saving takes more than a fiftieth of the time.
	CheckpointEvery time.Duration
	// Workers is how many trials run at once; 0 is 1.
	Workers int
	// Memory is how many bytes the running trials may need together by Need's estimate; 0
	// is no limit. A trial that needs more alone fails.
	Memory int64
	Need   func(Trial) (int64, error)
	// Budget is how many trials the study is to have. It is shown; the Study ends itself.
	Budget int
	// Time ends the study once it has run so long, earlier sessions included; 0 never does.
	Time time.Duration
	// Drain says what becomes of the running trials when Time is used up.
	Drain Drain
	// Before is how long earlier sessions ran.
	Before time.Duration
	// TrialTime fails a trial that takes longer, pauses not counted; 0 never does.
	TrialTime time.Duration
	// Retry says which trials that failed are trained again.
	Retry Retry
	// Repeats is how many trainings from different seeds the Leaders best trials have once
	// the study needs no more trials, the first included; 0 and 1 are no more.
	Repeats, Leaders int
	// Grace is how long a trial that is told to end may take for it; then its worker is
	// given up. 0 is 30 s.
	Grace time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	mu       sync.Mutex // guards Study and what follows
	trials   []Trial
	shown    int // trials up to here are on disk
	active   map[int]*running
	held     *Trial // asked for, and waits for memory
	used     int64  // bytes that the running trials need
	paused   bool
	wake     chan struct{} // closed when something changes that the loop waits for
	started  time.Time
	stop     context.CancelCauseFunc
	timeUsed bool
	ended    *StudyEnded
	fault    error // of the recorder or the study; ends the run
}

// Drain says what becomes of running trials when the study's time is used up.
type Drain string

// The ways to drain; the zero Drain is DrainCheckpoint.
const (
	DrainCheckpoint Drain = "checkpoint" // they are put back and can go on from here
	DrainFinish     Drain = "finish"     // they train to their end
	DrainKill       Drain = "kill"       // they are put back as they were last saved
)

var (
	errTimeUsed  = errors.New("the time budget is used up")
	errTrialTime = errors.New("the trial's time is used up")
	errByHand    = errors.New("stopped by hand")
	errByUser    = errors.New("stopped from outside")
	errFault     = errors.New("the study cannot go on")
)

// Run runs the study until it needs no more trials, its time is used up, or ctx is done;
// then the running trials are stopped and wait for the next session. It returns how the
// study ended. An error is a fault of the study or the recorder; trials fail without one.
func (e *Executor) Run(ctx context.Context) (StudyEnded, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	e.begin(cancel)
	if e.Time > 0 {
		if left := e.Time - e.Before; left > 0 {
			defer time.AfterFunc(left, e.timeIsUsed).Stop()
		} else {
			e.timeIsUsed()
		}
	}
	end, err := e.loop(ctx)
	if err == nil && end.State == StudyComplete && !e.outOfTime() {
		err = e.repeatLeaders(ctx)
		switch {
		case err != nil:
		case e.outOfTime():
			end.Reason = fmt.Sprintf("%v: %v", errTimeUsed, e.Time)
		case ctx.Err() != nil:
			end = StudyEnded{State: StudyInterrupted, Reason: "stopped"}
		}
	}
	end.Elapsed = max(0, e.now().Sub(e.started))
	if err != nil {
		end.State, end.Reason = StudyInterrupted, err.Error()
	}
	// After a fault, too: it is the reason that the record is to give. A recorder at fault
	// refuses, and its first error stands.
	if refused := e.record(end); err == nil && refused != nil {
		err = refused
		end.State, end.Reason = StudyInterrupted, err.Error()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended = &end
	return end, err
}

func (e *Executor) begin(stop context.CancelCauseFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.trials = slices.Clone(e.Past)
	e.shown = len(e.trials)
	e.active = map[int]*running{}
	e.wake = make(chan struct{})
	e.stop = stop
	e.started = e.now()
	e.Workers = max(1, e.Workers)
}

// timeIsUsed ends the study: at once, or where running trials may finish by asking for no
// more.
func (e *Executor) timeIsUsed() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.timeUsed = true
	if e.Drain != DrainFinish {
		e.stop(errTimeUsed)
	}
	e.stir()
}

func (e *Executor) outOfTime() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.timeUsed
}

// stir wakes the loop. The caller holds the lock.
func (e *Executor) stir() {
	close(e.wake)
	e.wake = make(chan struct{})
}

// record queues an event and waits until it is on disk.
func (e *Executor) record(ev Event) error {
	wait, err := e.Recorder.Queue(ev)
	if err != nil {
		return err
	}
	return wait()
}

// loop keeps the workers busy until the study is done or ctx is.
func (e *Executor) loop(ctx context.Context) (StudyEnded, error) {
	defer context.AfterFunc(ctx, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.stir()
	})()
	for {
		e.mu.Lock()
		wake := e.wake
		err := e.fill(ctx)
		if err != nil && !errors.Is(err, ErrWait) && !errors.As(err, new(*Done)) {
			e.fail(err)
		}
		idle := len(e.active) == 0 && !(e.paused && ctx.Err() == nil && !e.timeUsed)
		e.mu.Unlock()
		if !idle {
			<-wake
			continue
		}
		select {
		case <-wake: // something has changed since the study was asked
		default:
			return e.over(ctx, err)
		}
	}
}

// over says how the study ends once no trial runs; asked is what came of asking for
// another.
func (e *Executor) over(ctx context.Context, asked error) (StudyEnded, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var done *Done
	cause := context.Cause(ctx)
	switch {
	case e.fault != nil:
		return StudyEnded{}, e.fault
	case errors.As(asked, &done) && !e.waiting():
		return StudyEnded{State: StudyComplete, Reason: done.Reason}, nil
	case errors.Is(cause, errTimeUsed), cause == nil && e.timeUsed:
		return StudyEnded{State: StudyComplete, Reason: fmt.Sprintf("%v: %v", errTimeUsed, e.Time)}, nil
	case cause != nil:
		return StudyEnded{State: StudyInterrupted, Reason: "stopped"}, nil
	}
	return StudyEnded{}, errors.New("the study waits for a trial although none runs")
}

// waiting reports whether a trial was put back. The caller holds the lock.
func (e *Executor) waiting() bool {
	return slices.ContainsFunc(e.trials, func(t Trial) bool { return t.State == Waiting })
}

// fail ends the run with a fault of the study or the recorder. The caller holds the lock.
func (e *Executor) fail(err error) {
	if e.fault == nil {
		e.fault = err
	}
	e.stop(errFault)
}

func (e *Executor) now() time.Time {
	if e.Now != nil {
		return e.Now()
	}
	return time.Now()
}
