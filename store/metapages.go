package store

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

// bbolt's meta page: magic, version, page size, flags u32, root page, sequence, page of
// the free list, pages in use, transaction u64, and FNV-1a over these u64.
const (
	metaSize    = 64
	metaMagic   = 0xED0CDAED
	metaVersion = 2
)

// meta is the root of a bbolt file as of a transaction.
type meta struct {
	pageSize int64
	root     uint64
	freelist uint64
	high     uint64
	txid     uint64
}

// meta reads both meta pages and returns the newer one. bbolt takes the older one where
// the newer is damaged, and with it loses what was committed last; so here both are to
// be whole. A crash leaves them whole: they are less than a disk's sector.
func (w *pageWalk) meta() (meta, bool) {
	if w.size < smallestFile {
		w.problem("the file", "it has %d bytes", w.size)
		return meta{}, false
	}
	first, ok := w.metaPage(0, 0)
	if !ok {
		return meta{}, false
	}
	w.pageSize = first.pageSize
	second, ok := w.metaPage(1, first.pageSize)
	if !ok {
		return meta{}, false
	}
	newer, older := first, second
	if newer.txid < older.txid {
		newer, older = older, newer
	}
	switch {
	case first.pageSize != second.pageSize || newer.txid-older.txid != 1:
		w.problem("page 1", "it doesn't go with page 0")
	case newer.high < 4 || newer.high > uint64(w.size/w.pageSize):
		w.problem("the file", "it has %d bytes and should have %d pages of %d", w.size, newer.high, w.pageSize)
	default:
		w.high = newer.high
		return newer, true
	}
	return meta{}, false
}

// metaPage reads the meta page at an offset.
func (w *pageWalk) metaPage(id uint64, offset int64) (meta, bool) {
	where := place(id, "")
	b := make([]byte, pageHeaderSize+metaSize)
	if _, err := w.file.ReadAt(b, offset); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file ends before it")
		}
		w.problem(where, "reading it: %v", err)
		return meta{}, false
	}
	fields := b[pageHeaderSize:]
	sum := fnv.New64a()
	sum.Write(fields[:metaSize-8])
	m := meta{
		pageSize: int64(native.Uint32(fields[8:])), root: native.Uint64(fields[16:]),
		freelist: native.Uint64(fields[32:]), high: native.Uint64(fields[40:]), txid: native.Uint64(fields[48:]),
	}
	switch {
	case native.Uint32(fields) != metaMagic || native.Uint32(fields[4:]) != metaVersion:
		w.problem(where, "it isn't the start of a bbolt file, version 2")
	case native.Uint64(fields[metaSize-8:]) != sum.Sum64():
		w.problem(where, "its checksum is wrong: the last transaction may be lost")
	case native.Uint64(b) != id || native.Uint16(b[8:]) != metaFlag || m.txid%2 != id:
		w.problem(where, "it is no meta page")
	case m.pageSize < 1024 || m.pageSize > largestPageSize || m.pageSize&(m.pageSize-1) != 0:
		w.problem(where, "its pages have %d bytes", m.pageSize)
	default:
		return m, true
	}
	return meta{}, false
}

// VerifyPages checks the page structure of the store in dir, without its records: first
// with a walk that no damage can crash, then, if that finds nothing, with bbolt's own
// check, which isn't as safe. A caller who doubts the disk itself runs it in a process
// of its own: memory mapped from a failing disk can end a process at any time.
func VerifyPages(dir string, timeout time.Duration) ([]Problem, error) {
	s, err := Open(dir, Options{ReadOnly: true, Timeout: timeout})
	var damage *DamageError
	if errors.As(err, &damage) {
		return walkFile(dir, timeout, damage.Problem)
	}
	if err != nil {
		return nil, err
	}
	var problems []Problem
	err = s.view("checking the pages", func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			problems = append(problems, Problem{Where: "its pages", What: err.Error()})
		}
		return nil
	})
	return problems, errors.Join(err, s.db.Close())
}

// walkFile lists all problems of a store's pages, of which Open has told the first.
func walkFile(dir string, timeout time.Duration, first Problem) ([]Problem, error) {
	f, err := os.Open(filepath.Join(dir, fileName))
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", dir, plain(err))
	}
	defer f.Close()
	if _, err := lock(f, false, timeout); err != nil {
		return nil, heldBy(dir)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", dir, plain(err))
	}
	if w := walkPages(f, info.Size()); len(w.problems) > 0 {
		return w.problems, nil
	}
	return []Problem{first}, nil
}
