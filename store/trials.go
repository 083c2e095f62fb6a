package store

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// header is a trial without its runs, and how many it has.
type header struct {
	trial medml.Trial
	runs  int
}

// Trials returns the trials of a study in the order of their numbers, with all runs and
// epochs. Those of a killed session are Running, with the epochs they had reported; the
// runs of such a trial have epochs only, and no value.
func (s *Store) Trials(name string) ([]medml.Trial, error) {
	var trials []medml.Trial
	err := s.view(fmt.Sprintf("reading the trials of study %q", name), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		trials, err = t.readTrials()
		return err
	})
	return trials, err
}

// Trial returns one trial of a study, with its runs and epochs.
func (s *Store) Trial(name string, number int) (medml.Trial, error) {
	var trial medml.Trial
	err := s.view(fmt.Sprintf("reading trial %s/%d", name, number), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		sums, err := t.tally()
		if err != nil {
			return err
		}
		if n := sums.trials(); number < 0 || number >= n {
			return fmt.Errorf("study %q has %s", name, numbers(n))
		}
		trial, err = t.readTrial(number)
		return err
	})
	return trial, err
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
	var snap medml.Snapshot
	err := s.view(fmt.Sprintf("reading study %q", name), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		study, err := s.settled(t, name)
		if err != nil {
			return err
		}
		snap = medml.Snapshot{
			About: study.About, State: study.State, Reason: study.Reason,
			Budget: study.Budget, TimeBudget: study.TimeBudget,
			Elapsed: study.Elapsed, Taken: time.Now(),
		}
		snap.Trials, err = t.readTrials()
		return err
	})
	if snap.State == medml.StudyRunning {
		return snap, err
	}
	for i, t := range snap.Trials {
		if t.State == medml.Running {
			snap.Trials[i] = waiting(t)
		}
	}
	return snap, err
}

// readTrials reads all trials of a study.
func (t table) readTrials() ([]medml.Trial, error) {
	headers, err := t.headers()
	if err != nil {
		return nil, err
	}
	runs, err := t.sub(runsBucket)
	if err != nil {
		return nil, err
	}
	live, err := t.sub(liveBucket)
	if err != nil {
		return nil, err
	}
	sums, err := t.tally()
	if err != nil {
		return nil, err
	}
	trials := make([]medml.Trial, len(headers))
	reported := 0
	for i, h := range headers {
		if trials[i], err = h.whole(runs, live); err != nil {
			return nil, err
		}
		if h.trial.State == medml.Running {
			reported += trials[i].Epochs()
		}
	}
	if reported != sums.live {
		return nil, t.damage(liveBucket, fmt.Sprintf("the running trials have %d epochs of %d", reported, sums.live))
	}
	return trials, nil
}

func (t table) readTrial(number int) (medml.Trial, error) {
	trials, err := t.sub(trialsBucket)
	if err != nil {
		return medml.Trial{}, err
	}
	h, err := trials.header(number)
	if err != nil {
		return medml.Trial{}, err
	}
	runs, err := t.sub(runsBucket)
	if err != nil {
		return medml.Trial{}, err
	}
	live, err := t.sub(liveBucket)
	if err != nil {
		return medml.Trial{}, err
	}
	return h.whole(runs, live)
}

// headers reads all trials of a study without their runs, and sees that none is missing.
func (t table) headers() ([]header, error) {
	sums, err := t.tally()
	if err != nil {
		return nil, err
	}
	trials, err := t.sub(trialsBucket)
	if err != nil {
		return nil, err
	}
	var list []header
	var states tally
	c := trials.bucket.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if n, ok := parseNumber(k); !ok || n != len(list) {
			return nil, trials.damage(string(k), fmt.Sprintf("it stands in the place of trial %d", len(list)))
		}
		h, err := trials.header(len(list))
		if err != nil {
			return nil, err
		}
		states.states[h.trial.State]++
		list = append(list, h)
	}
	if states.states != sums.states {
		return nil, t.damage(trialsBucket, fmt.Sprintf("it has %+v and should have %+v", states.counts(), sums.counts()))
	}
	return list, nil
}

// header reads a trial from the table of headers.
func (t table) header(number int) (header, error) {
	key := numberKey(number)
	d, err := t.read(key)
	if err != nil {
		return header{}, err
	}
	var h header
	h.trial, h.runs = d.trial(number)
	return h, t.done(key, d)
}

// whole adds the runs of a trial: those of its record, or what a running one has
// reported.
func (h header) whole(runs, live table) (medml.Trial, error) {
	t := h.trial
	var err error
	switch {
	case h.runs > 0:
		t.Runs, err = runs.runsOf(t.Number, h.runs)
	case t.State == medml.Running:
		t.Runs, err = live.epochsOf(t.Number)
	}
	return t, err
}

// runsOf reads the runs of a trial that has n.
func (t table) runsOf(number, n int) ([]medml.Run, error) {
	key := numberKey(number)
	d, err := t.read(key)
	if err != nil {
		return nil, err
	}
	runs := d.runs()
	if err := t.done(key, d); err != nil {
		return nil, err
	}
	if len(runs) != n {
		return nil, t.damage(key, fmt.Sprintf("it has %d runs of %d", len(runs), n))
	}
	return runs, nil
}

// epochsOf reads what a running trial has reported.
func (t table) epochsOf(number int) ([]medml.Run, error) {
	var runs []medml.Run
	prefix := []byte(numberKey(number))
	c := t.bucket.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		fold, epoch, err := t.epoch(k)
		if err != nil {
			return nil, err
		}
		if n := len(runs); n == 0 || runs[n-1].Fold != fold {
			runs = append(runs, medml.Run{Fold: fold, Value: math.NaN()})
		}
		last := &runs[len(runs)-1]
		last.Epochs = append(last.Epochs, epoch)
	}
	return slices.Clip(runs), nil
}

// epoch reads a record of the table of live epochs.
func (t table) epoch(key []byte) (fold int, e medml.Epoch, err error) {
	_, fold, step, ok := parseEpochKey(key)
	if !ok {
		return 0, e, t.damage(string(key), "its key is no trial, fold and step")
	}
	d, err := t.read(string(key))
	if err != nil {
		return 0, e, err
	}
	e = d.figures(step)
	return fold, e, t.done(string(key), d)
}
