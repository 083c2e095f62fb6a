package store_test

import (
	"maps"
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
	name    string
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
		rt.Repeat(map[string]func(*rapid.T){"": m.check, "step": m.step})
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

// move is a step that can be taken now.
type move struct {
	name string
	take func(*rapid.T)
}

func (v move) GoString() string { return v.name }

// step takes one of the steps that can be taken.
func (m *machine) step(rt *rapid.T) {
	moves := []move{{"create", m.create}, {"reopen", m.reopen}, {"crash", m.crash}}
	for _, name := range slices.Sorted(maps.Keys(m.studies)) {
		moves = append(moves, m.moves(m.studies[name])...)
	}
	rapid.SampledFrom(moves).Draw(rt, "step").take(rt)
}

// moves returns what can be done to a study, a number of times each: those steps go
// deepest that come often after another.
func (m *machine) moves(s *modelStudy) []move {
	var moves []move
	add := func(times int, what string, take func(*rapid.T, *modelStudy)) {
		v := move{what + " " + s.name, func(rt *rapid.T) { take(rt, s) }}
		moves = append(moves, slices.Repeat([]move{v}, times)...)
	}
	if len(s.in(medml.Pruned)) > 0 {
		add(1, "audit", m.audit)
	}
	if s.rec == nil {
		add(8, "begin", m.begin)
		add(1, "remove", m.remove)
		return moves
	}
	add(6, "start", m.start)
	if len(s.in(medml.Complete)) > 0 {
		add(3, "repeat", m.repeat)
	}
	if len(s.in(medml.Running)) == 0 {
		add(1, "end study", m.endStudy)
		return moves
	}
	add(10, "epoch", m.epoch)
	add(5, "save", m.save)
	add(6, "end", m.end)
	add(2, "reset", m.reset)
	return moves
}

// in returns the numbers of the trials in a state.
func (s *modelStudy) in(state medml.State) []int {
	var numbers []int
	for _, t := range s.trials {
		if t.State == state {
			numbers = append(numbers, t.Number)
		}
	}
	return numbers
}

// someTrial draws one of them.
func (s *modelStudy) someTrial(rt *rapid.T, state medml.State) int {
	return rapid.SampledFrom(s.in(state)).Draw(rt, "number")
}
