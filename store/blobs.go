package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// blobs are the files of a folder beside the store: checkpoints or artifacts, too large
// for its pages. Each is named by the SHA-256 of what it holds, so that no name of a study
// can be a bad one, and equal content is there once. A file is there before a record
// refers to it, and goes after none does any more.
type blobs struct {
	store string // the store's folder
	kind  string // the folder's name
	disk  disk

	mu      sync.Mutex
	written int                       // files so far, for the names that they have until they are whole
	uses    map[[sha256.Size]byte]int // by records and by events that wait to be recorded
	// keep says that not all references are known, so that nothing may be removed.
	keep bool
}

const blobAside = "new-" // what the name of a file that isn't whole yet begins with

func newBlobs(store, kind string) *blobs {
	return &blobs{store: store, kind: kind, disk: osDisk{}, uses: map[[sha256.Size]byte]int{}}
}

func (b *blobs) folder() string { return filepath.Join(b.store, b.kind) }

func (b *blobs) path(r ref) string { return filepath.Join(b.folder(), r.String()) }

// put makes a file of data durable and counts a use of it.
func (b *blobs) put(data []byte) (ref, error) {
	r := ref{sum: sha256.Sum256(data), size: len(data)}
	b.use(r)
	if err := b.write(r, data); err != nil {
		b.release(r)
		return ref{}, err
	}
	return r, nil
}

// write makes a file durable under its name. Where it fails after the rename the file is
// an orphan, and goes with the use that put has counted.
func (b *blobs) write(r ref, data []byte) error {
	if err := b.makeFolder(); err != nil {
		return err
	}
	b.mu.Lock()
	b.written++
	aside := filepath.Join(b.folder(), fmt.Sprintf("%s%d-%d", blobAside, os.Getpid(), b.written))
	b.mu.Unlock()
	return writeAside(b.disk, b.folder(), aside, b.path(r), data)
}

func (b *blobs) makeFolder() error {
	err := b.disk.mkdir(b.folder())
	switch {
	case errors.Is(err, os.ErrExist):
		return nil
	case err != nil:
		return err
	}
	return b.disk.syncDir(b.store)
}

// use counts a use of a file.
func (b *blobs) use(r ref) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.uses[r.sum]++
}

// release ends uses of files, and removes those that have no other.
func (b *blobs) release(refs ...ref) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range refs {
		if b.uses[r.sum]--; b.uses[r.sum] > 0 {
			continue
		}
		delete(b.uses, r.sum)
		if !b.keep {
			_ = b.disk.remove(b.path(r)) // what stays is removed when the store is next opened
		}
	}
}

// sweep removes what a killed process has left: files that aren't whole, and those that no
// record refers to. It leaves those alone that aren't named like ours.
func (b *blobs) sweep() {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, _ := os.ReadDir(b.folder()) // none without the folder
	for _, e := range entries {
		sum, ours := parseSum(e.Name())
		if ours && b.uses[sum] == 0 && !b.keep || strings.HasPrefix(e.Name(), blobAside) {
			_ = b.disk.remove(filepath.Join(b.folder(), e.Name()))
		}
	}
}

// read returns the content of a file. where names the record that refers to it.
func (b *blobs) read(r ref, where string) ([]byte, error) {
	damage := func(format string, args ...any) error {
		return &DamageError{Dir: b.store, Problem: Problem{
			Where: fmt.Sprintf("%s (file %s/%v)", where, b.kind, r), What: fmt.Sprintf(format, args...),
		}}
	}
	f, err := os.Open(b.path(r))
	if errors.Is(err, os.ErrNotExist) {
		return nil, damage("the file is missing")
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() != int64(r.size) {
		return nil, damage("it has %d bytes of %d", info.Size(), r.size)
	}
	data := bytes.NewBuffer(make([]byte, 0, r.size+bytes.MinRead))
	if _, err := data.ReadFrom(io.LimitReader(f, int64(r.size)+1)); err != nil {
		return nil, damage("reading it: %v", plain(err))
	}
	if data.Len() != r.size || sha256.Sum256(data.Bytes()) != r.sum {
		return nil, damage("it isn't what was written: its SHA-256 is wrong")
	}
	return data.Bytes(), nil
}
