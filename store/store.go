// Package store keeps studies on disk: what was asked for, where it ran, every trial
// with its parameters, runs and epochs, and where each of them stands. It is one bbolt
// file in a folder, and the only package that knows bbolt.
//
// Checkpoints and artifacts are files beside that one, which refers to them by their
// SHA-256: they are there before the reference is, and go after it.
//
// A [Store] is opened on a folder by one process for writing or by several for reading.
// A [Study] is the record of an experiment's search, made with Create and marked running
// with Begin. A [Recorder] takes the events of a running study durably; it is what a
// medml.Executor writes to.
//
// bbolt doesn't protect its pages, so the store does: Open walks the pages before bbolt
// sees them, and every record carries a checksum bound to its place. What is damaged is
// named in a [DamageError], never skipped and never repaired. docs/store-format.md has
// the format byte by byte.
package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// The files and folders of a store's folder.
const (
	fileName        = "medml.db"
	holderName      = "medml.lock.json"
	asideGlob       = "medml.db.new-*" // a store being created, migrated or backed up
	checkpointsName = "checkpoints"
	artifactsName   = "artifacts"
)

// formatVersion is the version of the layout that this package writes. It reads those
// from 1 on.
const formatVersion = 2

// pageSize is bbolt's page size in stores made here, whatever the machine's own is.
const pageSize = 4096

// Options say how to open a store. The zero value opens it for writing and makes it if
// there is none.
type Options struct {
	// ReadOnly opens for reading; any number of processes can do so at once. It implies
	// MustExist and writes nothing.
	ReadOnly bool
	// MustExist returns a *NoStoreError where there is no store instead of making one.
	MustExist bool
	// Timeout is how long to wait for another process to let go; 0 is 200 ms.
	Timeout time.Duration
	// Command says what this process does, for those it keeps out: "medml sweep diagnosis".
	Command string
}

// Store is an open store. Its methods may be called from several goroutines.
type Store struct {
	dir      string
	db       *bolt.DB
	format   int
	readOnly bool

	checkpoints, artifacts *blobs

	mu        sync.Mutex
	begun     map[string]bool // studies that this process has marked running
	recorders map[string]*Recorder
	closed    bool
}

// Open opens the store in the folder dir. The folder (0700) and its file (0600) are made
// where missing, unless opts say otherwise. A store of an older format is migrated first,
// after a copy; one opened for reading is read as it is. Open returns a *NoStoreError, a
// *HeldError, a *VersionError, a *DamageError, or what the system said.
func Open(dir string, opts Options) (*Store, error) {
	path := filepath.Join(dir, fileName)
	if err := makeMissing(dir, path, opts); err != nil {
		return nil, err
	}
	if opts.Timeout <= 0 {
		opts.Timeout = 200 * time.Millisecond
	}
	s, err := openFormat(dir, path, opts)
	if err == nil && s.format < formatVersion && !opts.ReadOnly {
		if err = s.migrate(path); err == nil {
			s, err = openFormat(dir, path, opts)
		}
	}
	if err != nil {
		return nil, err
	}
	if opts.ReadOnly {
		return s, nil
	}
	removeAside(dir)
	if err := s.countFiles(); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	if err := writeHolder(dir, opts.Command, time.Now()); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: noting who holds it: %w", dir, plain(err)), s.db.Close())
	}
	return s, nil
}

// openFormat opens the file and learns its format.
func openFormat(dir, path string, opts Options) (*Store, error) {
	s := &Store{
		dir: dir, readOnly: opts.ReadOnly, begun: map[string]bool{}, recorders: map[string]*Recorder{},
		checkpoints: newBlobs(dir, checkpointsName), artifacts: newBlobs(dir, artifactsName),
	}
	err := s.open(path, opts)
	for errors.Is(err, errReplaced) {
		err = s.open(path, opts) // that of its successor
	}
	if err != nil {
		return nil, err
	}
	if err := s.view("opening store", s.checkFormat); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

// makeMissing makes the store if it may, and tells its absence otherwise.
func makeMissing(dir, path string, opts Options) error {
	_, err := os.Stat(path)
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("store %s: %w", dir, plain(err))
	case opts.ReadOnly || opts.MustExist:
		return &NoStoreError{Dir: dir}
	}
	if err := create(dir, path); err != nil {
		return fmt.Errorf("making store %s: %w", dir, plain(err))
	}
	return nil
}

// open locks the file, walks its pages, and only then lets bbolt have it.
func (s *Store) open(path string, opts Options) error {
	var file *os.File
	openFile := func(name string, flag int, _ os.FileMode) (*os.File, error) {
		f, err := os.OpenFile(name, flag&^os.O_CREATE, 0)
		if err != nil {
			return nil, err
		}
		if err := admit(f, s.dir, !opts.ReadOnly, opts.Timeout); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		file = f
		return f, nil
	}
	err := s.guard("opening store", func() (err error) {
		s.db, err = bolt.Open(path, 0o600, &bolt.Options{
			Timeout: opts.Timeout, ReadOnly: opts.ReadOnly, OpenFile: openFile,
			FreelistType: bolt.FreelistMapType, NoStatistics: true,
		})
		return err
	})
	if err != nil && file != nil {
		_ = file.Close() // bbolt has closed it, unless it panicked
	}
	switch {
	case errors.Is(err, errLocked), errors.Is(err, berrors.ErrTimeout):
		return heldBy(s.dir)
	case err != nil && !isOwn(err) && !errors.Is(err, errReplaced):
		return fmt.Errorf("opening store %s: %w", s.dir, plain(err))
	}
	return err
}

// admit takes the lock on a store's file and refuses a file with damaged pages. bbolt
// takes the same lock again, which changes nothing.
func admit(f *os.File, dir string, exclusive bool, timeout time.Duration) error {
	locked, err := lock(f, exclusive, timeout)
	if err != nil {
		return err
	}
	if err := stillThere(f); err != nil {
		return err
	}
	if !locked { // a system on which another process may be writing now
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if w := walkPages(f, info.Size()); len(w.problems) > 0 {
		return &DamageError{Dir: dir, Problem: w.problems[0]}
	}
	return nil
}

// errReplaced says that while a process waited for the lock on a file, another has put a
// migrated one in its place.
var errReplaced = errors.New("replaced by another file")

func stillThere(f *os.File) error {
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	if now, err := os.Stat(f.Name()); err != nil || !os.SameFile(mine, now) {
		return errors.Join(errReplaced, err)
	}
	return nil
}

// checkFormat refuses a store of a format it doesn't know.
func (s *Store) checkFormat(tx *bolt.Tx) error {
	t, err := s.table(tx, metaBucket)
	if err != nil {
		return err
	}
	d, err := t.read(formatKey)
	if err != nil {
		return err
	}
	s.format = d.int()
	if d.err == nil && s.format > formatVersion {
		return &VersionError{Dir: s.dir, Found: s.format, Known: formatVersion}
	}
	if d.err == nil && s.format < 1 {
		d.fail("its format is %d", s.format)
	}
	return t.done(formatKey, d)
}

// Close writes what the recorders still hold and closes the store. Closing it again does
// nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	open := make([]*Recorder, 0, len(s.recorders))
	for _, r := range s.recorders {
		open = append(open, r)
	}
	s.mu.Unlock()
	var errs []error
	for _, r := range open {
		errs = append(errs, r.Close())
	}
	if !s.readOnly {
		removeHolder(s.dir)
	}
	if err := s.db.Close(); err != nil {
		errs = append(errs, fmt.Errorf("closing store %s: %w", s.dir, err))
	}
	return errors.Join(errs...)
}

// Dir returns the store's folder as Open was given it.
func (s *Store) Dir() string { return s.dir }

// Transactions returns how many transactions the store has committed in its life, those
// in which it was made included. Each costs two syncs of the file.
func (s *Store) Transactions() (int, error) {
	n := 0
	err := s.view("counting transactions", func(tx *bolt.Tx) error {
		n = tx.ID()
		return nil
	})
	return n, err
}

// view runs f on a consistent state of the store.
func (s *Store) view(doing string, f func(*bolt.Tx) error) error {
	return s.wrap(doing, s.guard(doing, func() error { return s.db.View(f) }))
}

// update runs f and commits what it did to disk, all or nothing.
func (s *Store) update(doing string, f func(*bolt.Tx) error) error {
	if s.readOnly {
		return fmt.Errorf("%s: store %s is open for reading only", doing, s.dir)
	}
	return s.wrap(doing, s.guard(doing, func() error { return s.db.Update(f) }))
}

// wrap says what was attempted, unless the error is one of the package's own, which
// stand for themselves.
func (s *Store) wrap(doing string, err error) error {
	switch {
	case err == nil || isOwn(err):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%s: the disk of store %s is full: %w", doing, s.dir, err)
	}
	return fmt.Errorf("%s in store %s: %w", doing, s.dir, err)
}

// guard turns what bbolt makes of a file that changed under it, a panic or a fault on
// the mapped memory, into an error.
func (s *Store) guard(doing string, f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &DamageError{Dir: s.dir, Problem: Problem{Where: "its pages", What: fmt.Sprintf("%s ended in %v", doing, r)}}
		}
	}()
	return f()
}
