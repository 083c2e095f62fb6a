package medml_test

import (
	"math"
	"testing"
	"time"

	"medml"
)

func TestALeaderboardRanksByStateThenValue(t *testing.T) {
	nan := math.NaN()
	s := medml.Snapshot{Trials: []medml.Trial{
		{Number: 0, State: medml.Failed, Value: nan},
		{Number: 1, State: medml.Complete, Value: 0.8},
		{Number: 2, State: medml.Pruned, Value: 0.6},
		{Number: 3, State: medml.Complete, Value: 0.9},
		{Number: 4, State: medml.Running, Value: nan},
		{Number: 5, State: medml.Complete, Value: 0.9},
		{Number: 6, State: medml.Waiting, Value: nan},
		{Number: 7, State: medml.Pruned, Value: 0.7},
		{Number: 8, State: medml.Pruned, Value: nan},
	}}
	for d, want := range map[medml.Direction][]int{
		medml.Maximize: {3, 5, 1, 4, 6, 7, 2, 8, 0},
		medml.Minimize: {1, 3, 5, 4, 6, 2, 7, 8, 0},
	} {
		s.Direction = d
		for i, tr := range s.Ranked() {
			if tr.Number != want[i] {
				t.Errorf("%s: rank %d has trial %d, want %d", d, i, tr.Number, want[i])
			}
		}
		if best, ok := s.Best(); !ok || best.Number != want[0] {
			t.Errorf("%s: the best is trial %d, want %d", d, best.Number, want[0])
		}
	}
	if c := s.Counts(); c != (medml.Counts{Waiting: 1, Running: 1, Complete: 3, Pruned: 3, Failed: 1}) || c.Finished() != 7 {
		t.Errorf("counts %+v", c)
	}
	if _, ok := (medml.Snapshot{Trials: []medml.Trial{{State: medml.Complete, Value: nan}}}).Best(); ok {
		t.Error("a trial without a value is best")
	}
}

func TestTheTimeLeftFollowsThePaceAndTheBudget(t *testing.T) {
	done := medml.Trial{State: medml.Complete}
	half := medml.Trial{State: medml.Running, Runs: []medml.Run{{Epochs: make([]medml.Epoch, 5)}}}
	about := medml.About{Folds: 2, Epochs: 5}
	for name, c := range map[string]struct {
		s     medml.Snapshot
		want  time.Duration
		known bool
	}{
		"nothing has ended":      {medml.Snapshot{Budget: 10, Trials: []medml.Trial{half}}, 0, false},
		"one of five has ended":  {medml.Snapshot{Budget: 5, Elapsed: time.Minute, Trials: []medml.Trial{done}}, 4 * time.Minute, true},
		"one and a half of five": {medml.Snapshot{Budget: 5, Elapsed: 3 * time.Minute, Trials: []medml.Trial{done, half}}, 7 * time.Minute, true},
		"one of the past":        {medml.Snapshot{Budget: 5, Resumed: 1, Elapsed: time.Minute, Trials: []medml.Trial{done, done}}, 3 * time.Minute, true},
		"time ends first":        {medml.Snapshot{Budget: 50, TimeBudget: 90 * time.Second, Elapsed: time.Minute, Trials: []medml.Trial{done}}, 30 * time.Second, true},
		"time alone":             {medml.Snapshot{TimeBudget: 90 * time.Second, Elapsed: time.Minute}, 30 * time.Second, true},
	} {
		c.s.About, c.s.State = about, medml.StudyRunning
		if got, known := c.s.Remaining(); got != c.want || known != c.known {
			t.Errorf("%s: %v, %v; want %v, %v", name, got, known, c.want, c.known)
		}
	}
}
