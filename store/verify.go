package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Report is what a check of a store has found.
type Report struct {
	Dir      string    `json:"dir"`
	Studies  int       `json:"studies"`
	Trials   int       `json:"trials"`
	Epochs   int       `json:"epochs"`
	Files    int       `json:"files"` // checkpoints and artifacts
	Problems []Problem `json:"problems"`
}

// Verify checks the store in dir whole: the pages as VerifyPages does, then each record:
// its checksum, its fields, and that it agrees with the others (trials numbered without
// a gap, parameters that the space has, runs and epochs that belong to a trial, sums
// that add up, weights that are those of the runs), and each checkpoint and artifact.
// Damage goes into the report; an error says that it couldn't look. Nothing is changed.
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
	v := &verifier{ctx: ctx, store: s, report: &report}
	err = s.view("checking the records", v.all)
	return report, errors.Join(err, s.db.Close())
}

// verifier goes through a store's records and notes what is wrong.
type verifier struct {
	ctx    context.Context
	store  *Store
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

func (v *verifier) all(tx *bolt.Tx) error {
	_, counted, err := v.store.count(tx)
	if err := v.note(err); err != nil {
		return err
	}
	studies, err := v.store.table(tx, studiesBucket)
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
			v.problem(table{dir: v.store.dir, path: string(name)}, "", "it doesn't belong here")
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
	known := append([]string{specKey, progressKey, tallyKey, openedKey, openingsBucket}, studyBuckets[:]...)
	if t.format == 1 {
		known = []string{specKey, progressKey, tallyKey, trialsBucket, runsBucket1, liveBucket}
	}
	for _, key := range t.names() {
		if !slices.Contains(known, key) {
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
	sh, err := t.shelves()
	if err != nil {
		return v.note(err)
	}
	_, err = t.readOpenings()
	if err := v.note(err); err != nil {
		return err
	}
	c := &trialCheck{verifier: v, shelves: sh, study: study}
	return c.run()
}
