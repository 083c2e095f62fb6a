package medml_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"medml"
)

func TestLeadersAreTrainedFromFurtherSeeds(t *testing.T) {
	objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
		if tr.Seed == 0 {
			return square(ctx, tr, m)
		}
		switch {
		case tr.Number == 8:
			panic("boom")
		case tr.Number == 9 && tr.Seed == 2:
			return medml.Result{}, errors.New("no luck")
		}
		return medml.Result{Value: float64(tr.Seed)}, nil
	}
	for _, workers := range []int{1, 4} {
		rec := &tape{}
		e := &medml.Executor{
			Study: &queue{n: 10}, Objective: objective, Recorder: rec, Workers: workers,
			About: medml.About{Direction: medml.Maximize, Leaders: 4}, Repeats: 3, Leaders: 4,
		}
		run(t, e)
		s, _ := e.Snapshot()
		for i, tr := range s.Trials {
			want := 0
			if i >= 6 {
				want = 2
			}
			if len(tr.Repeats) != want {
				t.Fatalf("%d workers: trial %d has %d repeats, want %d", workers, i, len(tr.Repeats), want)
			}
		}
		if got := s.Trials[7].Score(); got != (49+1+2)/3. {
			t.Errorf("the score of trial 7 is %v", got)
		}
		// Trials 8 and 9 have repeats without a value; of the others the mean counts.
		if best, _ := s.Best(); best.Number != 7 {
			t.Errorf("the best is trial %d", best.Number)
		}
		if r := s.Trials[9].Repeats[1]; r.Reason != "no luck" || r.Value == r.Value {
			t.Errorf("a repeat that failed is %+v", r)
		}

		// Leaders rank among themselves by the mean over their seeds; the others behind them.
		if r := s.Ranked(); r[0].Number != 7 || r[1].Number != 6 || r[4].Number != 5 {
			t.Errorf("ranked %d, %d, %d, %d, %d", r[0].Number, r[1].Number, r[2].Number, r[3].Number, r[4].Number)
		}

		// What is there already isn't trained again.
		e = &medml.Executor{
			Study: &queue{n: 10, next: 10}, Objective: objective, Recorder: rec, Past: s.Trials, Workers: workers,
			About: medml.About{Direction: medml.Maximize}, Repeats: 4, Leaders: 4,
		}
		run(t, e)
		if got := trials(t, e)[7].Repeats; len(got) != 3 || got[2].Seed != 3 {
			t.Errorf("after one more repeat: %+v", got)
		}
	}
}

func TestRepeatsKeepToMemoryAndTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int64
		objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
			if tr.Seed > 0 {
				most.Store(max(most.Load(), running.Add(1)))
				defer running.Add(-1)
			}
			time.Sleep(time.Second)
			if _, err := m.Step(); err != nil {
				return medml.Result{}, err
			}
			return square(ctx, tr, m)
		}
		e := &medml.Executor{
			Study: &queue{n: 6}, Objective: objective, Recorder: &tape{}, Workers: 4, Memory: 100,
			About: medml.About{Direction: medml.Maximize, Leaders: 6}, Repeats: 2, Leaders: 6,
			Need: func(medml.Trial) (int64, error) { return 60, nil }, Time: 9500 * time.Millisecond,
		}
		end := run(t, e)
		if most.Load() != 1 {
			t.Errorf("%d repeats ran at once where there is memory for one", most.Load())
		}
		if end.State != medml.StudyComplete || end.Reason != "the time budget is used up: 9.5s" {
			t.Errorf("ended as %+v", end)
		}
		done := 0
		for _, tr := range trials(t, e) {
			done += len(tr.Repeats)
		}
		if done != 3 {
			t.Errorf("%d repeats in the three and a half seconds that were left", done)
		}
	})
}
