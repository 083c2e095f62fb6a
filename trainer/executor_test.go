package trainer_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"medml"
	"medml/dataset"
	"medml/trainer"

	"github.com/google/go-cmp/cmp"
)

// single is a study of one trial.
type single struct {
	trial medml.Trial
	state medml.State
	ended medml.Trial
}

func (s *single) Ask() (medml.Trial, error) {
	switch s.state {
	case medml.Running:
		return medml.Trial{}, medml.ErrWait
	case medml.Waiting:
		s.state = medml.Running
		return s.trial, nil
	}
	return medml.Trial{}, &medml.Done{Reason: "1 trial done"}
}

func (s *single) Report(medml.Trial, int, medml.Epoch) (bool, error) { return false, nil }

func (s *single) Tell(t medml.Trial) error {
	s.ended, s.state = t, t.State
	return nil
}

// memory is a recorder that keeps the last checkpoint, and calls back at an epoch.
type memory struct {
	mu      sync.Mutex
	state   []byte
	epochs  int
	stopAt  int
	stop    func()
	stopped time.Time
}

func (m *memory) Queue(e medml.Event) (func() error, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch e := e.(type) {
	case medml.CheckpointSaved:
		m.state = e.State
	case medml.EpochEnded:
		if m.epochs++; m.epochs == m.stopAt {
			m.stopped = time.Now()
			m.stop()
		}
	}
	return func() error { return nil }, nil
}

// An executor that is stopped again and again must end with the trial that one gives which
// is left alone; each stop must come at once and lose nothing that was trained.
func TestAnExecutorGoesOnWithATraining(t *testing.T) {
	tr := configured(t, dataset.Classification, table(200, twoClasses), "auroc", 20, func(c *trainer.Config) { c.Keep = true })
	for i, of := range trials {
		of.Number = 0
		want, err := tr.Objective(context.Background(), of, ignore)
		if err != nil {
			t.Fatal(err)
		}
		study := &single{trial: of}
		var past []medml.Trial
		var state []byte
		for stops := 0; study.state != medml.Complete; stops++ {
			if stops > 20 {
				t.Fatal("it never ends")
			}
			ctx, cancel := context.WithCancel(context.Background())
			rec := &memory{stopAt: 13, stop: cancel}
			e := medml.Executor{Study: study, Objective: tr.Objective, Recorder: rec, Past: past, Checkpoint: func(int) ([]byte, error) { return state, nil }}
			if _, err := e.Run(ctx); err != nil {
				t.Fatal(err)
			}
			cancel()
			if study.state == medml.Waiting {
				if took := time.Since(rec.stopped); took > 2*time.Second { // 100 ms on a machine that isn't shared
					t.Errorf("trial %d: stopped after %v", i, took)
				}
				if got := study.ended.Epochs(); got != 13*(stops+1)-1 && got != 13*(stops+1) {
					t.Errorf("trial %d: of %d epochs, %d were kept", i, 13*(stops+1), got)
				}
			}
			state, past = rec.state, []medml.Trial{study.ended}
		}
		got := study.ended
		if d := cmp.Diff(want.Runs, got.Runs, same); d != "" || got.Weights != want.Weights || got.Value != want.Value {
			t.Errorf("trial %d:\n%s", i, d)
		}
	}
}
