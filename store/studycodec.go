package store

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"medml"
)

// putSpec writes the part of a study that stays: what was asked for, and where it began.
func (e *encoder) putSpec(s Study) error {
	about, err := json.Marshal(s.About)
	if err != nil {
		return fmt.Errorf("writing what the study is about: %w", err)
	}
	e.string(s.Name)
	e.bytes(s.Experiment)
	e.bytes(s.Identity)
	e.bytes(s.Source)
	e.bytes(about)
	e.time(s.Created)
	return e.putEnvironment(s.Environment)
}

func (d *decoder) spec() Study {
	s := Study{Name: d.string(), Experiment: d.bytes(), Identity: d.bytes(), Source: d.bytes()}
	d.json(d.bytes(), &s.About)
	s.Created = d.time()
	s.Environment = d.environment()
	return s
}

// putProgress writes the part of a study that changes with its sessions.
func (e *encoder) putProgress(s Study) error {
	e.string(string(s.State))
	e.string(s.Reason)
	e.int(int(s.Elapsed))
	e.int(s.Budget)
	e.int(int(s.TimeBudget))
	e.count(len(s.Sessions))
	for _, session := range s.Sessions {
		if err := e.putSession(session); err != nil {
			return err
		}
	}
	return nil
}

// minSessionSize is the size in bytes of a session whose strings are empty.
const minSessionSize = 2*12 + 3*8 + 3*4

func (d *decoder) progress(s *Study) {
	s.State, s.Reason = d.studyState(), d.string()
	s.Elapsed, s.Budget, s.TimeBudget = time.Duration(d.int()), d.int(), time.Duration(d.int())
	if n := d.count(minSessionSize); n > 0 {
		s.Sessions = make([]Session, n)
	}
	for i := range s.Sessions {
		s.Sessions[i] = d.session()
	}
}

func (d *decoder) studyState() medml.StudyState {
	state := medml.StudyState(d.string())
	if !legalState(state) {
		d.fail("its state is %q", state)
	}
	return state
}

func legalState(s medml.StudyState) bool {
	return s == medml.StudyRunning || s == medml.StudyInterrupted || s == medml.StudyComplete
}

func (e *encoder) putSession(s Session) error {
	e.time(s.Started)
	e.time(s.Ended)
	e.int(s.Workers)
	e.int(s.Budget)
	e.int(int(s.TimeBudget))
	e.string(string(s.State))
	e.string(s.Reason)
	return e.putEnvironment(s.Environment)
}

func (d *decoder) session() Session {
	s := Session{Started: d.time(), Ended: d.time(), Workers: d.int(), Budget: d.int(), TimeBudget: time.Duration(d.int())}
	s.State, s.Reason = d.studyState(), d.string()
	s.Environment = d.environment()
	return s
}

func (e *encoder) putEnvironment(env Environment) error {
	b, err := json.Marshal(env)
	if err != nil {
		return fmt.Errorf("writing an environment: %w", err)
	}
	e.bytes(b)
	return nil
}

func (d *decoder) environment() (env Environment) {
	d.json(d.bytes(), &env)
	return env
}

// json reads a field that is JSON.
func (d *decoder) json(b []byte, into any) {
	if d.err != nil {
		return
	}
	if err := json.Unmarshal(b, into); err != nil {
		d.fail("its JSON: %v", err)
	}
}

// tally is what a study's trials add up to. It is written with every change to them: a
// list of studies needn't read the trials, and trials that got lost are missed.
type tally struct {
	states [medml.Failed + 1]int // trials by state
	live   int                   // records in the bucket live
	best   int                   // number of the best trial, -1 without one
	value  float64               // of the best trial
	latest time.Time             // the latest time that a trial tells
}

func newTally() tally { return tally{best: -1, value: math.NaN()} }

func (t tally) trials() int {
	n := 0
	for _, k := range t.states {
		n += k
	}
	return n
}

func (t tally) counts() medml.Counts {
	return medml.Counts{Waiting: t.states[medml.Waiting], Running: t.states[medml.Running],
		Complete: t.states[medml.Complete], Pruned: t.states[medml.Pruned], Failed: t.states[medml.Failed]}
}

// add counts a trial in.
func (t *tally) add(trial medml.Trial, d medml.Direction) {
	t.states[trial.State]++
	for _, at := range []time.Time{trial.Started, trial.Ended} {
		if at.After(t.latest) {
			t.latest = at.UTC().Round(0)
		}
	}
	if trial.State != medml.Complete || trial.Value != trial.Value {
		return
	}
	tie := trial.Value == t.value && trial.Number < t.best
	if t.best < 0 || tie || d.Better(trial.Value, t.value) {
		t.best, t.value = trial.Number, trial.Value
	}
}

func (e *encoder) putTally(t tally) {
	for _, n := range t.states {
		e.int(n)
	}
	e.int(t.live)
	e.int(t.best)
	e.float(t.value)
	e.time(t.latest)
}

func (d *decoder) tally() tally {
	var t tally
	for i := range t.states {
		if t.states[i] = d.int(); t.states[i] < 0 {
			d.fail("it counts %d trials", t.states[i])
		}
	}
	t.live, t.best, t.value, t.latest = d.int(), d.int(), d.float(), d.time()
	return t
}
