package store

import (
	"bytes"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"medml"
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
	"header": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		h := d.header(7)
		if h.epochCount() > 1<<20 {
			return b, d.end() // nobody has that many
		}
		for i, r := range allRuns(h.trial) {
			r.Epochs = make([]medml.Epoch, h.epochs[i])
		}
		var e encoder
		e.putHeader(h.trial)
		return e.b, d.end()
	},
	"curves": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		run := medml.Run{Epochs: d.epochs(3)}
		var e encoder
		e.putCurves([]*medml.Run{&run})
		return e.b, d.end()
	},
	"epoch": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		var e encoder
		e.putFigures(d.figures(3))
		return e.b, d.end()
	},
	"checkpoint": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		var e encoder
		e.putCheckpoint(d.checkpoint())
		return e.b, d.end()
	},
	"artifact": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		var e encoder
		e.ref(d.ref())
		return e.b, d.end()
	},
	"audit": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		r := d.audit()
		var e encoder
		e.putAudit(r)
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
	"header of format 1": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		d.header1(7)
		return b, d.end() // it isn't written any more
	},
	"runs of format 1": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		d.runs1()
		return b, d.end()
	},
	"tally of format 1": func(b []byte) ([]byte, error) {
		d := &decoder{b: b}
		d.tally1()
		return b, d.end()
	},
}

// MigrationSteps is how many steps a migration has.
var MigrationSteps = len((&migration{}).steps())

// MigrateSteps does the first steps of a migration and leaves off as a killed process
// would.
func MigrateSteps(dir string, n int) error {
	path := filepath.Join(dir, fileName)
	s, err := openFormat(dir, path, Options{})
	if err != nil {
		return err
	}
	for _, step := range (&migration{old: s, path: path}).steps()[:n] {
		if err := step(); err != nil {
			return err
		}
	}
	return s.db.Close()
}

// HoldDisk lets no transaction of s begin until it is let go.
func HoldDisk(s *Store) (letGo func() error, err error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return nil, err
	}
	return tx.Rollback, nil
}

// Step is what a store does to the files beside it: a write, rename, remove, mkdir or
// syncDir.
type Step struct {
	Op, Path, To string
	Data         []byte
}

// Watch lets f see each step of s, and forbid it, before it is done.
func Watch(s *Store, f func(Step) error) {
	s.checkpoints.disk, s.artifacts.disk = watchedDisk{f}, watchedDisk{f}
}

type watchedDisk struct{ see func(Step) error }

func (d watchedDisk) do(step Step, op func() error) error {
	if err := d.see(step); err != nil {
		return err
	}
	return op()
}

func (d watchedDisk) mkdir(path string) error {
	return d.do(Step{Op: "mkdir", Path: path}, func() error { return osDisk{}.mkdir(path) })
}

func (d watchedDisk) write(path string, data []byte) error {
	return d.do(Step{Op: "write", Path: path, Data: data}, func() error { return osDisk{}.write(path, data) })
}

func (d watchedDisk) rename(from, to string) error {
	return d.do(Step{Op: "rename", Path: from, To: to}, func() error { return osDisk{}.rename(from, to) })
}

func (d watchedDisk) remove(path string) error {
	return d.do(Step{Op: "remove", Path: path}, func() error { return osDisk{}.remove(path) })
}

func (d watchedDisk) syncDir(path string) error {
	return d.do(Step{Op: "syncDir", Path: path}, func() error { return osDisk{}.syncDir(path) })
}
