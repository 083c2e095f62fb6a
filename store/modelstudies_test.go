package store_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"time"

	"pgregory.net/rapid"

	"medml"
	"medml/store"
)

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
		name: name, state: medml.StudyInterrupted, saved: map[int]saved{}, models: map[int]string{}, audits: map[int]medml.Repeat{},
	}
}

func (m *machine) begin(rt *rapid.T, s *modelStudy) {
	ok(rt, m.s.Begin(s.name, store.Session{Started: clock}))
	for i, t := range s.trials {
		if t.State == medml.Running {
			s.putBack(t.Number, true)
			s.trials[i].Crashes = t.Crashes + 1
		}
	}
	s.state = medml.StudyRunning
	var err error
	s.rec, err = m.s.Recorder(s.name, store.RecorderOptions{Flush: time.Hour, Keep: keep})
	ok(rt, err)
}

func (m *machine) endStudy(rt *rapid.T, s *modelStudy) {
	state := rapid.SampledFrom([]medml.StudyState{medml.StudyComplete, medml.StudyInterrupted}).Draw(rt, "state")
	ok(rt, s.rec.Record(medml.StudyEnded{State: state, Reason: "done", Elapsed: time.Minute}))
	ok(rt, s.rec.Close())
	s.rec, s.state, s.elapsed = nil, state, s.elapsed+time.Minute
}

func (m *machine) remove(rt *rapid.T, s *modelStudy) {
	ok(rt, m.s.Remove(s.name))
	delete(m.studies, s.name)
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
