package medml_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"medml"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// queue is a study of n trials without a search: trial i has the parameter x = i.
type queue struct {
	n       int
	wait    []medml.Trial // asked for again first
	next    int
	told    []medml.Trial
	prune   func(t medml.Trial, step int) bool
	lookout int // ErrWait while more than this many run; 0 never
	running int
}

func (q *queue) Ask() (medml.Trial, error) {
	if q.lookout > 0 && q.running >= q.lookout {
		return medml.Trial{}, medml.ErrWait
	}
	if len(q.wait) > 0 {
		t := q.wait[0]
		q.wait = q.wait[1:]
		q.running++
		return t, nil
	}
	if q.next == q.n {
		return medml.Trial{}, &medml.Done{Reason: "all done"}
	}
	t := medml.Trial{Number: q.next, Params: medml.Params{{Name: "x", Value: medml.IntValue(q.next)}}}
	q.next++
	q.running++
	return t, nil
}

func (q *queue) Report(t medml.Trial, _ int, e medml.Epoch) (bool, error) {
	return q.prune != nil && q.prune(t, e.Step), nil
}

func (q *queue) Tell(t medml.Trial) error {
	q.running--
	q.told = append(q.told, t)
	return nil
}

// tape keeps the events; fail, if not nil, makes a Record fail.
type tape struct {
	mu     sync.Mutex
	events []medml.Event
	fail   func(medml.Event) error
}

func (r *tape) Queue(ev medml.Event) (func() error, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		if err := r.fail(ev); err != nil {
			return nil, err
		}
	}
	r.events = append(r.events, ev)
	return func() error { return nil }, nil
}

// square is an objective of two epochs whose value is x².
func square(ctx context.Context, t medml.Trial, m medml.Monitor) (medml.Result, error) {
	x, _ := t.Params.Lookup("x")
	run := medml.Run{}
	for step := 1; step <= 2; step++ {
		ep := medml.Epoch{Step: step, Report: x.Float() * float64(step)}
		run.Epochs = append(run.Epochs, ep)
		if err := m.Report(0, ep); err != nil {
			return medml.Result{Runs: []medml.Run{run}}, err
		}
	}
	v := x.Float() * x.Float()
	return medml.Result{Value: v, Low: v - 1, High: v + 1, Runs: []medml.Run{run}, Weights: "w"}, nil
}

func run(t *testing.T, e *medml.Executor) medml.StudyEnded {
	t.Helper()
	end, err := e.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return end
}

func trials(t *testing.T, e *medml.Executor) []medml.Trial {
	t.Helper()
	s, err := e.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s.Trials
}

func TestAStudyRunsToItsEndOnAnyNumberOfWorkers(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 7} {
		q, rec := &queue{n: 20, lookout: 5}, &tape{}
		e := &medml.Executor{Study: q, Objective: square, Recorder: rec, Workers: workers}
		end := run(t, e)
		if end.State != medml.StudyComplete || end.Reason != "all done" {
			t.Errorf("%d workers: ended as %+v", workers, end)
		}
		for i, tr := range trials(t, e) {
			if tr.Number != i || tr.State != medml.Complete || tr.Value != float64(i*i) || tr.Epochs() != 2 {
				t.Errorf("%d workers: trial %d is %+v", workers, i, tr)
			}
		}
		if len(q.told) != 20 {
			t.Errorf("%d workers: the study was told of %d trials, want 20", workers, len(q.told))
		}
		if _, ok := rec.events[len(rec.events)-1].(medml.StudyEnded); !ok {
			t.Errorf("%d workers: the last event is %T", workers, rec.events[len(rec.events)-1])
		}
	}
}

func TestATrialThatGoesWrongFailsAlone(t *testing.T) {
	objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
		switch tr.Number {
		case 0:
			panic("boom")
		case 1:
			return medml.Result{}, errors.New("no memory")
		case 2:
			return medml.Result{}, errors.Join(errors.New("loss is NaN"), medml.ErrDiverged)
		case 3:
			return medml.Result{Value: math.NaN()}, nil
		case 4:
			<-ctx.Done() // longer than a trial may take
			return medml.Result{}, ctx.Err()
		case 5: // a deadline of its own: asked for again it would come to the same
			return medml.Result{}, fmt.Errorf("reading scans: %w", context.DeadlineExceeded)
		}
		return square(ctx, tr, m)
	}
	e := &medml.Executor{
		Study: &queue{n: 7}, Objective: objective, Recorder: &tape{}, Workers: 2, TrialTime: time.Second / 4,
	}
	if run(t, e).State != medml.StudyComplete {
		t.Error("the study did not complete")
	}
	want := []struct {
		state  medml.State
		reason string
	}{
		{medml.Failed, "panic: boom ("},
		{medml.Failed, "no memory"},
		{medml.Pruned, "loss is NaN"},
		{medml.Pruned, "the objective has no value"},
		{medml.Failed, "took longer than 250ms"},
		{medml.Failed, "reading scans: context deadline exceeded"},
		{medml.Complete, ""},
	}
	for i, tr := range trials(t, e) {
		if tr.State != want[i].state || !strings.HasPrefix(tr.Reason, want[i].reason) {
			t.Errorf("trial %d is %v because %q, want %v because %q", i, tr.State, tr.Reason, want[i].state, want[i].reason)
		}
	}
	if r := trials(t, e)[0].Reason; !strings.Contains(r, "executor_test.go:") {
		t.Errorf("the reason %q does not say where the panic was", r)
	}
}

func TestAPrunedTrialKeepsItsLastReportAsValue(t *testing.T) {
	q := &queue{n: 3, prune: func(tr medml.Trial, step int) bool { return tr.Number == 2 && step == 1 }}
	e := &medml.Executor{Study: q, Objective: square, Recorder: &tape{}}
	run(t, e)
	tr := trials(t, e)[2]
	if tr.State != medml.Pruned || tr.Value != 2 || tr.Epochs() != 1 || tr.Reason != "pruned after epoch 1" {
		t.Errorf("got %+v", tr)
	}
}

func TestStoppingPutsRunningTrialsBack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	started := make(chan struct{}, 2)
	objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
		if tr.Number < 2 {
			return square(ctx, tr, m)
		}
		if err := m.Report(0, medml.Epoch{Step: 1}); err != nil {
			return medml.Result{}, err
		}
		started <- struct{}{}
		<-ctx.Done()
		return medml.Result{}, ctx.Err()
	}
	q, rec := &queue{n: 9}, &tape{}
	e := &medml.Executor{Study: q, Objective: objective, Recorder: rec, Workers: 2}
	go func() { <-started; <-started; cancel() }()
	end, err := e.Run(ctx)
	if err != nil || end.State != medml.StudyInterrupted {
		t.Fatalf("ended as %+v, %v", end, err)
	}
	past := trials(t, e)
	for i, want := range []medml.State{medml.Complete, medml.Complete, medml.Waiting, medml.Waiting} {
		if past[i].State != want {
			t.Errorf("trial %d is %v, want %v", i, past[i].State, want)
		}
	}
	if past[2].Runs != nil || len(past[2].Params) != 1 {
		t.Errorf("a trial put back should keep its parameters and nothing else: %+v", past[2])
	}

	// The next session goes on where this one stopped.
	q = &queue{n: 5, next: 4, wait: past[2:4]}
	e = &medml.Executor{Study: q, Objective: square, Recorder: rec, Workers: 2, Past: past}
	run(t, e)
	s, _ := e.Snapshot()
	if c := s.Counts(); c.Complete != 5 || s.Resumed != 2 {
		t.Errorf("after resuming: %+v, resumed %d", c, s.Resumed)
	}
}

func TestAStudyStoppedDuringItsLastTrialIsNotComplete(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
		if tr.Number == 0 {
			return square(ctx, tr, m)
		}
		cancel()
		return medml.Result{}, ctx.Err()
	}
	// The other worker finds that there is nothing left to ask for.
	e := &medml.Executor{Study: &queue{n: 2}, Objective: objective, Recorder: &tape{}, Workers: 3}
	if end, err := e.Run(ctx); err != nil || end.State != medml.StudyInterrupted {
		t.Errorf("ended as %+v, %v", end, err)
	}
}

func TestTheTimeBudgetEndsTheStudy(t *testing.T) {
	objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
		<-ctx.Done()
		return medml.Result{}, ctx.Err()
	}
	e := &medml.Executor{Study: &queue{n: 9}, Objective: objective, Recorder: &tape{}, Workers: 2, Time: 30 * time.Millisecond}
	if end := run(t, e); end.State != medml.StudyComplete || end.Reason != "the time budget is used up: 30ms" {
		t.Errorf("ended as %+v", end)
	}
	if s := trials(t, e); len(s) != 2 || s[0].State != medml.Waiting {
		t.Errorf("trials %+v", s)
	}
	e = &medml.Executor{Study: &queue{n: 9}, Objective: objective, Recorder: &tape{}, Time: time.Second, Before: time.Minute}
	run(t, e)
	if s := trials(t, e); len(s) != 0 {
		t.Errorf("a study whose time was used up before started %d trials", len(s))
	}
}

func TestTheTimeThatIsLeftCountsEarlierSessions(t *testing.T) {
	for _, c := range []struct{ before, want time.Duration }{{0, time.Hour}, {40 * time.Minute, 20 * time.Minute}} {
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		e := &medml.Executor{
			Study: &queue{n: 1}, Recorder: &tape{}, Time: time.Hour, Before: c.before,
			Now: func() time.Time { return now },
		}
		var left time.Duration
		e.Objective = func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
			s, err := e.Snapshot()
			left, _ = s.Remaining()
			return medml.Result{}, err
		}
		run(t, e)
		if left != c.want {
			t.Errorf("%v after sessions of %v, %v are left, want %v", e.Time, c.before, left, c.want)
		}
	}
}

func TestAFaultOfTheRecorderStopsTheStudy(t *testing.T) {
	const many = 10_000
	full := errors.New("disk full")
	for _, at := range []medml.Event{medml.TrialStarted{}, medml.EpochEnded{}, medml.TrialEnded{}, medml.StudyEnded{}} {
		rec := &tape{fail: func(ev medml.Event) error {
			switch ev := ev.(type) {
			case medml.TrialStarted:
				if _, ok := at.(medml.TrialStarted); ok && ev.Trial.Number == 3 {
					return full
				}
			case medml.EpochEnded:
				if _, ok := at.(medml.EpochEnded); ok && ev.Number == 3 {
					return full
				}
			case medml.TrialEnded:
				if _, ok := at.(medml.TrialEnded); ok && ev.Trial.Number == 3 {
					return full
				}
			case medml.StudyEnded:
				if _, ok := at.(medml.StudyEnded); ok {
					return full
				}
			}
			return nil
		}}
		e := &medml.Executor{Study: &queue{n: many}, Objective: square, Recorder: rec, Workers: 3}
		if _, err := e.Run(t.Context()); !errors.Is(err, full) {
			t.Errorf("a fault at %T: Run returned %v", at, err)
		}
		if _, atEnd := at.(medml.StudyEnded); !atEnd && len(trials(t, e)) == many {
			t.Errorf("a fault at %T: the study went on to %d trials", at, len(trials(t, e)))
		}
	}
}

func TestAStudyThatWaitsForNothingIsAFault(t *testing.T) {
	q, rec := &queue{n: 1, lookout: 1, running: 1}, &tape{}
	e := &medml.Executor{Study: q, Objective: square, Recorder: rec}
	_, err := e.Run(t.Context())
	if err == nil {
		t.Fatal("Run returned no error")
	}
	// The record is to say why there is no more, not that the process died.
	want := medml.StudyEnded{State: medml.StudyInterrupted, Reason: err.Error()}
	if len(rec.events) != 1 {
		t.Fatalf("recorded %v, want the end alone", rec.events)
	}
	got, _ := rec.events[0].(medml.StudyEnded)
	if got.Elapsed = 0; got != want {
		t.Errorf("recorded %+v, want %+v", got, want)
	}
}

func TestASnapshotNeverChanges(t *testing.T) {
	var e *medml.Executor
	var seen []medml.Snapshot
	var copies [][]medml.Trial
	objective := func(ctx context.Context, tr medml.Trial, m medml.Monitor) (medml.Result, error) {
		return square(ctx, tr, medml.ReportFunc(func(fold int, ep medml.Epoch) error {
			err := m.Report(fold, ep)
			s, _ := e.Snapshot()
			seen = append(seen, s)
			copies = append(copies, deepCopy(s.Trials))
			return err
		}))
	}
	e = &medml.Executor{Study: &queue{n: 10}, Objective: objective, Recorder: &tape{}}
	run(t, e)
	for i := range seen {
		if d := cmp.Diff(copies[i], seen[i].Trials, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b }),
			cmp.Comparer(func(a, b medml.Value) bool { return a == b })); d != "" {
			t.Fatalf("snapshot %d changed after it was taken:\n%s", i, d)
		}
	}
}

func deepCopy(ts []medml.Trial) []medml.Trial {
	out := append([]medml.Trial(nil), ts...)
	for i := range out {
		runs := append([]medml.Run(nil), out[i].Runs...)
		for j := range runs {
			runs[j].Epochs = append([]medml.Epoch(nil), runs[j].Epochs...)
		}
		if out[i].Runs != nil {
			out[i].Runs = runs
		}
	}
	return out
}
