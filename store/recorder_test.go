package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/store"
)

func TestAnEpochIsOnDiskWhenTheFlushTimeHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir(), store.Options{})
		must(t, s.Create(study("x")), s.Begin("x", store.Session{Started: clock}))
		r, err := s.Recorder("x", store.RecorderOptions{Flush: time.Second})
		must(t, err)
		record(t, r, medml.TrialStarted{Trial: running(0)})
		stored := func() int { return trials(t, s, "x")[0].Epochs() }

		record(t, r, live(0, 0)[0])
		time.Sleep(900 * time.Millisecond)
		record(t, r, live(0, 0)[1])
		synctest.Wait()
		if n := stored(); n != 0 {
			t.Errorf("after 0.9 s there are %d epochs: they weren't gathered", n)
		}
		time.Sleep(100 * time.Millisecond) // one second after the first
		synctest.Wait()
		if n := stored(); n != 2 {
			t.Errorf("after 1 s there are %d epochs of 2", n)
		}
		record(t, r, live(0, 0)[2])
		time.Sleep(time.Second)
		synctest.Wait()
		if n := stored(); n != 3 {
			t.Errorf("after another second there are %d epochs of 3", n)
		}
		must(t, r.Close())
	})
}

func TestAStateChangeTakesTheEpochsBeforeItAlong(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	record(t, r, medml.TrialStarted{Trial: running(0)})
	record(t, r, live(0, 0)...)
	if n := trials(t, s, "x")[0].Epochs(); n != 0 {
		t.Errorf("%d epochs were written at once", n)
	}
	record(t, r, medml.TrialStarted{Trial: running(1)})
	if n := trials(t, s, "x")[0].Epochs(); n != 3 {
		t.Errorf("%d epochs of 3 came along", n)
	}
	record(t, r, live(1, 0)...)
	must(t, r.Close())
	if n := trials(t, s, "x")[1].Epochs(); n != 3 {
		t.Errorf("closing wrote %d epochs of 3", n)
	}
}

func TestARestartedTrialLosesItsEarlierEpochs(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	record(t, r, medml.TrialStarted{Trial: running(0)})
	record(t, r, live(0, 0)...)
	record(t, r, medml.TrialReset{Trial: waiting(0)})
	if diff := cmp.Diff([]medml.Trial{waiting(0)}, trials(t, s, "x"), exact); diff != "" {
		t.Errorf("reset (-want +got):\n%s", diff)
	}
	record(t, r, medml.TrialStarted{Trial: running(0)})
	record(t, r, live(0, 1)...)
	must(t, r.Close())
	want := running(0)
	want.Runs = []medml.Run{{Fold: 1, Value: nan, Epochs: epochs(0, 1)}}
	if diff := cmp.Diff([]medml.Trial{want}, trials(t, s, "x"), exact); diff != "" {
		t.Errorf("restarted (-want +got):\n%s", diff)
	}
}

func TestEventsThatCannotBeAreRefusedAndLeaveNoTrace(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	record(t, r, medml.TrialStarted{Trial: running(0)}, medml.TrialEnded{Trial: complete(0)}, medml.TrialStarted{Trial: running(1)})
	before := trials(t, s, "x")
	for _, c := range []struct {
		name  string
		event medml.Event
		want  string
	}{
		{"a trial that starts before an earlier one", medml.TrialStarted{Trial: running(3)}, "trial 3 comes before trial 2"},
		{"a trial that starts after its end", medml.TrialStarted{Trial: running(0)}, "trial 0 can't start: it is complete already"},
		{"a trial that ends twice", medml.TrialEnded{Trial: complete(0)}, "trial 0 can't end: it is complete already"},
		{"a trial that ends running", medml.TrialEnded{Trial: running(1)}, "trial 1 can't end as running"},
		{"a trial that starts complete", medml.TrialStarted{Trial: complete(1)}, "trial 1 can't start as complete"},
		{"an ended trial put back", medml.TrialReset{Trial: waiting(0)}, "trial 0 can't reset: it is complete already"},
		{"an epoch of an ended trial", live(0, 0)[0], "an epoch of trial 0, which isn't running"},
		{"an epoch of no trial", live(7, 0)[0], "an epoch of trial 7, which isn't running"},
		{"an epoch of a negative fold", medml.EpochEnded{Number: 1, Fold: -1}, "trial 1: an epoch of fold -1, step 0"},
		{"an end that is none", medml.StudyEnded{State: medml.StudyRunning}, `the study ends as "running"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := r.Record(c.event); err == nil || err.Error() != `study "x": `+c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	record(t, r, medml.StudyEnded{State: medml.StudyInterrupted, Reason: "stopped"})
	if err := r.Record(medml.TrialEnded{Trial: complete(1)}); err == nil {
		t.Error("a trial ended after its study")
	}
	if diff := cmp.Diff(before, trials(t, s, "x"), exact); diff != "" {
		t.Errorf("trials (-before +after):\n%s", diff)
	}
}

func TestAnErrorOfTheDiskComesWithTheNextRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir(), store.Options{})
		must(t, s.Create(study("x")), s.Begin("x", store.Session{Started: clock}))
		r, err := s.Recorder("x", store.RecorderOptions{Flush: time.Second})
		must(t, err)
		record(t, r, medml.TrialStarted{Trial: running(0)}, live(0, 0)[0])
		must(t, store.LoseDisk(s))
		time.Sleep(time.Second)
		synctest.Wait()
		first := r.Record(live(0, 0)[1])
		if first == nil {
			t.Fatal("an epoch was taken after the disk was lost")
		}
		if again := r.Record(medml.TrialEnded{Trial: complete(0)}); again == nil || again.Error() != first.Error() {
			t.Errorf("first %v, then %v", first, again)
		}
		if err := r.Close(); err == nil {
			t.Error("closing says that all is well")
		}
	})
}

func TestAStudyHasOneRecorder(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	if _, err := s.Recorder("x", store.RecorderOptions{}); err == nil {
		t.Error("there are two recorders")
	}
	if err := s.Begin("x", store.Session{}); err == nil {
		t.Error("a study began under its recorder")
	}
	must(t, r.Close(), r.Close())
	if err := r.Record(medml.TrialStarted{Trial: running(0)}); err == nil {
		t.Error("a closed recorder took an event")
	}
}

// Workers record at once; each event is on disk when its Record returns, and what a
// trial's worker recorded keeps its order.
func TestWorkersRecordAtOnce(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	const workers = 8
	for n := range workers {
		record(t, r, medml.TrialStarted{Trial: running(n)})
	}
	var wg sync.WaitGroup
	errs := make([]error, workers)
	for n := range workers {
		wg.Go(func() { errs[n] = work(s, r, n) })
	}
	wg.Wait()
	must(t, errors.Join(errs...))
	for n, tr := range trials(t, s, "x") {
		if diff := cmp.Diff(complete(n), tr, exact); diff != "" {
			t.Errorf("trial %d (-want +got):\n%s", n, diff)
		}
	}
}

// work records trial n, restarted once, and looks at the store in between.
func work(s *store.Store, r *store.Recorder, n int) error {
	for _, e := range append(live(n, 0), medml.TrialReset{Trial: waiting(n)}, medml.TrialStarted{Trial: running(n)}) {
		if err := r.Record(e); err != nil {
			return err
		}
	}
	got, err := s.Trial("x", n)
	if err != nil || got.State != medml.Running || got.Epochs() != 0 {
		return fmt.Errorf("restarted trial %d is %v with %d epochs: %w", n, got.State, got.Epochs(), err)
	}
	for _, e := range append(live(n, 0), medml.TrialEnded{Trial: complete(n)}) {
		if err := r.Record(e); err != nil {
			return err
		}
	}
	if got, err = s.Trial("x", n); err != nil || got.State != medml.Complete {
		return fmt.Errorf("trial %d is %v after its end: %w", n, got.State, err)
	}
	return nil
}

// What is queued while a transaction is on its way shares the next one, however many
// wait.
func TestThoseWhoWaitShareATransaction(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	before, err := s.Transactions()
	must(t, err)
	letGo, err := store.HoldDisk(s)
	must(t, err)
	const workers = 16
	var wg sync.WaitGroup
	errs := make([]error, workers)
	for n := range workers {
		wait, err := r.Queue(medml.TrialStarted{Trial: running(n)})
		must(t, err)
		wg.Go(func() { errs[n] = wait() })
	}
	must(t, letGo())
	wg.Wait()
	must(t, errs...)
	after, err := s.Transactions()
	must(t, err)
	// The first may have gone alone, before the second was queued.
	if after-before > 2 {
		t.Errorf("%d starts took %d transactions", workers, after-before)
	}
}

func TestAStateChangeIsOnDiskThoughNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir(), store.Options{})
		r := begin(t, s, "x") // whose epochs may take an hour
		for _, e := range []medml.Event{medml.TrialStarted{Trial: running(0)}, live(0, 0)[0], medml.TrialReset{Trial: waiting(0)}} {
			_, err := r.Queue(e)
			must(t, err)
		}
		synctest.Wait()
		if got := trials(t, s, "x"); len(got) != 1 || got[0].State != medml.Waiting {
			t.Errorf("on disk: %+v", got)
		}
		must(t, s.Close())
	})
}
