package store

import (
	"bytes"

	bolt "go.etcd.io/bbolt"
)

// LoseDisk makes every later transaction of s fail.
func LoseDisk(s *Store) error { return s.db.Close() }

// SkipSync makes commits that a power cut could lose, for tests of what isn't the disk's.
func SkipSync(s *Store) *Store {
	s.db.NoSync = true
	return s
}

// SetFormat writes another version of the format into a store.
func SetFormat(s *Store, version int) error {
	return s.update("setting the format", func(tx *bolt.Tx) error {
		t, err := s.table(tx, metaBucket)
		if err != nil {
			return err
		}
		var e encoder
		e.int(version)
		e.string("what a later version knows")
		return t.put(formatKey, e.b)
	})
}

// Records returns all records of a store by their paths, as they are on disk.
func Records(s *Store) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := s.view("dumping", func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			dump(all, string(name), b)
			return nil
		})
	})
	return all, err
}

func dump(all map[string][]byte, path string, b *bolt.Bucket) {
	_ = b.ForEach(func(k, v []byte) error {
		at := path + "/" + keyName(string(k))
		if v == nil {
			dump(all, at, b.Bucket(k))
			return nil
		}
		all[at] = bytes.Clone(v)
		return nil
	})
}

// Walk returns the problems that the walk over a file's pages finds.
func Walk(file []byte) []Problem {
	return walkPages(bytes.NewReader(file), int64(len(file))).problems
}

// Decoders read records of every kind and write them again.
var Decoders = map[string]func([]byte) ([]byte, error){
	"trial": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		t, runs := d.trial(7)
		var e encoder
		e.putTrial(t)
		e.b = e.b[:len(e.b)-4]
		e.count(runs)
		return e.b, d.end()
	},
	"runs": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		var e encoder
		e.putRuns(d.runs())
		return e.b, d.end()
	},
	"epoch": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		var e encoder
		e.putFigures(d.figures(3))
		return e.b, d.end()
	},
	"spec": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		d.spec()
		return b, d.end() // JSON can be written in many ways
	},
	"progress": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		d.progress(&Study{})
		return b, d.end()
	},
	"tally": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		var e encoder
		e.putTally(d.tally())
		return e.b, d.end()
	},
}
