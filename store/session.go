package store

import (
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// Study returns the record of a study. One that is marked running while no process runs
// it was killed: it comes back as interrupted.
func (s *Store) Study(name string) (Study, error) {
	var study Study
	err := s.view(fmt.Sprintf("reading study %q", name), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		study, err = s.settled(t, name)
		return err
	})
	return study, err
}

// Studies returns all studies in the order of their names.
func (s *Store) Studies() ([]Summary, error) {
	var list []Summary
	err := s.view("listing the studies", func(tx *bolt.Tx) error {
		studies, err := s.table(tx, studiesBucket)
		if err != nil {
			return err
		}
		names := studies.names()
		if _, n, err := s.count(tx); err != nil {
			return err
		} else if n != len(names) {
			return studies.damage("", fmt.Sprintf("it has %d studies of %d", len(names), n))
		}
		for _, name := range names {
			sum, err := s.summary(studies, name)
			if err != nil {
				return err
			}
			list = append(list, sum)
		}
		return nil
	})
	return list, err
}

func (s *Store) summary(studies table, name string) (Summary, error) {
	t, err := studies.sub(name)
	if err != nil {
		return Summary{}, err
	}
	study, err := s.settled(t, name)
	if err != nil {
		return Summary{}, err
	}
	sums, err := t.tally()
	return Summary{
		Name: name, State: study.State, Counts: sums.counts(),
		Metric: study.About.Metric, Direction: study.About.Direction,
		Best: sums.best, Value: sums.value, Created: study.Created, Elapsed: study.Elapsed,
	}, err
}

// study reads a study as it is written.
func (t table) study() (Study, error) {
	d, err := t.read(specKey)
	if err != nil {
		return Study{}, err
	}
	study := d.spec()
	if err := t.done(specKey, d); err != nil {
		return Study{}, err
	}
	if d, err = t.read(progressKey); err != nil {
		return Study{}, err
	}
	d.progress(&study)
	return study, t.done(progressKey, d)
}

// settled reads a study, and ends its last session if its process is gone. Whoever has
// the store open knows that: a running study's process would hold it.
func (s *Store) settled(t table, name string) (Study, error) {
	study, err := t.study()
	if err != nil {
		return Study{}, err
	}
	s.mu.Lock()
	ours := s.begun[name]
	s.mu.Unlock()
	if study.State != medml.StudyRunning || ours {
		return study, nil
	}
	sums, err := t.tally()
	if err != nil {
		return Study{}, err
	}
	ran := time.Duration(0)
	if n := len(study.Sessions); n > 0 && sums.latest.After(study.Sessions[n-1].Started) {
		ran = sums.latest.Sub(study.Sessions[n-1].Started)
	}
	study.end(medml.StudyEnded{State: medml.StudyInterrupted, Reason: reasonKilled, Elapsed: ran})
	return study, nil
}

// end closes the running session.
func (study *Study) end(how medml.StudyEnded) {
	study.State, study.Reason = how.State, how.Reason
	study.Elapsed += how.Elapsed
	if n := len(study.Sessions); n > 0 {
		last := &study.Sessions[n-1]
		last.State, last.Reason, last.Ended = how.State, how.Reason, last.Started.Add(how.Elapsed)
	}
}

// Begin marks a study running in a new session. Trials that a killed session left
// running wait again, as after Reset. The study's budget becomes the session's.
func (s *Store) Begin(name string, session Session) error {
	if err := s.notRecorded("beginning", name); err != nil {
		return err
	}
	session.State, session.Reason, session.Ended = medml.StudyRunning, "", time.Time{}
	err := s.update(fmt.Sprintf("beginning study %q", name), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		study, err := s.settled(t, name)
		if err != nil {
			return err
		}
		if err := t.reset(study.About.Direction); err != nil {
			return err
		}
		study.State, study.Reason = medml.StudyRunning, ""
		study.Budget, study.TimeBudget = session.Budget, session.TimeBudget
		study.Sessions = append(study.Sessions, session)
		return t.putProgressOf(study)
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun[name] = true
	return nil
}

// Reset makes the running trials of a study wait again, with their numbers and
// parameters, as the lock on the store says that nobody runs them: the process died under
// them, which each counts as a crash. One with a checkpoint keeps it and the epochs up to
// there; else what was trained is dropped.
func (s *Store) Reset(name string) error {
	if err := s.notRecorded("resetting", name); err != nil {
		return err
	}
	return s.update(fmt.Sprintf("resetting study %q", name), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		study, err := t.study()
		if err != nil {
			return err
		}
		return t.reset(study.About.Direction)
	})
}

func (t table) reset(direction medml.Direction) error {
	l, err := t.ledger(direction)
	if err != nil {
		return err
	}
	trials, err := l.headers()
	if err != nil {
		return err
	}
	for _, h := range trials {
		if h.trial.State != medml.Running {
			continue
		}
		if err := l.put(crashed(h.trial), stateOf(medml.Running), true); err != nil {
			return err
		}
	}
	return l.close()
}
