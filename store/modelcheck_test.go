package store_test

import (
	"maps"
	"slices"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"medml"
	"medml/store"
)

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
	want := slices.Clone(s.trials)
	for n, model := range s.models {
		want[n].Artifact = sumOf(model)
	}
	if diff := cmp.Diff(want, got, exact); diff != "" {
		rt.Fatalf("trials of %s (-model +store):\n%s", sum.Name, diff)
	}
	m.checkFiles(rt, sum.Name, s)
	m.checkHeaders(rt, sum.Name, want)
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
		best = medml.Trial{Number: -1, Value: nan}
	}
	if sum.Best != best.Number || !same(sum.Value, best.Value) {
		rt.Fatalf("best of %s is %d (%v), want %d (%v)", sum.Name, sum.Best, sum.Value, best.Number, best.Value)
	}
}

// checkFiles compares checkpoints, artifacts and audits.
func (m *machine) checkFiles(rt *rapid.T, name string, s *modelStudy) {
	for n := range s.trials {
		state, err := m.s.Checkpoint(name, n)
		ok(rt, err)
		if c, has := s.saved[n]; has != (state != nil) || string(state) != c.state {
			rt.Fatalf("the checkpoint of %s/%d is %q, want %q (%t)", name, n, state, c.state, has)
		}
		model, err := m.s.Artifact(name, n)
		ok(rt, err)
		if want, has := s.models[n]; has != (model != nil) || string(model) != want {
			rt.Fatalf("the artifact of %s/%d is %q, want %q (%t)", name, n, model, want, has)
		}
	}
	audits, err := m.s.Audits(name)
	ok(rt, err)
	var want []store.Audit
	for _, n := range slices.Sorted(maps.Keys(s.audits)) {
		want = append(want, store.Audit{Number: n, Repeat: s.audits[n]})
	}
	if diff := cmp.Diff(want, audits, exact); diff != "" {
		rt.Fatalf("audits of %s (-model +store):\n%s", name, diff)
	}
}

// checkHeaders compares all but the epochs of trials that have ended, which are counted.
func (m *machine) checkHeaders(rt *rapid.T, name string, want []medml.Trial) {
	got, err := m.s.Headers(name)
	ok(rt, err)
	for i := range want {
		if g, w := got[i].Epochs(), want[i].Epochs(); g != w {
			rt.Fatalf("trial %d has %d epochs of %d", i, g, w)
		}
	}
	if diff := cmp.Diff(noEpochs(want), noEpochs(got), exact); diff != "" {
		rt.Fatalf("headers of %s (-model +store):\n%s", name, diff)
	}
}

// noEpochs returns trials without the epochs of those that have ended.
func noEpochs(trials []medml.Trial) []medml.Trial {
	bare := func(runs []medml.Run) []medml.Run {
		runs = slices.Clone(runs)
		for i := range runs {
			runs[i].Epochs = nil
		}
		return runs
	}
	trials = slices.Clone(trials)
	for i := range trials {
		if !trials[i].State.Finished() {
			continue
		}
		trials[i].Runs = bare(trials[i].Runs)
		trials[i].Repeats = slices.Clone(trials[i].Repeats)
		for j, r := range trials[i].Repeats {
			trials[i].Repeats[j].Runs = bare(r.Runs)
		}
	}
	return trials
}

func same(a, b float64) bool { return a == b || a != a && b != b }
