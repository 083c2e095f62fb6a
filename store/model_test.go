package store_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"
	"time"

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
	saved   map[int]saved  // checkpoints by trial, as on disk
	models  map[int]string // artifacts by trial
	audits  map[int]medml.Repeat
	pending []medml.EpochEnded // recorded, and not on disk yet
	state   medml.StudyState
	elapsed time.Duration
	rec     *store.Recorder
}

// saved is a checkpoint.
type saved struct {
	epochs int
	state  string
}

// keep is how many artifacts the model's studies keep.
const keep = 2

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
			"save": m.save, "save again": m.save, "repeat": m.repeat, "audit": m.audit,
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
	m.studies[name] = &modelStudy{
		state: medml.StudyInterrupted, saved: map[int]saved{}, models: map[int]string{}, audits: map[int]medml.Repeat{},
	}
}

func (m *machine) begin(rt *rapid.T) {
	name, s := m.some(rt, func(s *modelStudy) bool { return s.rec == nil })
	ok(rt, m.s.Begin(name, store.Session{Started: clock}))
	for i, t := range s.trials {
		if t.State == medml.Running {
			s.putBack(t.Number, true)
			s.trials[i].Crashes = t.Crashes + 1
		}
	}
	s.state = medml.StudyRunning
	var err error
	s.rec, err = m.s.Recorder(name, store.RecorderOptions{Flush: time.Hour, Keep: keep})
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
	start := running(n)
	start.Crashes, start.Reason = s.trials[n].Crashes, s.trials[n].Reason
	resumed := rapid.Bool().Draw(rt, "resumed")
	if _, can := s.saved[n]; resumed && !can {
		if s.rec.Record(medml.TrialStarted{Trial: start, Resumed: true}) == nil {
			rt.Fatalf("trial %d went on from nothing", n)
		}
		resumed = false
	}
	ok(rt, s.rec.Record(medml.TrialStarted{Trial: start, Resumed: resumed}))
	s.settle()
	runs := s.cut(n, resumed)
	s.trials[n] = start
	s.trials[n].Runs = runs
}

// cut returns the runs of trial n up to its checkpoint, which it forgets without keep.
func (s *modelStudy) cut(n int, keep bool) []medml.Run {
	c := s.saved[n]
	if !keep {
		delete(s.saved, n)
		return nil
	}
	var runs []medml.Run
	for _, r := range s.trials[n].Runs {
		for _, e := range r.Epochs {
			if c.epochs > 0 {
				runs = addEpoch(runs, medml.EpochEnded{Number: n, Fold: r.Fold, Epoch: e})
			}
			c.epochs--
		}
	}
	return runs
}

// putBack makes trial n wait.
func (s *modelStudy) putBack(n int, keep bool) {
	runs, t := s.cut(n, keep), s.trials[n]
	s.trials[n] = waiting(n)
	s.trials[n].Runs, s.trials[n].Reason, s.trials[n].Retries = runs, t.Reason, t.Retries
}

// save keeps a checkpoint of a running trial.
func (m *machine) save(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	n := s.someTrial(rt, medml.Running)
	c := saved{s.withPending(n).Epochs(), rapid.StringN(0, 2, 4).Draw(rt, "state")}
	if s.rec.Record(medml.CheckpointSaved{Number: n, Epochs: c.epochs + 1}) == nil {
		rt.Fatalf("trial %d was saved after an epoch that it hasn't reported", n)
	}
	ok(rt, s.rec.Record(medml.CheckpointSaved{Number: n, Epochs: c.epochs, State: []byte(c.state)}))
	s.settle()
	s.saved[n], s.trials[n].Crashes = c, 0
}

func (m *machine) repeat(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	n := s.someTrial(rt, medml.Complete)
	r := medml.Repeat{
		Seed: len(s.trials[n].Repeats) + 1, Value: anyFloat.Draw(rt, "value"), Reason: rapid.String().Draw(rt, "reason"),
		Runs: complete(n).Runs[:rapid.IntRange(0, 2).Draw(rt, "runs")],
	}
	r.Weights = weightsOf(r.Runs)
	ok(rt, s.rec.Record(medml.RepeatEnded{Number: n, Repeat: r}))
	s.settle()
	s.trials[n].Repeats = append(slices.Clip(s.trials[n].Repeats), r)
}

func (m *machine) audit(rt *rapid.T) {
	name, s := m.some(rt, func(*modelStudy) bool { return true })
	n := s.someTrial(rt, medml.Pruned)
	r := medml.Repeat{Value: anyFloat.Draw(rt, "value"), Runs: complete(n).Runs[:rapid.IntRange(0, 2).Draw(rt, "runs")]}
	r.Weights = weightsOf(r.Runs)
	ok(rt, m.s.PutAudit(name, n, r))
	s.audits[n] = r
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
	end.Weights = weightsOf(end.Runs)
	if rapid.Bool().Draw(rt, "constrained") {
		end.Constraints = []float64{rapid.Float64Range(-1, 1).Draw(rt, "constraint")}
	}
	var model []byte
	if rapid.Bool().Draw(rt, "artifact") {
		model = []byte(rapid.StringN(0, 1, 4).Draw(rt, "model"))
	}
	ok(rt, s.rec.Record(medml.TrialEnded{Trial: end, Artifact: model}))
	s.settle()
	delete(s.saved, n)
	s.trials[n] = end
	if model != nil && end.State == medml.Complete {
		s.addModel(n, string(model))
	}
}

// addModel keeps an artifact, and those of the best trials alone.
func (s *modelStudy) addModel(n int, model string) {
	s.models[n] = model
	var with []medml.Trial
	for _, t := range s.trials {
		if _, has := s.models[t.Number]; has {
			with = append(with, t)
		}
	}
	ranked := medml.Snapshot{About: study("").About, Trials: with}.Ranked()
	for _, t := range ranked[min(keep, len(ranked)):] {
		delete(s.models, t.Number)
	}
}

func (m *machine) reset(rt *rapid.T) {
	_, s := m.some(rt, recorded)
	n := s.someTrial(rt, medml.Running)
	t, keep := waiting(n), rapid.Bool().Draw(rt, "keep")
	t.Crashes, t.Retries, t.Reason = s.trials[n].Crashes, rapid.IntRange(0, 9).Draw(rt, "retries"), rapid.String().Draw(rt, "reason")
	ok(rt, s.rec.Record(medml.TrialReset{Trial: t, Keep: keep}))
	s.settle()
	t.Runs = s.cut(n, keep)
	s.trials[n] = t
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

// crash opens a copy of the store as it is: what was pending is lost.
func (m *machine) crash(rt *rapid.T) {
	to := m.folder(rt)
	ok(rt, os.CopyFS(to, os.DirFS(m.dir)))
	ok(rt, m.s.Close())
	m.dir = to
	for _, s := range m.studies {
		s.pending, s.rec = nil, nil
	}
	m.s = m.open(rt, m.dir)
	m.noOrphans(rt)
}

// noOrphans checks that opening left only the files that are used.
func (m *machine) noOrphans(rt *rapid.T) {
	used := map[string]map[string]bool{"checkpoints": {}, "artifacts": {}}
	for _, s := range m.studies {
		for _, c := range s.saved {
			used["checkpoints"][sumOf(c.state)] = true
		}
		for _, model := range s.models {
			used["artifacts"][sumOf(model)] = true
		}
	}
	for kind, want := range used {
		entries, _ := os.ReadDir(m.dir + "/" + kind)
		for _, e := range entries {
			if !want[e.Name()] {
				rt.Fatalf("%s/%s is left over", kind, e.Name())
			}
		}
		if len(entries) != len(want) {
			rt.Fatalf("there are %d %s of %d", len(entries), kind, len(want))
		}
	}
}

func sumOf(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }
