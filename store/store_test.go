package store_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/store"
)

func TestWhatIsStoredComesBackAfterReopening(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	want := study("diagnosis")
	must(t, s.Create(want))
	session := store.Session{Started: clock.Add(time.Hour), Workers: 2, Budget: 80, TimeBudget: time.Hour, Environment: want.Environment}
	must(t, s.Begin("diagnosis", session))
	r, err := s.Recorder("diagnosis", store.RecorderOptions{Flush: time.Hour})
	must(t, err)
	record(t, r, medml.TrialStarted{Trial: running(0)})
	record(t, r, live(0, 0)...)
	record(t, r, medml.TrialEnded{Trial: complete(0)}, medml.TrialStarted{Trial: running(1)})
	record(t, r, live(1, 0)...)
	failed := running(1)
	failed.State, failed.Reason = medml.Failed, "panic: nn: shape [3]"
	record(t, r, medml.TrialEnded{Trial: failed})
	record(t, r, medml.StudyEnded{State: medml.StudyComplete, Reason: "2 trials done", Elapsed: time.Minute})
	must(t, s.Close())

	s = open(t, dir, store.Options{ReadOnly: true})
	got, err := s.Study("diagnosis")
	must(t, err)
	want.State, want.Reason, want.Elapsed = medml.StudyComplete, "2 trials done", time.Minute
	want.Budget, want.TimeBudget = 80, time.Hour
	session.State, session.Reason, session.Ended = want.State, want.Reason, session.Started.Add(time.Minute)
	want.Sessions = []store.Session{session}
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Errorf("study (-want +got):\n%s", diff)
	}
	wantTrials := []medml.Trial{complete(0), failed}
	if diff := cmp.Diff(wantTrials, trials(t, s, "diagnosis"), exact); diff != "" {
		t.Errorf("trials (-want +got):\n%s", diff)
	}
	one, err := s.Trial("diagnosis", 0)
	must(t, err)
	if diff := cmp.Diff(complete(0), one, exact); diff != "" {
		t.Errorf("trial 0 (-want +got):\n%s", diff)
	}
	snap, err := s.Snapshot("diagnosis")
	must(t, err)
	if snap.State != medml.StudyComplete || snap.Counts() != (medml.Counts{Complete: 1, Failed: 1}) || snap.Elapsed != time.Minute || snap.Study != "diagnosis" {
		t.Errorf("snapshot %+v", snap)
	}
	verified(t, dir)
}

func TestStudiesAreSummedUp(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "b")
	for n := range 5 {
		record(t, r, medml.TrialStarted{Trial: running(n)})
		end := complete(n)
		if n == 4 {
			end.Value = complete(3).Value // as good, but later
		}
		record(t, r, medml.TrialEnded{Trial: end})
	}
	record(t, r, medml.TrialStarted{Trial: running(5)})
	minimize := study("a")
	minimize.About.Direction = medml.Minimize
	must(t, s.Create(minimize))

	list, err := s.Studies()
	must(t, err)
	want := []store.Summary{
		{Name: "a", State: medml.StudyInterrupted, Metric: "auroc", Direction: medml.Minimize, Best: -1, Value: nan, Created: clock},
		{Name: "b", State: medml.StudyRunning, Counts: medml.Counts{Complete: 5, Running: 1}, Metric: "auroc", Direction: medml.Maximize,
			Best: 3, Value: 0.8, Created: clock},
	}
	if diff := cmp.Diff(want, list, exact); diff != "" {
		t.Errorf("studies (-want +got):\n%s", diff)
	}
}

func TestEveryBitOfAFloatComesBack(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	odd := []float64{math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64,
		math.Float64frombits(0x7ff8_dead_beef_0001)}
	for n, x := range odd {
		end := complete(n)
		end.Value, end.Low, end.High = x, x, x
		end.Runs[0].Value, end.Runs[0].Measures[0].Value = x, x
		end.Runs[0].Epochs[0] = medml.Epoch{Step: 1, Loss: x, ValidLoss: x, Value: x, Report: x}
		record(t, r, medml.TrialStarted{Trial: running(n)}, medml.TrialEnded{Trial: end})
	}
	for n, tr := range trials(t, s, "x") {
		e := tr.Runs[0].Epochs[0]
		for _, x := range []float64{tr.Value, tr.Low, tr.High, tr.Runs[0].Value, tr.Runs[0].Measures[0].Value, e.Loss, e.ValidLoss, e.Value, e.Report} {
			if math.Float64bits(x) != math.Float64bits(odd[n]) {
				t.Errorf("trial %d: %x came back as %x", n, math.Float64bits(odd[n]), math.Float64bits(x))
			}
		}
	}
}

func TestAKilledSessionIsInterruptedAndItsTrialsWaitAgain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	r := begin(t, s, "x")
	record(t, r, medml.TrialStarted{Trial: running(0)}, medml.TrialEnded{Trial: complete(0)}, medml.TrialStarted{Trial: running(1)})
	record(t, r, append(live(1, 0), live(1, 1)[0], medml.TrialStarted{Trial: running(2)})...)

	s = open(t, copyStore(t, dir), store.Options{})
	got, err := s.Study("x")
	must(t, err)
	// Trial 2 started two seconds into the session, and that is the last that is known.
	if got.State != medml.StudyInterrupted || got.Elapsed != 2*time.Second || got.Sessions[0].Ended != clock.Add(2*time.Second) {
		t.Errorf("study: %v for %v, session %+v", got.State, got.Elapsed, got.Sessions[0])
	}
	half := running(1)
	half.Runs = []medml.Run{{Fold: 0, Value: nan, Epochs: epochs(1, 0)}, {Fold: 1, Value: nan, Epochs: epochs(1, 1)[:1]}}
	if diff := cmp.Diff([]medml.Trial{complete(0), half, running(2)}, trials(t, s, "x"), exact); diff != "" {
		t.Errorf("before begin (-want +got):\n%s", diff)
	}
	rested := []medml.Trial{complete(0), waiting(1), waiting(2)}
	rested[1].Crashes, rested[2].Crashes = 1, 1
	snap, err := s.Snapshot("x")
	must(t, err)
	if diff := cmp.Diff(rested, snap.Trials, exact); diff != "" || snap.State != medml.StudyInterrupted {
		t.Errorf("snapshot is %v (-want +got):\n%s", snap.State, diff)
	}
	must(t, s.Begin("x", store.Session{Started: clock.Add(time.Hour)}))
	if diff := cmp.Diff(rested, trials(t, s, "x"), exact); diff != "" {
		t.Errorf("after begin (-want +got):\n%s", diff)
	}
	got, err = s.Study("x")
	must(t, err)
	if got.State != medml.StudyRunning || len(got.Sessions) != 2 || got.Sessions[0].State != medml.StudyInterrupted {
		t.Errorf("begun: %v, sessions %+v", got.State, got.Sessions)
	}
	must(t, s.Close())
	verified(t, s.Dir())
}

// waiting is trial n put back.
func waiting(n int) medml.Trial {
	return medml.Trial{Number: n, State: medml.Waiting, Params: running(n).Params, Value: nan, Low: nan, High: nan}
}

func TestResetMakesRunningTrialsWait(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	r := begin(t, s, "x")
	record(t, r, medml.TrialStarted{Trial: running(0)})
	if err := s.Reset("x"); err == nil {
		t.Error("a study was reset under its recorder")
	}
	must(t, r.Close(), s.Reset("x"))
	want := waiting(0)
	want.Crashes = 1
	if diff := cmp.Diff([]medml.Trial{want}, trials(t, s, "x"), exact); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRemoveLeavesTheOthers(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	for _, name := range []string{"a", "b"} {
		r := begin(t, s, name)
		record(t, r, medml.TrialStarted{Trial: running(0)}, medml.TrialEnded{Trial: complete(0)})
		if err := s.Remove(name); err == nil {
			t.Errorf("%s was removed under its recorder", name)
		}
		must(t, r.Close())
	}
	must(t, s.Remove("a"))
	list, err := s.Studies()
	must(t, err)
	if len(list) != 1 || list[0].Name != "b" {
		t.Errorf("left: %+v", list)
	}
	var unknown *store.UnknownStudyError
	if _, err := s.Trials("a"); !errors.As(err, &unknown) {
		t.Errorf("trials of a removed study: %v", err)
	}
	must(t, s.Create(study("a")), s.Close())
	verified(t, dir)
}

func TestReviseKeepsWhatChangesResults(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	must(t, s.Create(study("x")))
	changed := study("x")
	changed.Experiment, changed.Source, changed.About.Description = []byte("{}"), []byte("y"), "better said"
	must(t, s.Revise(changed))
	got, err := s.Study("x")
	must(t, err)
	if string(got.Experiment) != "{}" || string(got.Source) != "y" || got.About.Description != "better said" || !got.Created.Equal(clock) {
		t.Errorf("revised: %+v", got)
	}
	changed.Identity = []byte(`{"seed":43}`)
	if err := s.Revise(changed); err == nil {
		t.Error("a different identity was taken")
	}
}

func TestErrorsNameTheStudy(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	at := " in " + s.Dir()
	_, err := s.Study("x")
	must(t, s.Create(study("diagnosis")), s.Create(study("sleep")))
	_, one := s.Trial("diagnosis", 3)
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"of an empty store", err, `no study "x"` + at + ": it has none yet"},
		{"with a near name", second(s.Study("diagnosi")), `no study "diagnosi"` + at + ": did you mean diagnosis?"},
		{"with no near name", second(s.Snapshot("x")), `no study "x"` + at + ": it has diagnosis, sleep"},
		{"that exists", s.Create(study("sleep")), `study "sleep" is in ` + s.Dir() + " already"},
		{"with a slash", s.Create(study("a/b")), `study name "a/b": a name has 1 to 200 bytes, none of them a slash, a space or a control character`},
		{"without the trial", one, `reading trial diagnosis/3 in store ` + s.Dir() + `: study "diagnosis" has no trials yet`},
		{"that hasn't begun", second(s.Recorder("sleep", store.RecorderOptions{})), `recording study "sleep": it hasn't begun`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.err == nil || c.err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", c.err, c.want)
			}
			if strings.Contains(c.want, "\n") {
				t.Error("the message has more than a line")
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }
