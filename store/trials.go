package store

import (
	"fmt"
	"math"
	"time"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// Trials returns the trials of a study in the order of their numbers, with all runs and
// epochs. Those of a killed session are Running, with the epochs they had reported; the
// runs of such a trial, and those of a Waiting one up to its checkpoint, have epochs
// only, and no value.
func (s *Store) Trials(name string) ([]medml.Trial, error) {
	return s.trials(name, (*shelves).readWhole)
}

// Headers returns the trials as Trials does, but without the epochs of those that have
// ended: these are there, to be counted, and blank. It reads a fraction of the store.
func (s *Store) Headers(name string) ([]medml.Trial, error) {
	return s.trials(name, (*shelves).readHeaders)
}

func (s *Store) trials(name string, read func(*shelves) ([]medml.Trial, error)) ([]medml.Trial, error) {
	var trials []medml.Trial
	err := s.viewStudy(fmt.Sprintf("reading the trials of study %q", name), name, func(sh *shelves) (err error) {
		trials, err = read(sh)
		return err
	})
	return trials, err
}

// viewStudy runs f on a consistent state of a study.
func (s *Store) viewStudy(doing, name string, f func(*shelves) error) error {
	return s.view(doing, func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		sh, err := t.shelves()
		if err != nil {
			return err
		}
		return f(sh)
	})
}

// Trial returns one trial of a study, with its runs and epochs.
func (s *Store) Trial(name string, number int) (medml.Trial, error) {
	var trial medml.Trial
	err := s.viewStudy(fmt.Sprintf("reading trial %s/%d", name, number), name, func(sh *shelves) error {
		if err := sh.has(name, number); err != nil {
			return err
		}
		h, err := sh.header(number)
		if err != nil {
			return err
		}
		r, ok, err := sh.artifact(number)
		if err != nil {
			return err
		}
		if ok {
			h.trial.Artifact = r.String()
		}
		trial, err = sh.whole(h)
		return err
	})
	return trial, err
}

// has returns an error if a study has no trial of that number.
func (s *shelves) has(name string, number int) error {
	if n := s.sums.trials(); number < 0 || number >= n {
		return fmt.Errorf("study %q has %s", name, numbers(n))
	}
	return nil
}

// numbers says which trials there are.
func numbers(n int) string {
	switch n {
	case 0:
		return "no trials yet"
	case 1:
		return "one trial, 0"
	}
	return fmt.Sprintf("trials 0 to %d", n-1)
}

// Snapshot returns a study of the past as it is shown: what a killed session left
// running waits again.
func (s *Store) Snapshot(name string) (medml.Snapshot, error) {
	return s.snapshot(name, (*shelves).readWhole)
}

// SnapshotHeaders returns a study as Snapshot does, with the trials as Headers has them.
func (s *Store) SnapshotHeaders(name string) (medml.Snapshot, error) {
	return s.snapshot(name, (*shelves).readHeaders)
}

func (s *Store) snapshot(name string, read func(*shelves) ([]medml.Trial, error)) (medml.Snapshot, error) {
	var snap medml.Snapshot
	err := s.viewStudy(fmt.Sprintf("reading study %q", name), name, func(sh *shelves) error {
		study, err := s.settled(sh.study, name)
		if err != nil {
			return err
		}
		snap = medml.Snapshot{
			About: study.About, State: study.State, Reason: study.Reason,
			Budget: study.Budget, TimeBudget: study.TimeBudget,
			Elapsed: study.Elapsed, Taken: time.Now(),
		}
		if snap.Trials, err = read(sh); err != nil || snap.State == medml.StudyRunning {
			return err
		}
		for i, t := range snap.Trials {
			if t.State != medml.Running {
				continue
			}
			if snap.Trials[i], err = sh.crashed(t); err != nil {
				return err
			}
		}
		return nil
	})
	return snap, err
}

// crashed is what Begin makes of a running trial.
func (s *shelves) crashed(t medml.Trial) (medml.Trial, error) {
	c, _, err := s.checkpoint(t.Number)
	w := crashed(t)
	w.Runs = upTo(t.Runs, c.epochs)
	return w, err
}

// upTo returns runs up to so many epochs.
func upTo(runs []medml.Run, epochs int) []medml.Run {
	var cut []medml.Run
	for _, r := range runs {
		if epochs <= 0 {
			break
		}
		r.Epochs = r.Epochs[:min(epochs, len(r.Epochs))]
		epochs -= len(r.Epochs)
		cut = append(cut, r)
	}
	return cut
}

// readWhole reads all trials of a study.
func (s *shelves) readWhole() ([]medml.Trial, error) { return s.readTrials(s.whole) }

// readHeaders reads all trials of a study, and the epochs only of those that haven't
// ended.
func (s *shelves) readHeaders() ([]medml.Trial, error) {
	var blank []medml.Epoch // all blank epochs are the same
	return s.readTrials(func(h header) (medml.Trial, error) {
		if !h.trial.State.Finished() || h.runs > 0 {
			return s.whole(h)
		}
		for i, r := range allRuns(h.trial) {
			for len(blank) < h.epochs[i] {
				nan := math.NaN()
				blank = append(blank, medml.Epoch{Step: len(blank) + 1, Loss: nan, ValidLoss: nan, Value: nan, Report: nan})
			}
			r.Epochs = blank[:h.epochs[i]:h.epochs[i]]
		}
		return h.trial, nil
	})
}

func (s *shelves) readTrials(read func(header) (medml.Trial, error)) ([]medml.Trial, error) {
	headers, err := s.headers()
	if err != nil {
		return nil, err
	}
	trials := make([]medml.Trial, len(headers))
	reported := 0
	for i, h := range headers {
		if trials[i], err = read(h); err != nil {
			return nil, err
		}
		if !h.trial.State.Finished() {
			reported += trials[i].Epochs()
		}
	}
	if reported != s.sums.live {
		return nil, s.study.damage(liveBucket, fmt.Sprintf("the trials that haven't ended have %d epochs of %d", reported, s.sums.live))
	}
	return trials, nil
}
