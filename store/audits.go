package store

import (
	"fmt"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// Audit is what became of a pruned trial when it was trained to the end after all: its
// configuration from the search's own seed.
type Audit struct {
	Number int
	Repeat medml.Repeat
}

// PutAudit keeps what became of a pruned trial. The search never sees it; an earlier
// audit of the trial is replaced.
func (s *Store) PutAudit(study string, number int, r medml.Repeat) error {
	return s.update(fmt.Sprintf("keeping an audit of trial %s/%d", study, number), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, study)
		if err != nil {
			return err
		}
		l, err := t.ledger("")
		if err != nil {
			return err
		}
		if err := l.has(study, number); err != nil {
			return err
		}
		h, err := l.header(number)
		if err != nil {
			return err
		}
		if h.trial.State != medml.Pruned {
			return fmt.Errorf("it is %v, not pruned", h.trial.State)
		}
		key := numberKey(number)
		if l.audits.bucket.Get([]byte(key)) == nil {
			l.sums.audits++
		}
		var e encoder
		e.putAudit(r)
		if err := l.audits.put(key, e.b); err != nil {
			return err
		}
		return l.close()
	})
}

// Audits returns the audits of a study in the order of the trials' numbers.
func (s *Store) Audits(study string) ([]Audit, error) {
	var list []Audit
	err := s.viewStudy(fmt.Sprintf("reading the audits of study %q", study), study, func(sh *shelves) (err error) {
		list, err = sh.readAudits()
		return err
	})
	return list, err
}

func (s *shelves) readAudits() ([]Audit, error) {
	if s.audits.bucket == nil {
		return nil, nil
	}
	var list []Audit
	c := s.audits.bucket.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		a, err := s.audit(k)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	if len(list) != s.sums.audits {
		return nil, s.study.damage(auditsBucket, fmt.Sprintf("it has %d audits of %d", len(list), s.sums.audits))
	}
	return list, nil
}

func (s *shelves) audit(key []byte) (Audit, error) {
	n, ok := parseNumber(key)
	if !ok {
		return Audit{}, s.audits.damage(string(key), "its key is no trial's number")
	}
	d, err := s.audits.read(string(key))
	if err != nil {
		return Audit{}, err
	}
	a := Audit{Number: n, Repeat: d.audit()}
	return a, s.audits.done(string(key), d)
}
