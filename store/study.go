package store

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"

	"medml"
	"medml/internal/nearest"
)

// Environment is where a study or a session of it ran.
type Environment struct {
	Version  string `json:"version,omitempty"`  // of medml
	Revision string `json:"revision,omitempty"` // of its source
	Go       string `json:"go,omitempty"`
	OS       string `json:"os,omitempty"`
	Arch     string `json:"arch,omitempty"`
	CPU      string `json:"cpu,omitempty"`
	Cores    int    `json:"cores,omitempty"`
	Path     string `json:"path,omitempty"`   // of the kernels: "avx512", "avx2", "generic"
	Data     string `json:"data,omitempty"`   // SHA-256 of the data, "sha256:…"
	Folder   string `json:"folder,omitempty"` // of the experiment's file, to which its paths are relative
}

// Session is one stretch in which a study ran.
type Session struct {
	Started time.Time
	// Ended is zero while the session runs. Of a session whose process was killed it is
	// the last time that any of its trials tells.
	Ended       time.Time
	Workers     int
	Budget      int           // trials the study was to have; 0 for no limit
	TimeBudget  time.Duration // 0 for no limit
	State       medml.StudyState
	Reason      string // why it ended
	Environment Environment
}

// reasonKilled is the reason of a session that ended without a word.
const reasonKilled = "the process was killed"

// Study is the record of an experiment's search, without its trials.
type Study struct {
	Name       string
	Experiment []byte // the resolved experiment whole, JSON
	Identity   []byte // canonical JSON of what changes results
	Source     []byte // the YAML as it was written
	About      medml.About
	// Environment is where the study was made; each session has its own.
	Environment Environment
	Created     time.Time
	State       medml.StudyState // "" at Create is interrupted: it hasn't begun
	Reason      string
	Elapsed     time.Duration // over all sessions that have ended
	Budget      int           // trials the study is to have, 0 for no limit
	TimeBudget  time.Duration // 0 for no limit
	Sessions    []Session     // the first comes first
}

// Summary is a study in a line.
type Summary struct {
	Name      string
	State     medml.StudyState
	Counts    medml.Counts
	Metric    string
	Direction medml.Direction
	Best      int     // number of the best trial, -1 without one
	Value     float64 // of the best trial, NaN without one
	Created   time.Time
	Elapsed   time.Duration
}

// Create puts a new study into the store. It returns an *ExistsError if there is one of
// that name.
func (s *Store) Create(study Study) error {
	if err := checkName(study.Name); err != nil {
		return err
	}
	if study.State == "" {
		study.State = medml.StudyInterrupted
	}
	if !legalState(study.State) {
		return fmt.Errorf("creating study %q: unknown state %q", study.Name, study.State)
	}
	return s.update(fmt.Sprintf("creating study %q", study.Name), func(tx *bolt.Tx) error {
		studies, err := s.table(tx, studiesBucket)
		if err != nil {
			return err
		}
		if studies.bucket.Bucket([]byte(study.Name)) != nil {
			return &ExistsError{Dir: s.dir, Name: study.Name}
		}
		t, err := studies.makeSub(study.Name)
		if err != nil {
			return err
		}
		for _, name := range studyBuckets {
			if _, err := t.makeSub(name); err != nil {
				return err
			}
		}
		if err := t.putStudy(study); err != nil {
			return err
		}
		return s.addCount(tx, 1)
	})
}

// checkName refuses names that couldn't be typed as STUDY or STUDY/N.
func checkName(name string) error {
	odd := func(r rune) bool { return r == '/' || unicode.IsControl(r) || unicode.IsSpace(r) }
	if name == "" || len(name) > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, odd) {
		return fmt.Errorf("study name %q: a name has 1 to 200 bytes, none of them a slash, a space or a control character", name)
	}
	return nil
}

// putStudy writes all of a new study's records.
func (t table) putStudy(study Study) error {
	var spec, sums encoder
	if err := spec.putSpec(study); err != nil {
		return err
	}
	if err := t.put(specKey, spec.b); err != nil {
		return err
	}
	sums.putTally(newTally())
	if err := t.put(tallyKey, sums.b); err != nil {
		return err
	}
	return t.putProgressOf(study)
}

func (t table) putProgressOf(study Study) error {
	var e encoder
	if err := e.putProgress(study); err != nil {
		return err
	}
	return t.put(progressKey, e.b)
}

// addCount changes the number of studies that the store knows it has.
func (s *Store) addCount(tx *bolt.Tx, by int) error {
	meta, n, err := s.count(tx)
	if err != nil {
		return err
	}
	var e encoder
	e.int(n + by)
	return meta.put(countKey, e.b)
}

func (s *Store) count(tx *bolt.Tx) (meta table, n int, err error) {
	if meta, err = s.table(tx, metaBucket); err != nil {
		return meta, 0, err
	}
	d, err := meta.read(countKey)
	if err != nil {
		return meta, 0, err
	}
	n = d.int()
	return meta, n, meta.done(countKey, d)
}

// Revise replaces what a study says of itself, the experiment, source and description,
// when its file has changed in what changes no result. A different Identity is refused.
func (s *Store) Revise(study Study) error {
	doing := fmt.Sprintf("revising study %q", study.Name)
	return s.update(doing, func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, study.Name)
		if err != nil {
			return err
		}
		old, err := t.study()
		if err != nil {
			return err
		}
		if !bytes.Equal(old.Identity, study.Identity) {
			return fmt.Errorf("its identity isn't that of the study in the store")
		}
		old.Experiment, old.Source, old.About = study.Experiment, study.Source, study.About
		var e encoder
		if err := e.putSpec(old); err != nil {
			return err
		}
		return t.put(specKey, e.b)
	})
}

// Remove deletes a study with all its trials, even one whose records are damaged: then
// its files go when the store is next opened.
func (s *Store) Remove(name string) error {
	if err := s.notRecorded("removing", name); err != nil {
		return err
	}
	var used usedFiles
	err := s.update(fmt.Sprintf("removing study %q", name), func(tx *bolt.Tx) error {
		if _, err := s.studyTable(tx, name); err != nil {
			return err
		}
		studies, err := s.table(tx, studiesBucket)
		if err != nil {
			return err
		}
		if used, err = studies.usedBy(name); err != nil {
			used = usedFiles{}
		}
		if err := studies.bucket.DeleteBucket([]byte(name)); err != nil {
			return err
		}
		return s.addCount(tx, -1)
	})
	if err != nil {
		return err
	}
	s.checkpoints.release(used.checkpoints...)
	s.artifacts.release(used.artifacts...)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.begun, name)
	return nil
}

// notRecorded refuses to change a study under its recorder.
func (s *Store) notRecorded(doing, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recorders[name] != nil {
		return fmt.Errorf("%s study %q: it is being recorded", doing, name)
	}
	return nil
}

// studyTable returns the bucket of a study.
func (s *Store) studyTable(tx *bolt.Tx, name string) (table, error) {
	studies, err := s.table(tx, studiesBucket)
	if err != nil {
		return table{}, err
	}
	if name == "" || studies.bucket.Bucket([]byte(name)) == nil {
		known := studies.names()
		return table{}, &UnknownStudyError{Dir: s.dir, Name: name, Nearest: nearest.Names(name, known), Known: known}
	}
	return studies.sub(name)
}

// names returns the keys of a table in order.
func (t table) names() []string {
	var names []string
	c := t.bucket.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		names = append(names, string(k))
	}
	return names
}
