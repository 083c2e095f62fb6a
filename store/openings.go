package store

import (
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Opening is a look at the locked test part: by which model, when, and what came of it.
type Opening struct {
	// Number counts the openings of a study from 0.
	Number int
	// Trial is the one whose models were judged, the best member's of an ensemble.
	Trial int
	At    time.Time
	// Model says what was judged, as "the 5 models of trial 7".
	Model string
	// Weights is the SHA-256 of the models' weights.
	Weights string
	// Result is what came of it, JSON; nil while it isn't known, and for ever where the
	// evaluation was interrupted: the part counts as opened all the same.
	Result []byte
}

const (
	openingsBucket = "openings" // made with the first opening
	openedKey      = "opened"   // how many there are
)

// RecordOpening puts an opening of a study's test part on record, durably, before anything is read
// of it, and returns its number.
func (s *Store) RecordOpening(study string, o Opening) (number int, err error) {
	err = s.update(fmt.Sprintf("recording an opening of the test part of study %q", study), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, study)
		if err != nil {
			return err
		}
		b, n, err := t.openings()
		if err != nil {
			return err
		}
		if b.bucket == nil {
			if b, err = t.makeSub(openingsBucket); err != nil {
				return err
			}
		}
		number = n
		o.Number = n
		if err := b.putOpening(o); err != nil {
			return err
		}
		var e encoder
		e.int(n + 1)
		return t.put(openedKey, e.b)
	})
	return number, err
}

// Opened puts on record what came of an opening.
func (s *Store) Opened(study string, number int, result []byte) error {
	return s.update(fmt.Sprintf("recording what came of opening %d of study %q", number, study), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, study)
		if err != nil {
			return err
		}
		b, n, err := t.openings()
		if err != nil {
			return err
		}
		if number < 0 || number >= n {
			return fmt.Errorf("there are %d openings", n)
		}
		o, err := b.opening(number)
		if err != nil {
			return err
		}
		o.Result = result
		return b.putOpening(o)
	})
}

// Openings returns all openings of a study's test part, the first first.
func (s *Store) Openings(study string) ([]Opening, error) {
	var list []Opening
	err := s.viewStudy(fmt.Sprintf("reading the openings of study %q", study), study, func(sh *shelves) (err error) {
		list, err = sh.study.readOpenings()
		return err
	})
	return list, err
}

func (t table) readOpenings() ([]Opening, error) {
	b, n, err := t.openings()
	if err != nil || n == 0 {
		return nil, err
	}
	if names := b.names(); len(names) != n {
		return nil, t.damage(openingsBucket, fmt.Sprintf("it has %d openings of %d", len(names), n))
	}
	var list []Opening
	for i := range n {
		o, err := b.opening(i)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// openings returns the bucket of a study's openings, none before the first, and how many
// there are.
func (t table) openings() (table, int, error) {
	b := t.child(openingsBucket)
	b.bucket = t.bucket.Bucket([]byte(openingsBucket))
	if t.bucket.Get([]byte(openedKey)) == nil {
		if b.bucket != nil {
			return b, 0, t.damage(openedKey, "the record is missing")
		}
		return b, 0, nil
	}
	d, err := t.read(openedKey)
	if err != nil {
		return b, 0, err
	}
	n := d.int()
	switch err := t.done(openedKey, d); {
	case err != nil:
		return b, 0, err
	case n < 1:
		return b, 0, t.damage(openedKey, fmt.Sprintf("it counts %d openings", n))
	case b.bucket == nil:
		return b, 0, t.damage(openingsBucket, "the bucket is missing")
	}
	return b, n, nil
}

func (t table) putOpening(o Opening) error {
	var e encoder
	e.int(o.Trial)
	e.time(o.At)
	e.string(o.Model)
	e.string(o.Weights)
	e.bytes(o.Result)
	return t.put(numberKey(o.Number), e.b)
}

func (t table) opening(number int) (Opening, error) {
	key := numberKey(number)
	d, err := t.read(key)
	if err != nil {
		return Opening{}, err
	}
	o := Opening{Number: number, Trial: d.int(), At: d.time(), Model: d.string(), Weights: d.string(), Result: d.bytes()}
	if len(o.Result) == 0 {
		o.Result = nil
	}
	return o, t.done(key, d)
}
