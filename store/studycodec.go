package store

import (
	"encoding/json"
	"fmt"
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
