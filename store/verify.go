package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// Report is what a check of a store has found.
type Report struct {
	Dir      string    `json:"dir"`
	Studies  int       `json:"studies"`
	Trials   int       `json:"trials"`
	Epochs   int       `json:"epochs"`
	Problems []Problem `json:"problems"`
}

// Verify checks the store in dir whole: the pages as VerifyPages does, then each record:
// its checksum, its fields, and that it agrees with the others (trials numbered without
// a gap, parameters that the space has, runs and epochs that belong to a trial, sums
// that add up). Damage goes into the report; an error says that it couldn't look. Nothing
// is changed.
func Verify(ctx context.Context, dir string, timeout time.Duration) (Report, error) {
	report := Report{Dir: dir}
	var err error
	if report.Problems, err = VerifyPages(dir, timeout); err != nil || len(report.Problems) > 0 {
		return report, err
	}
	s, err := Open(dir, Options{ReadOnly: true, Timeout: timeout})
	if err != nil {
		return report, err
	}
	v := &verifier{ctx: ctx, report: &report}
	err = s.view("checking the records", func(tx *bolt.Tx) error { return v.store(s, tx) })
	return report, errors.Join(err, s.db.Close())
}

// verifier goes through a store's records and notes what is wrong.
type verifier struct {
	ctx    context.Context
	report *Report
}

// note notes damage and goes on; it returns other errors.
func (v *verifier) note(err error) error {
	var damage *DamageError
	if errors.As(err, &damage) {
		v.report.Problems = append(v.report.Problems, damage.Problem)
		return nil
	}
	return err
}

func (v *verifier) problem(t table, key, format string, args ...any) {
	_ = v.note(t.damage(key, fmt.Sprintf(format, args...)))
}

func (v *verifier) store(s *Store, tx *bolt.Tx) error {
	_, counted, err := s.count(tx)
	if err := v.note(err); err != nil {
		return err
	}
	studies, err := s.table(tx, studiesBucket)
	if err != nil {
		return v.note(err)
	}
	names := studies.names()
	v.report.Studies = len(names)
	if counted != len(names) {
		v.problem(studies, "", "it has %d studies of %d", len(names), counted)
	}
	err = tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if !slices.Contains([]string{metaBucket, studiesBucket}, string(name)) {
			v.problem(table{dir: s.dir, path: string(name)}, "", "it doesn't belong here")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := v.study(studies, name); err != nil {
			return err
		}
	}
	return nil
}

// study checks a study: its own records, then its trials.
func (v *verifier) study(studies table, name string) error {
	t, err := studies.sub(name)
	if err != nil {
		return v.note(err)
	}
	for _, key := range t.names() {
		if !slices.Contains([]string{specKey, progressKey, tallyKey, trialsBucket, runsBucket, liveBucket}, key) {
			v.problem(t, key, "it doesn't belong here")
		}
	}
	study, err := t.study()
	if err := v.note(err); err != nil {
		return err
	}
	if err == nil && study.Name != name {
		v.problem(t, specKey, "it names study %q", study.Name)
	}
	sums, err := t.tally()
	known := err == nil
	if err := v.note(err); err != nil {
		return err
	}
	c := &trialCheck{verifier: v, study: study, sums: newTally(), states: map[int]medml.State{}, runCount: map[int]int{}}
	if err := c.run(t); err != nil {
		return err
	}
	if known && !c.broken && !sums.agrees(c.sums) {
		v.problem(t, tallyKey, "it says %+v, and the trials add up to %+v", sums.counts(), c.sums.counts())
	}
	return nil
}

// agrees reports whether a tally is what the trials add up to. The latest time may be
// that of a run since dropped.
func (t tally) agrees(sum tally) bool {
	same := t.value == sum.value || t.value != t.value && sum.value != sum.value
	return t.states == sum.states && t.live == sum.live && t.best == sum.best && same && !t.latest.Before(sum.latest)
}

// trialCheck checks the trials of a study.
type trialCheck struct {
	*verifier
	study    Study
	sums     tally
	states   map[int]medml.State
	runCount map[int]int // of trials that have runs
	next     int         // the number of the next trial
	broken   bool        // some trial couldn't be read, so the sums say nothing
}

func (c *trialCheck) run(t table) error {
	for _, part := range [...]struct {
		name  string
		check func(t table, key []byte) error
	}{{trialsBucket, c.trial}, {runsBucket, c.runs}, {liveBucket, c.epoch}} {
		sub, err := t.sub(part.name)
		if err != nil {
			c.broken = true
			if err := c.note(err); err != nil {
				return err
			}
			continue
		}
		cursor := sub.bucket.Cursor()
		for k, _ := cursor.First(); k != nil; k, _ = cursor.Next() {
			if err := c.ctx.Err(); err != nil {
				return err
			}
			err := part.check(sub, k)
			c.broken = c.broken || err != nil
			if err := c.note(err); err != nil {
				return err
			}
		}
	}
	missing := make([]int, 0, len(c.runCount))
	for number := range c.runCount {
		missing = append(missing, number)
	}
	slices.Sort(missing)
	for _, number := range missing {
		c.problem(t.child(runsBucket), numberKey(number), "the record is missing")
	}
	return nil
}

func (c *trialCheck) trial(t table, key []byte) error {
	number, ok := parseNumber(key)
	if !ok {
		return t.damage(string(key), "its key is no trial's number")
	}
	if number != c.next {
		c.problem(t, string(key), "trial %d is missing before it", c.next)
	}
	c.next = number + 1
	c.report.Trials++
	h, err := t.header(number)
	if err != nil {
		return err
	}
	c.states[number] = h.trial.State
	if h.runs > 0 {
		c.runCount[number] = h.runs
	}
	c.sums.add(h.trial, c.study.About.Direction)
	if state := c.study.State; h.trial.State == medml.Running && state != "" && state != medml.StudyRunning {
		c.problem(t, string(key), "it runs in a study that is %s", c.study.State)
	}
	if !legalSum(h.trial.Weights) {
		c.problem(t, string(key), "its weights are no SHA-256")
	}
	c.params(t, string(key), h.trial.Params)
	return nil
}

// params checks a trial's parameters against the study's space.
func (c *trialCheck) params(t table, key string, params medml.Params) {
	space := c.study.About.Space
	want := 0
	for _, p := range space {
		v, ok := params.Lookup(p.Name)
		active := space.Active(p, params)
		switch {
		case active != ok:
			c.problem(t, key, "parameter %s is there: %t, and should be: %t", p.Name, ok, active)
		case ok && !p.Contains(v):
			c.problem(t, key, "parameter %s is %v, which isn't in its range", p.Name, v)
		}
		if active {
			want++
		}
	}
	if len(params) > want && len(space) > 0 {
		c.problem(t, key, "it has %d parameters of %d", len(params), want)
	}
}

func (c *trialCheck) runs(t table, key []byte) error {
	number, ok := parseNumber(key)
	n := c.runCount[number]
	if !ok || n == 0 && !c.broken {
		return t.damage(string(key), "no trial has these runs")
	}
	delete(c.runCount, number)
	if n == 0 {
		return nil // its trial couldn't be read
	}
	runs, err := t.runsOf(number, n)
	if err != nil {
		return err
	}
	for i, r := range runs {
		c.report.Epochs += len(r.Epochs)
		folds := c.study.About.Folds
		if r.Fold < 0 || folds > 0 && r.Fold >= folds || i > 0 && r.Fold <= runs[i-1].Fold {
			c.problem(t, string(key), "run %d is of fold %d", i, r.Fold)
		}
		if !legalSum(r.Weights) {
			c.problem(t, string(key), "the weights of run %d are no SHA-256", i)
		}
		for j := 1; j < len(r.Epochs); j++ {
			if r.Epochs[j].Step <= r.Epochs[j-1].Step {
				c.problem(t, string(key), "run %d: step %d comes after step %d", i, r.Epochs[j].Step, r.Epochs[j-1].Step)
			}
		}
	}
	return nil
}

func (c *trialCheck) epoch(t table, key []byte) error {
	number, _, _, ok := parseEpochKey(key)
	if state, known := c.states[number]; ok && !c.broken && (!known || state != medml.Running) {
		c.problem(t, string(key), "its trial isn't running")
	}
	c.sums.live++
	c.report.Epochs++
	_, _, err := t.epoch(key)
	return err
}

// legalSum reports whether s is a SHA-256 in hexadecimal, or nothing.
func legalSum(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && (len(b) == 0 || len(b) == 32)
}
