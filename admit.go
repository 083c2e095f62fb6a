package medml

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// crashLimit is how often a trial may take the process down running without a checkpoint
// between; then it fails.
const crashLimit = 10

// fill starts trials until the workers, the memory or the trials run out. It returns
// what the study said if it gave none: ErrWait, a *Done or a fault. The caller holds the
// lock.
func (e *Executor) fill(ctx context.Context) error {
	for len(e.active) < e.Workers && !e.paused && !e.timeUsed && ctx.Err() == nil {
		t, need, err := e.next()
		if err != nil {
			return err
		}
		if t == nil {
			return nil // it waits for memory
		}
		e.start(ctx, *t, need)
	}
	return nil
}

// next returns the trial to start and the memory it needs, nil while that isn't there.
func (e *Executor) next() (t *Trial, need int64, err error) {
	if t = e.held; t == nil {
		asked, err := e.Study.Ask()
		if err != nil {
			return nil, 0, err
		}
		t = e.prepare(asked)
	}
	e.held = nil
	if e.Need != nil {
		if need, err = e.Need(*t); err != nil {
			need = 0 // the objective will say so
		}
		if e.Memory > 0 && need <= e.Memory && e.used+need > e.Memory && len(e.active) > 0 {
			e.held = t
			return nil, 0, nil
		}
	}
	return t, need, nil
}

// prepare makes a trial that was asked for one that starts; what earlier sessions know of
// it stays.
func (e *Executor) prepare(asked Trial) *Trial {
	t := asked
	if n := t.Number; n < len(e.trials) {
		was := e.trials[n]
		t.Runs, t.Reason, t.Retries, t.Crashes = was.Runs, was.Reason, was.Retries, was.Crashes
	}
	t.State, t.Started, t.Ended = Running, e.now(), time.Time{}
	t.Value, t.Low, t.High = math.NaN(), math.NaN(), math.NaN()
	return &t
}

// refusal is why a trial can't be trained at all, nil if it can.
func (e *Executor) refusal(t Trial, need int64) error {
	switch {
	case e.Memory > 0 && need > e.Memory:
		return fmt.Errorf("%w: needs %s, the sweep may use %s", ErrMemory, bytesText(need), bytesText(e.Memory))
	case t.Crashes >= crashLimit:
		return fmt.Errorf("the process died under it %d times without a checkpoint between", t.Crashes)
	}
	return nil
}

func bytesText(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// start gives a trial to a worker. The caller holds the lock.
func (e *Executor) start(ctx context.Context, t Trial, need int64) {
	var state []byte
	refused := e.refusal(t, need)
	if refused == nil && t.Number < len(e.trials) && e.Checkpoint != nil {
		s, err := e.Checkpoint(t.Number)
		if err != nil {
			t.Reason = fmt.Sprintf("began anew: %v", err)
		}
		state = s
	}
	if state == nil {
		t.Runs = nil
	}
	wait, err := e.Recorder.Queue(TrialStarted{Trial: t, Resumed: state != nil})
	if err != nil {
		e.fail(fmt.Errorf("recording the start of trial %d: %w", t.Number, err))
		return
	}
	if t.Number == len(e.trials) {
		e.trials = append(e.trials, t)
	}
	r := e.newRunning(ctx, t, need, state)
	go r.work(wait, refused)
}

// replay tells the study again what a run that goes on had reported. Then it did not
// prune the trial, so now it doesn't either.
func (e *Executor) replay(t Trial) error {
	for _, run := range t.Runs {
		for _, ep := range run.Epochs {
			if _, err := e.Study.Report(t, run.Fold, ep); err != nil && !errors.Is(err, ErrPruned) {
				return fmt.Errorf("reporting an earlier epoch of trial %d: %w", t.Number, err)
			}
		}
	}
	return nil
}
