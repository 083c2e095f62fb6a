package main

import (
	"fmt"
	"strconv"
	"strings"

	"medml"
	"medml/store"
)

// target is the STUDY or STUDY/N of a command line; n is -1 where it names no trial.
type target struct {
	study string
	n     int
}

func parseTarget(arg string) (target, error) {
	study, number, has := strings.Cut(arg, "/")
	if !has {
		return target{study, -1}, nil
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 {
		return target{}, usagef("%s: expected STUDY/N with a trial's number, found %s", arg, quote(number))
	}
	return target{study, n}, nil
}

// openStudy opens the store to read and returns it with one of its studies.
func openStudy(dir, name string) (*store.Store, store.Study, error) {
	s, err := store.Open(dir, store.Options{ReadOnly: true, MustExist: true})
	if err != nil {
		return nil, store.Study{}, err
	}
	study, err := s.Study(name)
	if err != nil {
		s.Close()
		return nil, store.Study{}, err
	}
	return s, study, nil
}

// snapshotOf reads a study whole and closes the store again.
func snapshotOf(dir, name string) (medml.Snapshot, error) {
	s, _, err := openStudy(dir, name)
	if err != nil {
		return medml.Snapshot{}, err
	}
	defer s.Close()
	return s.Snapshot(name)
}

// pick returns the trial that a target names: the best where it names none.
func pick(s medml.Snapshot, t target) (medml.Trial, error) {
	if t.n < 0 {
		best, ok := s.Best()
		if !ok {
			return medml.Trial{}, usagef("study %s has no complete trial yet", t.study)
		}
		return best, nil
	}
	if t.n >= len(s.Trials) {
		return medml.Trial{}, usagef("study %s has no trial %d: its trials are 0 to %d", t.study, t.n, len(s.Trials)-1)
	}
	return s.Trials[t.n], nil
}

// path is how a trial is named on the command line.
func path(study string, n int) string { return fmt.Sprintf("%s/%d", study, n) }
