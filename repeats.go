package medml

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
)

// repeatLeaders trains the best trials from further seeds.
func (e *Executor) repeatLeaders(ctx context.Context) error {
	todo := make(chan Trial)
	var workers sync.WaitGroup
	for range e.Workers {
		workers.Go(func() {
			for t := range todo {
				for seed := len(t.Repeats) + 1; seed < e.Repeats && ctx.Err() == nil && !e.outOfTime(); seed++ {
					e.repeat(ctx, t, seed)
				}
			}
		})
	}
	for _, t := range e.leaders() {
		todo <- t
	}
	close(todo)
	workers.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.fault
}

// leaders returns the best complete trials by what the search knows of them, so that they
// are the same after an interruption.
func (e *Executor) leaders() []Trial {
	if e.Repeats < 2 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s := Snapshot{About: e.About, Trials: slices.Clone(e.trials)}
	s.Leaders = 0
	ranked := s.Ranked()
	end := slices.IndexFunc(ranked, func(t Trial) bool { return t.State != Complete })
	if end < 0 {
		end = len(ranked)
	}
	return ranked[:min(end, e.Leaders)]
}

// repeat trains a trial from one more seed and records it. One that fails is recorded
// without a value, with the reason.
func (e *Executor) repeat(ctx context.Context, t Trial, seed int) {
	t.Seed, t.Runs, t.Repeats = seed, nil, nil
	need := e.admitRepeat(ctx, t)
	res, err := Result{}, context.Cause(ctx)
	if err == nil {
		res, err = e.trainRepeat(ctx, t)
	}
	e.mu.Lock()
	e.used -= need
	e.stir()
	e.mu.Unlock()
	if err != nil && ctx.Err() != nil {
		return
	}
	rep := Repeat{Seed: seed, Value: res.Value, Runs: res.Runs, Weights: res.Weights}
	if err != nil {
		rep.Value, rep.Reason = math.NaN(), err.Error()
	}
	err = e.record(RepeatEnded{Number: t.Number, Repeat: rep})
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.fail(fmt.Errorf("recording repeat %d of trial %d: %w", seed, t.Number, err))
		return
	}
	kept := &e.trials[t.Number]
	kept.Repeats = append(slices.Clip(kept.Repeats), rep)
}

// admitRepeat waits until there is memory for a repeat, and takes it.
func (e *Executor) admitRepeat(ctx context.Context, t Trial) (need int64) {
	if e.Need != nil {
		if n, err := e.Need(t); err == nil { // else the objective will say so
			need = n
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.Memory > 0 && e.used > 0 && e.used+need > e.Memory && ctx.Err() == nil {
		wake := e.wake
		e.mu.Unlock()
		select {
		case <-wake:
		case <-ctx.Done():
		}
		e.mu.Lock()
	}
	e.used += need
	return need
}

func (e *Executor) trainRepeat(ctx context.Context, t Trial) (res Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{fmt.Sprintf("panic: %v (%s)", p, panicSite())}
		}
	}()
	res, err = e.Objective(ctx, t, repeating{ctx, e})
	if err == nil && math.IsNaN(res.Value) {
		err = errors.New("the objective has no value")
	}
	return res, err
}

// repeating is the monitor of a repeat: nothing prunes it, and a paused study holds it up.
type repeating struct {
	ctx context.Context
	e   *Executor
}

func (m repeating) Report(int, Epoch) error { return context.Cause(m.ctx) }

func (m repeating) Step() (bool, error) {
	m.e.mu.Lock()
	defer m.e.mu.Unlock()
	for m.e.paused && m.ctx.Err() == nil {
		wake := m.e.wake
		m.e.mu.Unlock()
		select {
		case <-wake:
		case <-m.ctx.Done():
		}
		m.e.mu.Lock()
	}
	return false, context.Cause(m.ctx)
}

func (repeating) Save([]byte) error       { return nil }
func (repeating) Resume() ([]byte, []Run) { return nil, nil }
