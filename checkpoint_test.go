package medml_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"medml"

	"github.com/google/go-cmp/cmp"
)

// counter is an objective of 4 epochs of 10 steps whose value is the sum of what it drew;
// its state is the step and the sum.
func counter(ctx context.Context, t medml.Trial, m medml.Monitor) (medml.Result, error) {
	run := medml.Run{}
	step, sum := 0, 0
	if state, runs := m.Resume(); state != nil {
		if len(state) != 16 {
			return medml.Result{}, fmt.Errorf("%w: %d bytes", medml.ErrCheckpoint, len(state))
		}
		step = int(binary.LittleEndian.Uint64(state))
		sum = int(binary.LittleEndian.Uint64(state[8:]))
		if len(runs) > 0 {
			run.Epochs = runs[0].Epochs
		}
	}
	for step < 40 {
		step++
		sum += medml.Stream(1, "counter", t.Number, step).IntN(1000)
		time.Sleep(time.Second)
		if step%10 == 0 {
			ep := medml.Epoch{Step: step / 10, Report: float64(sum)}
			run.Epochs = append(run.Epochs, ep)
			if err := m.Report(0, ep); err != nil {
				return medml.Result{Runs: []medml.Run{run}}, err
			}
		}
		save, err := m.Step()
		if save {
			state := binary.LittleEndian.AppendUint64(nil, uint64(step))
			if err := m.Save(binary.LittleEndian.AppendUint64(state, uint64(sum))); err != nil {
				return medml.Result{}, err
			}
		}
		if err != nil {
			return medml.Result{}, err
		}
	}
	return medml.Result{Value: float64(sum), Runs: []medml.Run{run}}, nil
}

// checkpoints are those that a tape has taken.
func (r *tape) checkpoint(number int) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var state []byte
	for _, ev := range r.events {
		switch ev := ev.(type) {
		case medml.CheckpointSaved:
			if ev.Number == number {
				state = ev.State
			}
		case medml.TrialEnded:
			if ev.Trial.Number == number {
				state = nil
			}
		}
	}
	return state, nil
}

func TestATrialGoesOnFromItsCheckpointToTheSameEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := &medml.Executor{Study: &queue{n: 1}, Objective: counter, Recorder: &tape{}}
		run(t, whole)
		want := trials(t, whole)[0]
		for _, after := range []time.Duration{500 * time.Millisecond, 5500 * time.Millisecond, 25500 * time.Millisecond, 30500 * time.Millisecond} {
			rec, steps := &tape{}, 0
			q, past := &queue{n: 1}, []medml.Trial(nil)
			for {
				ctx, cancel := context.WithTimeout(t.Context(), after)
				e := &medml.Executor{
					Study: q, Objective: counter, Recorder: rec, Past: past, Checkpoint: rec.checkpoint, CheckpointEvery: 3 * time.Second,
				}
				end, err := e.Run(ctx)
				cancel()
				if err != nil {
					t.Fatal(err)
				}
				past = trials(t, e)
				if end.State == medml.StudyComplete || past[0].State == medml.Complete {
					break // stopped in the moment of its end, perhaps
				}
				if past[0].State != medml.Waiting || past[0].Reason != "" {
					t.Fatalf("after %v: %+v", after, past[0])
				}
				if steps++; steps > 100 {
					t.Fatal("no progress")
				}
				q = &queue{n: 1, next: 1, wait: past}
			}
			got := past[0]
			if got.Value != want.Value || got.Epochs() != 4 || !cmp.Equal(got.Runs, want.Runs, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })) {
				t.Errorf("interrupted every %v: %+v, want %+v", after, got, want)
			}
			if want := int(40*time.Second/after) - 1; after > time.Second && steps < want {
				t.Errorf("interrupted every %v: %d times, want %d", after, steps, want)
			}
		}
	})
}

func TestTheStudyIsToldAgainWhatARunHadReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := &tape{}
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		e := &medml.Executor{Study: &queue{n: 1}, Objective: counter, Recorder: rec}
		if _, err := e.Run(ctx); err != nil {
			t.Fatal(err)
		}
		var told []int
		q := &queue{n: 1, next: 1, wait: trials(t, e), prune: func(_ medml.Trial, step int) bool {
			told = append(told, step)
			return false
		}}
		run(t, &medml.Executor{Study: q, Objective: counter, Recorder: rec, Past: trials(t, e), Checkpoint: rec.checkpoint})
		if fmt.Sprint(told) != "[1 2 3 4]" {
			t.Errorf("the study was told steps %v", told)
		}
	})
}

func TestACheckpointThatCantBeUsedBeginsAnew(t *testing.T) {
	for name, c := range map[string]struct {
		state []byte
		err   error
	}{"unreadable": {nil, errors.New("disk error")}, "of another kind": {[]byte("?"), nil}} {
		synctest.Test(t, func(t *testing.T) {
			past := []medml.Trial{{State: medml.Waiting, Runs: []medml.Run{{Epochs: []medml.Epoch{{Step: 1}}}}}}
			asked := 0
			e := &medml.Executor{
				Study: &again{queue{n: 1, next: 1, wait: past}}, Objective: counter, Recorder: &tape{}, Past: past,
				Checkpoint: func(int) ([]byte, error) {
					if asked++; asked > 1 {
						return nil, nil
					}
					return c.state, c.err
				},
			}
			run(t, e)
			if tr := trials(t, e)[0]; tr.State != medml.Complete || tr.Epochs() != 4 {
				t.Errorf("%s: %+v", name, tr)
			}
		})
	}
}

// again is a queue that gives trials which wait again once more.
type again struct{ queue }

func (q *again) Tell(t medml.Trial) error {
	if t.State == medml.Waiting {
		q.wait = append(q.wait, t)
	}
	return q.queue.Tell(t)
}

func TestATrialUnderWhichTheProcessDiesFailsAtLast(t *testing.T) {
	past := []medml.Trial{
		{State: medml.Waiting, Crashes: 9, Params: medml.Params{{Name: "x", Value: medml.IntValue(0)}}},
		{Number: 1, State: medml.Waiting, Crashes: 10},
	}
	e := &medml.Executor{Study: &queue{n: 3, next: 2, wait: past}, Objective: square, Recorder: &tape{}, Past: past}
	run(t, e)
	s := trials(t, e)
	if s[0].State != medml.Complete || s[1].State != medml.Failed || s[2].State != medml.Complete {
		t.Errorf("states %v %v %v", s[0].State, s[1].State, s[2].State)
	}
	if want := "the process died under it 10 times without a checkpoint between"; s[1].Reason != want {
		t.Errorf("reason %q", s[1].Reason)
	}
}
