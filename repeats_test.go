package medml_test

import (
	"context"
	"errors"
	"testing"

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
			About: medml.About{Direction: medml.Maximize}, Repeats: 3, Leaders: 4,
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
