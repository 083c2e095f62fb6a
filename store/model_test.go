package store_test

import (
	"maps"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"medml"
	"medml/store"
)

// model is what a store should hold, in the plainest form.
type model struct {
	studies map[string]*modelStudy
}

type modelStudy struct {
	trials  []medml.Trial
	pending []medml.EpochEnded // recorded, and not on disk yet
	state   medml.StudyState
	elapsed time.Duration
	rec     *store.Recorder
}

// machine drives a store and its model side by side.
type machine struct {
	model
	t   *testing.T
	dir string
	s   *store.Store
}

func TestAStoreIsWhatItsModelIs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{model: model{studies: map[string]*modelStudy{}}, t: t}
		m.dir = m.folder(rt)
		m.s = m.open(rt, m.dir)
		defer func() { _ = m.s.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"":       m.check,
			"create": m.create, "begin": m.begin, "start": m.start, "epoch": m.epoch, "epochs": m.epoch, "more epochs": m.epoch,
			"end": m.end, "restart": m.start, "reset": m.reset, "end study": m.endStudy, "remove": m.remove,
			"reopen": m.reopen, "crash": m.crash,
		})
	})
}

func (m *machine) open(rt *rapid.T, dir string) *store.Store {
	s, err := store.Open(dir, store.Options{})
	ok(rt, err)
	return store.SkipSync(s)
}

// folder makes a folder that goes with the check, not with the whole test.
func (m *machine) folder(rt *rapid.T) string {
	dir, err := os.MkdirTemp(m.t.TempDir(), "store")
	ok(rt, err)
	return dir
}

func ok(rt *rapid.T, err error) {
	rt.Helper()
	if err != nil {
		rt.Fatal(err)
	}
}

// some draws one of the studies that p holds for.
func (m *machine) some(rt *rapid.T, p func(*modelStudy) bool) (string, *modelStudy) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(m.studies)) {
		if p(m.studies[name]) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		rt.Skip("no such study")
	}
	name := rapid.SampledFrom(names).Draw(rt, "study")
	return name, m.studies[name]
}

func recorded(s *modelStudy) bool { return s.rec != nil }

// someTrial draws the number of a trial in a state.
func (s *modelStudy) someTrial(rt *rapid.T, state medml.State) int {
	var numbers []int
	for _, t := range s.trials {
		if t.State == state {
			numbers = append(numbers, t.Number)
		}
	}
	if len(numbers) == 0 {
		rt.Skip("no such trial")
	}
	return rapid.SampledFrom(numbers).Draw(rt, "number")
}

func (m *machine) create(rt *rapid.T) {
	name := rapid.SampledFrom([]string{"a", "b", "ä"}).Draw(rt, "name")
	err := m.s.Create(study(name))
	if _, exists := m.studies[name]; exists {
		if err == nil {
			rt.Fatalf("%s was created twice", name)
		}
		return
	}
	ok(rt, err)
	m.studies[name] = &modelStudy{state: medml.StudyInterrupted}
}

func (m *machine) begin(rt *rapid.T) {
	name, s := m.some(rt, func(s *modelStudy) bool { return s.rec == nil })
	ok(rt, m.s.Begin(name, store.Session{Started: clock}))
	for i, t := range s.trials {
		if t.State == medml.Running {
			s.trials[i] = waiting(t.Number)
		}
	}
	s.state = medml.StudyRunning
	var err error
	s.rec, err = m.s.Recorder(name, time.Hour)
	ok(rt, err)
}

// start starts a new trial, or one that waits or even runs.
func (m *machine) start(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	n := rapid.IntRange(0, len(s.trials)).Draw(rt, "number")
	if n == len(s.trials) {
		s.trials = append(s.trials, medml.Trial{})
	} else if s.trials[n].State.Finished() {
		if s.rec.Record(medml.TrialStarted{Trial: running(n)}) == nil {
			rt.Fatalf("trial %d started after its end", n)
		}
		return
	}
	ok(rt, s.rec.Record(medml.TrialStarted{Trial: running(n)}))
	s.settle()
	s.trials[n] = running(n)
}

var anyFloat = rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{nan, math.Inf(1), math.Copysign(0, -1)}))

func (m *machine) epoch(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	n := s.someTrial(rt, medml.Running)
	e := medml.Epoch{Step: 1, Loss: anyFloat.Draw(rt, "loss"), ValidLoss: nan, Value: anyFloat.Draw(rt, "value"), Report: 0.5}
	fold := 0
	for _, r := range s.withPending(n).Runs {
		fold = r.Fold
		e.Step = r.Epochs[len(r.Epochs)-1].Step + 1
	}
	if rapid.Bool().Draw(rt, "next fold") {
		fold++
	}
	ev := medml.EpochEnded{Number: n, Fold: fold, Epoch: e}
	ok(rt, s.rec.Record(ev))
	s.pending = append(s.pending, ev)
}

// withPending returns trial n as it is once all is on disk.
func (s *modelStudy) withPending(n int) medml.Trial {
	t := s.trials[n]
	for _, ev := range s.pending {
		if ev.Number == n {
			t.Runs = addEpoch(t.Runs, ev)
		}
	}
	return t
}

func addEpoch(runs []medml.Run, ev medml.EpochEnded) []medml.Run {
	runs = slices.Clone(runs)
	if k := len(runs); k == 0 || runs[k-1].Fold != ev.Fold {
		runs = append(runs, medml.Run{Fold: ev.Fold, Value: nan})
	}
	last := &runs[len(runs)-1]
	last.Epochs = append(slices.Clone(last.Epochs), ev.Epoch)
	return runs
}

// settle puts what is pending on disk, as a state change does.
func (s *modelStudy) settle() {
	for _, ev := range s.pending {
		s.trials[ev.Number].Runs = addEpoch(s.trials[ev.Number].Runs, ev)
	}
	s.pending = nil
}

func (m *machine) end(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	n := s.someTrial(rt, medml.Running)
	end := complete(n)
	end.State = rapid.SampledFrom([]medml.State{medml.Complete, medml.Pruned, medml.Failed}).Draw(rt, "state")
	end.Value = anyFloat.Draw(rt, "value")
	end.Reason = rapid.String().Draw(rt, "reason")
	end.Runs = end.Runs[:rapid.IntRange(0, 2).Draw(rt, "runs")]
	ok(rt, s.rec.Record(medml.TrialEnded{Trial: end}))
	s.settle()
	s.trials[n] = end
}

func (m *machine) reset(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	n := s.someTrial(rt, medml.Running)
	ok(rt, s.rec.Record(medml.TrialReset{Trial: waiting(n)}))
	s.settle()
	s.trials[n] = waiting(n)
}

func (m *machine) endStudy(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	if slices.ContainsFunc(s.trials, func(t medml.Trial) bool { return t.State == medml.Running }) {
		rt.Skip("a trial runs")
	}
	state := rapid.SampledFrom([]medml.StudyState{medml.StudyComplete, medml.StudyInterrupted}).Draw(rt, "state")
	ok(rt, s.rec.Record(medml.StudyEnded{State: state, Reason: "done", Elapsed: time.Minute}))
	ok(rt, s.rec.Close())
	s.rec, s.state, s.elapsed = nil, state, s.elapsed+time.Minute
}

func (m *machine) remove(rt *rapid.T) {
	name, _ := m.some(rt, func(s *modelStudy) bool { return s.rec == nil })
	ok(rt, m.s.Remove(name))
	delete(m.studies, name)
}

// reopen closes the store and opens it again: what was pending is written.
func (m *machine) reopen(rt *rapid.T) {
	ok(rt, m.s.Close())
	for _, s := range m.studies {
		s.settle()
		s.rec = nil
	}
	report, err := store.Verify(m.t.Context(), m.dir, time.Minute)
	ok(rt, err)
	if len(report.Problems) > 0 {
		rt.Fatalf("verify: %v", report.Problems)
	}
	m.s = m.open(rt, m.dir)
}

// crash opens a copy of the file as it is: what was pending is lost.
func (m *machine) crash(rt *rapid.T) {
	file, err := os.ReadFile(m.dir + "/medml.db")
	ok(rt, err)
	ok(rt, m.s.Close())
	m.dir = m.folder(rt)
	ok(rt, os.WriteFile(m.dir+"/medml.db", file, 0o600))
	for _, s := range m.studies {
		s.pending, s.rec = nil, nil
	}
	m.s = m.open(rt, m.dir)
}

// check compares the store with the model.
func (m *machine) check(rt *rapid.T) {
	list, err := m.s.Studies()
	ok(rt, err)
	var names []string
	for _, sum := range list {
		names = append(names, sum.Name)
		m.checkStudy(rt, sum)
	}
	if want := slices.Sorted(maps.Keys(m.studies)); !slices.Equal(names, want) {
		rt.Fatalf("studies are %v, want %v", names, want)
	}
}

func (m *machine) checkStudy(rt *rapid.T, sum store.Summary) {
	s := m.studies[sum.Name]
	got, err := m.s.Trials(sum.Name)
	ok(rt, err)
	if diff := cmp.Diff(s.trials, got, exact); diff != "" {
		rt.Fatalf("trials of %s (-model +store):\n%s", sum.Name, diff)
	}
	state := s.state
	if state == medml.StudyRunning && s.rec == nil {
		state = medml.StudyInterrupted
	}
	snap, err := m.s.Snapshot(sum.Name)
	ok(rt, err)
	counts := medml.Snapshot{Trials: s.trials}.Counts()
	if sum.State != state || snap.State != state || sum.Counts != counts {
		rt.Fatalf("%s is %v and %v, %+v; the model is %v, %+v", sum.Name, sum.State, snap.State, sum.Counts, state, counts)
	}
	if state != medml.StudyRunning && s.state != medml.StudyRunning && sum.Elapsed < s.elapsed {
		rt.Fatalf("%s ran for %v, want %v", sum.Name, sum.Elapsed, s.elapsed)
	}
	best, there := medml.Best(medml.Maximize, s.trials)
	if !there {
		best.Number, best.Value = -1, nan
	}
	if sum.Best != best.Number || !same(sum.Value, best.Value) {
		rt.Fatalf("best of %s is %d (%v), want %d (%v)", sum.Name, sum.Best, sum.Value, best.Number, best.Value)
	}
}

func same(a, b float64) bool { return a == b || a != a && b != b }
