package store

import (
	"errors"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
)

// create makes an empty store. It is built aside and appears under its name whole, so
// that a file under that name is never a half-made one; if another process was faster,
// that one's store stands.
func create(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, asideGlob) // mode 0600
	if err != nil {
		return err
	}
	aside := f.Name()
	defer os.Remove(aside)
	if err := f.Close(); err != nil {
		return err
	}
	if err := initialise(aside); err != nil {
		return err
	}
	if err := os.Link(aside, path); err != nil && !exists(path) {
		// Some file systems have no links; there a race between two first commands is
		// decided by the last one.
		if err := os.Rename(aside, path); err != nil {
			return err
		}
	}
	return errors.Join(syncDir(dir), syncDir(filepath.Dir(dir)))
}

// initialise writes the buckets and records that every store has.
func initialise(path string) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{PageSize: pageSize})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		meta, err := makeTable(tx, metaBucket)
		if err != nil {
			return err
		}
		if _, err := makeTable(tx, studiesBucket); err != nil {
			return err
		}
		var format, count encoder
		format.int(formatVersion)
		count.int(0)
		return errors.Join(meta.put(formatKey, format.b), meta.put(countKey, count.b))
	})
	return errors.Join(err, db.Close())
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// removeAside removes what a process killed while making this store left behind.
func removeAside(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, asideGlob))
	for _, path := range left {
		_ = os.Remove(path) // it disturbs nobody
	}
}
