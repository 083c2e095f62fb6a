package medml_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"medml"
)

func TestTrialsAreAdmittedByTheMemoryTheyNeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		need := []int64{40, 70, 30, 101, 100, 1, 60}
		var used, most, most2 atomic.Int64
		var together atomic.Int64
		objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
			n := need[tr.Number]
			most.Store(max(most.Load(), used.Add(n)))
			most2.Store(max(most2.Load(), together.Add(1)))
			time.Sleep(time.Second)
			used.Add(-n)
			together.Add(-1)
			return square(ctx, tr, m)
		}
		e := &medml.Executor{
			Study: &queue{n: len(need)}, Objective: objective, Recorder: &tape{}, Workers: 4, Memory: 100,
			Need: func(tr medml.Trial) (int64, error) { return need[tr.Number], nil },
		}
		run(t, e)
		if most.Load() != 100 || most2.Load() < 2 {
			t.Errorf("the trials needed %d bytes together, %d at once", most.Load(), most2.Load())
		}
		for i, tr := range trials(t, e) {
			want := medml.Complete
			if need[i] > 100 {
				want = medml.Failed
			}
			if tr.State != want {
				t.Errorf("trial %d, which needs %d, is %v: %s", i, need[i], tr.State, tr.Reason)
			}
		}
		if r := trials(t, e)[3].Reason; !strings.Contains(r, "out of memory: needs") {
			t.Errorf("reason %q", r)
		}
	})
}

func TestAFaultIsTriedAgainAndADivergenceNever(t *testing.T) {
	for _, c := range []struct {
		err   error
		retry medml.Retry
		runs  int
		state medml.State
	}{
		{errors.New("disk"), medml.Retry{Max: 2}, 1, medml.Failed},
		{errors.New("disk"), medml.Retry{Max: 2, On: []medml.Cause{medml.CauseError}}, 3, medml.Failed},
		{fmt.Errorf("allocating: %w", medml.ErrMemory), medml.Retry{Max: 1}, 2, medml.Failed},
		{medml.ErrDiverged, medml.Retry{Max: 5, On: []medml.Cause{medml.CauseError, medml.CausePanic}}, 1, medml.Pruned},
		{nil, medml.Retry{Max: 2}, 3, medml.Complete},
		{nil, medml.Retry{Max: 1}, 2, medml.Failed},
	} {
		runs := 0
		objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
			if runs++; c.err != nil {
				return medml.Result{}, c.err
			}
			if runs < 3 {
				panic("now and then")
			}
			return square(ctx, tr, m)
		}
		e := &medml.Executor{Study: &again{queue{n: 1}}, Objective: objective, Recorder: &tape{}, Retry: c.retry}
		run(t, e)
		tr := trials(t, e)[0]
		if runs != c.runs || tr.State != c.state || tr.Retries != c.runs-1 {
			t.Errorf("%v with %+v: %d runs, then %v with %d retries", c.err, c.retry, runs, tr.State, tr.Retries)
		}
	}
}
