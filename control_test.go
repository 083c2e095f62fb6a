package medml_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"medml"
)

// walker is an objective of endless steps that says each one.
func walker(steps *atomic.Int64) medml.Objective {
	return func(ctx context.Context, t medml.Trial, m medml.Monitor) (medml.Result, error) {
		for {
			save, err := m.Step()
			if save {
				if err := m.Save([]byte("state")); err != nil {
					return medml.Result{}, err
				}
			}
			if err != nil {
				return medml.Result{}, err
			}
			steps.Add(1)
			time.Sleep(time.Millisecond) // of the bubble's clock
		}
	}
}

// moves reports whether steps are made within a virtual 200 ms.
func moves(steps *atomic.Int64) bool {
	before := steps.Load()
	time.Sleep(200 * time.Millisecond)
	return steps.Load() > before
}

func TestAStudyIsPausedResumedAndStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var steps atomic.Int64
		e := &medml.Executor{Study: &queue{n: 9}, Objective: walker(&steps), Recorder: &tape{}, Workers: 2}
		if err := e.Pause(medml.WholeStudy); err == nil {
			t.Error("a study that hasn't begun was paused")
		}
		ended := make(chan medml.StudyEnded)
		go func() { end, _ := e.Run(t.Context()); ended <- end }()
		synctest.Wait()
		for range 3 {
			noError(t, e.Pause(medml.WholeStudy))
			time.Sleep(10 * time.Millisecond)
			if s, _ := e.Snapshot(); moves(&steps) || s.State != medml.StudyPaused {
				t.Error("a paused study goes on")
			}
			noError(t, e.Resume(medml.WholeStudy))
			if s, _ := e.Snapshot(); !moves(&steps) || s.State != medml.StudyRunning {
				t.Error("a resumed study stands still")
			}
		}
		noError(t, e.Pause(medml.WholeStudy))
		time.Sleep(10 * time.Millisecond)
		noError(t, e.Stop(medml.WholeStudy))
		if end := <-ended; end.State != medml.StudyInterrupted {
			t.Errorf("a stopped study ended as %+v", end)
		}
		for _, tr := range trials(t, e) {
			if tr.State != medml.Waiting {
				t.Errorf("trial %d is %v", tr.Number, tr.State)
			}
		}
		if err := e.Stop(medml.WholeStudy); err == nil {
			t.Error("a study that has ended was stopped")
		}
	})
}

func TestATrialIsPausedResumedAndStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var steps [2]atomic.Int64
		objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
			noError(t, m.Report(0, medml.Epoch{Step: 1, Report: 7}))
			return walker(&steps[tr.Number])(ctx, tr, m)
		}
		e := &medml.Executor{Study: &queue{n: 2}, Objective: objective, Recorder: &tape{}, Workers: 2}
		ended := make(chan medml.StudyEnded)
		go func() { end, _ := e.Run(t.Context()); ended <- end }()
		synctest.Wait()
		noError(t, e.Pause(1))
		time.Sleep(10 * time.Millisecond)
		if moves(&steps[1]) || !moves(&steps[0]) || !trials(t, e)[1].Paused {
			t.Error("the other trial was paused, or none")
		}
		// A trial that was paused by itself stays so when the study goes on.
		noError(t, e.Pause(medml.WholeStudy))
		noError(t, e.Resume(medml.WholeStudy))
		if moves(&steps[1]) || !moves(&steps[0]) {
			t.Error("resuming the study resumed a trial that was paused by itself, or not the other")
		}
		noError(t, e.Resume(1))
		if !moves(&steps[1]) || trials(t, e)[1].Paused {
			t.Error("the trial was not resumed")
		}
		noError(t, e.Pause(1))
		noError(t, e.Stop(0))
		noError(t, e.Stop(1))
		if end := <-ended; end.State != medml.StudyComplete {
			t.Errorf("ended as %+v", end)
		}
		for _, tr := range trials(t, e) {
			if tr.State != medml.Pruned || tr.Reason != "stopped by hand" || tr.Value != 7 || tr.Epochs() != 1 {
				t.Errorf("a trial stopped by hand is %+v", tr)
			}
		}
		if err := e.Stop(5); err == nil {
			t.Error("a trial that there isn't was stopped")
		}
	})
}

func TestAPauseStopsATrialsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var steps atomic.Int64
		e := &medml.Executor{
			Study: &queue{n: 1}, Objective: walker(&steps), Recorder: &tape{}, TrialTime: time.Second,
		}
		ended := make(chan medml.StudyEnded)
		begun := time.Now()
		go func() { end, _ := e.Run(t.Context()); ended <- end }()
		time.Sleep(time.Second / 2)
		noError(t, e.Pause(0))
		time.Sleep(time.Hour)
		noError(t, e.Resume(0))
		<-ended
		if took := time.Since(begun) - time.Hour; took < time.Second || took > 1010*time.Millisecond {
			t.Errorf("a trial of a second, paused for an hour, took %v besides", took)
		}
		if tr := trials(t, e)[0]; tr.State != medml.Failed || tr.Reason != "took longer than 1s" {
			t.Errorf("it is %+v", tr)
		}
	})
}

func TestAWorkerThatIsStuckIsGivenUp(t *testing.T) {
	release := make(chan struct{})
	synctest.Test(t, func(t *testing.T) {
		objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
			if tr.Number != 1 {
				return square(ctx, tr, m)
			}
			for tr.Number == 1 { // deaf to ctx
				time.Sleep(time.Minute)
				select {
				case <-release:
					err := m.Report(0, medml.Epoch{Step: 1})
					if err == nil || m.Save(nil) == nil {
						t.Error("a run that was given up is still listened to")
					}
					return medml.Result{Value: 99}, nil
				default:
				}
			}
			return medml.Result{}, nil
		}
		e := &medml.Executor{
			Study: &queue{n: 4}, Objective: objective, Recorder: &tape{}, TrialTime: time.Hour, Grace: time.Second,
		}
		if end := run(t, e); end.State != medml.StudyComplete {
			t.Errorf("ended as %+v", end)
		}
		s := trials(t, e)
		if tr := s[1]; tr.State != medml.Failed || !strings.HasPrefix(tr.Reason, "took longer than 1h") {
			t.Errorf("the stuck trial is %+v", tr)
		}
		if s[2].State != medml.Complete || s[3].State != medml.Complete {
			t.Errorf("the trials after it are %v and %v", s[2].State, s[3].State)
		}
		close(release)
		time.Sleep(time.Hour)
	})
}

func TestDrainingSaysWhatBecomesOfRunningTrials(t *testing.T) {
	for _, c := range []struct {
		drain medml.Drain
		state medml.State
		saved bool
	}{
		{"", medml.Waiting, true},
		{medml.DrainCheckpoint, medml.Waiting, true},
		{medml.DrainKill, medml.Waiting, false},
		{medml.DrainFinish, medml.Complete, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
				for range 3 {
					time.Sleep(time.Second)
					save, err := m.Step()
					if save {
						err = errors.Join(err, m.Save([]byte("x")))
					}
					if err != nil {
						return medml.Result{}, err
					}
				}
				return medml.Result{Value: 1}, nil
			}
			rec := &tape{}
			e := &medml.Executor{
				Study: &queue{n: 5}, Objective: objective, Recorder: rec, Time: 1500 * time.Millisecond, Drain: c.drain,
			}
			if end := run(t, e); end.State != medml.StudyComplete {
				t.Errorf("%q: ended as %+v", c.drain, end)
			}
			saved := false
			for _, ev := range rec.events {
				_, ok := ev.(medml.CheckpointSaved)
				saved = saved || ok
			}
			if ts := trials(t, e); len(ts) != 1 || ts[0].State != c.state || saved != c.saved {
				t.Errorf("%q: %d trials, the first %v, saved %v", c.drain, len(ts), ts[0].State, saved)
			}
		})
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestAClockThatJumpsLosesNothing(t *testing.T) {
	at, jump := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), time.Duration(0)
	var mu sync.Mutex
	e := &medml.Executor{
		Study: &queue{n: 20}, Objective: square, Recorder: &tape{}, Workers: 3, Time: time.Hour, TrialTime: time.Hour,
		Now: func() time.Time { // a day back, two forth, three back, …
			mu.Lock()
			defer mu.Unlock()
			jump = -jump
			if jump <= 0 {
				jump -= 24 * time.Hour
			}
			return at.Add(jump)
		},
	}
	end := run(t, e)
	if end.State != medml.StudyComplete || end.Reason != "all done" || end.Elapsed < 0 {
		t.Errorf("ended as %+v", end)
	}
	for _, tr := range trials(t, e) {
		if tr.State != medml.Complete || tr.Ended.Before(tr.Started) || tr.Seconds() < 0 {
			t.Errorf("trial %d is %v, from %v to %v", tr.Number, tr.State, tr.Started, tr.Ended)
		}
	}
	if s, _ := e.Snapshot(); s.Elapsed < 0 {
		t.Errorf("the study has run for %v", s.Elapsed)
	}
}

func TestAnInterruptionSavesWhateverTheDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		past := []medml.Trial{{State: medml.Waiting, Crashes: 9, Params: medml.Params{{Name: "x", Value: medml.IntValue(0)}}}}
		rec := &tape{}
		e := &medml.Executor{
			Study: &queue{n: 1, next: 1, wait: past}, Objective: counter, Recorder: rec, Past: past, Drain: medml.DrainKill,
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5500*time.Millisecond)
		defer cancel()
		if _, err := e.Run(ctx); err != nil {
			t.Fatal(err)
		}
		tr := trials(t, e)[0]
		if state, _ := rec.checkpoint(0); state == nil || tr.State != medml.Waiting {
			t.Errorf("interrupted without a checkpoint: %+v", tr)
		}
		if tr.Crashes != 0 {
			t.Errorf("a trial with a checkpoint still counts %d crashes", tr.Crashes)
		}
	})
}
