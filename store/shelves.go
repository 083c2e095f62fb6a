package store

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"medml"
)

// shelves are the buckets and the tally of a study.
type shelves struct {
	study, trials, curves, live, checkpoints, artifacts, audits table

	sums  tally
	words map[string]string
}

// studyBuckets are the buckets within that of a study.
var studyBuckets = [...]string{trialsBucket, curvesBucket, liveBucket, checkpointsBucket, artifactsBucket, auditsBucket}

// shelves opens the buckets of a study.
func (t table) shelves() (*shelves, error) {
	s := &shelves{study: t, words: map[string]string{}}
	parts := []struct {
		into *table
		name string
	}{
		{&s.trials, trialsBucket}, {&s.curves, curvesBucket}, {&s.live, liveBucket},
		{&s.checkpoints, checkpointsBucket}, {&s.artifacts, artifactsBucket}, {&s.audits, auditsBucket},
	}
	if t.format == 1 {
		parts = parts[:3]
		parts[1].name = runsBucket1
	}
	for _, p := range parts {
		var err error
		if *p.into, err = t.sub(p.name); err != nil {
			return nil, err
		}
	}
	var err error
	s.sums, err = t.tally()
	return s, err
}

func (t table) tally() (tally, error) {
	d, err := t.read(tallyKey)
	if err != nil {
		return tally{}, err
	}
	var sums tally
	if t.format == 1 {
		sums = d.tally1()
	} else {
		sums = d.tally()
	}
	return sums, t.done(tallyKey, d)
}

// header reads a trial without its epochs.
func (s *shelves) header(number int) (header, error) {
	key := numberKey(number)
	d, err := s.trials.read(key)
	if err != nil {
		return header{}, err
	}
	d.words = s.words
	var h header
	if s.trials.format == 1 {
		h = d.header1(number)
	} else {
		h = d.header(number)
	}
	return h, s.trials.done(key, d)
}

// headers reads all trials without their epochs, and sees that none is missing.
func (s *shelves) headers() ([]header, error) {
	list := make([]header, 0, min(s.sums.trials(), 1<<16))
	var found tally
	c := s.trials.bucket.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if n, ok := parseNumber(k); !ok || n != len(list) {
			return nil, s.trials.damage(string(k), fmt.Sprintf("it stands in the place of trial %d", len(list)))
		}
		h, err := s.header(len(list))
		if err != nil {
			return nil, err
		}
		found.states[h.trial.State]++
		list = append(list, h)
	}
	if found.states != s.sums.states {
		return nil, s.study.damage(trialsBucket, fmt.Sprintf("it has %+v and should have %+v", found.counts(), s.sums.counts()))
	}
	return list, s.addArtifacts(list)
}

// addArtifacts tells trials what is kept of them.
func (s *shelves) addArtifacts(list []header) error {
	refs, err := s.artifactRefs()
	if err != nil {
		return err
	}
	for n, r := range refs {
		if n >= len(list) || list[n].trial.State != medml.Complete {
			return s.artifacts.damage(numberKey(n), "its trial isn't complete")
		}
		list[n].trial.Artifact = r.String()
	}
	return nil
}

// artifactRefs returns the artifacts by the numbers of their trials.
func (s *shelves) artifactRefs() (map[int]ref, error) {
	refs := map[int]ref{}
	if s.artifacts.bucket == nil {
		return refs, nil
	}
	c := s.artifacts.bucket.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		n, ok := parseNumber(k)
		if !ok {
			return nil, s.artifacts.damage(string(k), "its key is no trial's number")
		}
		r, _, err := s.artifact(n)
		if err != nil {
			return nil, err
		}
		refs[n] = r
	}
	if len(refs) != s.sums.artifacts {
		return nil, s.study.damage(artifactsBucket, fmt.Sprintf("it has %d artifacts of %d", len(refs), s.sums.artifacts))
	}
	return refs, nil
}

// artifact reads what is kept of a trial, if anything is.
func (s *shelves) artifact(number int) (r ref, ok bool, err error) {
	key := numberKey(number)
	if s.artifacts.bucket == nil || s.artifacts.bucket.Get([]byte(key)) == nil {
		return r, false, nil
	}
	d, err := s.artifacts.read(key)
	if err != nil {
		return r, false, err
	}
	r = d.ref()
	return r, true, s.artifacts.done(key, d)
}

// checkpoint reads where a trial can go on from, if it can.
func (s *shelves) checkpoint(number int) (c checkpoint, ok bool, err error) {
	key := numberKey(number)
	if s.checkpoints.bucket == nil || s.checkpoints.bucket.Get([]byte(key)) == nil {
		return c, false, nil
	}
	d, err := s.checkpoints.read(key)
	if err != nil {
		return c, false, err
	}
	c = d.checkpoint()
	return c, true, s.checkpoints.done(key, d)
}

// whole reads the epochs of a trial: those of its record, or what one that hasn't ended
// has reported.
func (s *shelves) whole(h header) (medml.Trial, error) {
	t := h.trial
	var err error
	switch {
	case !t.State.Finished():
		t.Runs, err = s.reported(t.Number)
	case h.runs > 0:
		t.Runs, err = s.runsOf1(t.Number, h.runs)
	case h.epochCount() > 0:
		err = s.addEpochs(h)
	}
	return t, err
}

// addEpochs reads the epochs of a header's runs into them.
func (s *shelves) addEpochs(h header) error {
	key := numberKey(h.trial.Number)
	d, err := s.curves.read(key)
	if err != nil {
		return err
	}
	d.curves(allRuns(h.trial), h.epochs)
	return s.curves.done(key, d)
}

// runsOf1 reads the runs of a trial that has n, in format 1.
func (s *shelves) runsOf1(number, n int) ([]medml.Run, error) {
	key := numberKey(number)
	d, err := s.curves.read(key)
	if err != nil {
		return nil, err
	}
	runs := d.runs1()
	if err := s.curves.done(key, d); err != nil {
		return nil, err
	}
	if len(runs) != n {
		return nil, s.curves.damage(key, fmt.Sprintf("it has %d runs of %d", len(runs), n))
	}
	return runs, nil
}

// reported reads what a trial that hasn't ended has reported.
func (s *shelves) reported(number int) ([]medml.Run, error) {
	var runs []medml.Run
	prefix := []byte(numberKey(number))
	c := s.live.bucket.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		fold, epoch, err := s.live.epoch(k)
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
