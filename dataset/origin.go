package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// origin is where a dataset's bytes come from: a file, or a folder and all below it.
// Everything is read through it, so that nothing escapes the limits and the digest. A link
// that leads out of the folder is refused.
type origin struct {
	file   string // as errors name it
	root   *os.Root
	single string // the file's name in root; "" for a folder
	lim    limits

	budget *int64    // bytes that may still be read, shared with what stands beside
	hash   hash.Hash // of names and contents in the order of reading
}

// openOrigin opens the file or folder at a path.
func openOrigin(at string, lim limits) (*origin, error) {
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &FieldError{"source", fmt.Sprintf("no such file: %s%s", at, neighbours(at))}
	case err != nil:
		return nil, &FieldError{"source", err.Error()}
	case !info.IsDir() && !info.Mode().IsRegular():
		return nil, &FieldError{"source", at + " is neither a file nor a folder"}
	}
	o := &origin{file: at, lim: lim, hash: sha256.New()}
	left := lim.bytes
	o.budget = &left
	folder := at
	if !info.IsDir() {
		folder, o.single = filepath.Dir(at), filepath.Base(at)
	}
	if o.root, err = os.OpenRoot(folder); err != nil {
		return nil, &FieldError{"source", err.Error()}
	}
	return o, nil
}

// close lets go of the folder.
func (o *origin) close() { o.root.Close() }

// path returns the source as errors name it.
func (o *origin) path() string { return o.file }

// isDir reports whether the source is a folder.
func (o *origin) isDir() bool { return o.single == "" }

// digest returns the digest of what has been read so far: of a file, that of its bytes.
func (o *origin) digest() string { return "sha256:" + hex.EncodeToString(o.hash.Sum(nil)) }

// where returns how errors name a file of the source.
func (o *origin) where(name string) string {
	if name == "" || name == o.single {
		return o.file
	}
	if !o.isDir() {
		return filepath.Join(filepath.Dir(o.file), filepath.FromSlash(name))
	}
	return filepath.Join(o.file, filepath.FromSlash(name))
}

// list returns the regular files of a folder and below, with slashes, in order; what is
// hidden is left out. Of a file it returns that file.
func (o *origin) list() ([]string, error) {
	if !o.isDir() {
		return []string{o.single}, nil
	}
	var files []string
	err := fs.WalkDir(o.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return nil
		}
		if len(files) >= o.lim.files {
			return &CellError{File: o.file, Found: fmt.Sprintf("more than %d files", o.lim.files), Expected: "a smaller folder"}
		}
		info, err := o.root.Stat(filepath.FromSlash(name)) // a link is followed inside the folder alone
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() {
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", o.file, err)
	}
	slices.Sort(files)
	return files, nil
}

// open streams a file of the source; "" is the source itself. Reading past the limits is a
// [*CellError].
func (o *origin) open(name string) (io.ReadCloser, error) {
	f, err := o.peek(name)
	if err != nil {
		return nil, err
	}
	f.hash = o.hash
	if o.isDir() {
		name = path.Clean(name)
		fmt.Fprintf(o.hash, "%d %s\n", len(name), name)
	}
	return f, nil
}

// peek is open for a look that is no part of the digest: what is seen is read again.
func (o *origin) peek(name string) (*originFile, error) {
	if name == "" {
		if name = o.single; name == "" {
			return nil, &FieldError{"source", o.file + " is a folder"}
		}
	}
	name = path.Clean(name)
	f, err := o.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", o.where(name), err)
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, &CellError{File: o.where(name), Found: "no regular file", Expected: "one"}
	}
	return &originFile{f: f, o: o, where: o.where(name), hash: io.Discard}, nil
}

// bytes returns a whole file of the source; "" is the source itself.
func (o *origin) bytes(name string) ([]byte, error) {
	r, err := o.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// beside returns a file that the experiment names beside the source, a table of labels say:
// relative to the source's folder, or to the source where that is a folder and has it. It
// counts towards the digest and the limits of the source.
func (o *origin) beside(name string) (*origin, error) {
	at := filepath.FromSlash(name)
	if !filepath.IsAbs(at) {
		inside := filepath.Join(o.file, at)
		if _, err := os.Stat(inside); o.isDir() && err == nil {
			at = inside
		} else {
			at = filepath.Join(filepath.Dir(filepath.Clean(o.file)), at)
		}
	}
	b, err := openOrigin(at, o.lim)
	if err != nil {
		return nil, err
	}
	if b.isDir() {
		b.close()
		return nil, &FieldError{"source", at + " is a folder, expected a file"}
	}
	b.budget, b.hash = o.budget, o.hash
	return b, nil
}

// originFile counts and hashes what is read of a file.
type originFile struct {
	f     *os.File
	o     *origin
	where string
	hash  io.Writer
}

// Read passes the bytes on and ends with an error where there are too many.
func (f *originFile) Read(p []byte) (int, error) {
	n, err := f.f.Read(p)
	f.hash.Write(p[:n])
	if *f.o.budget -= int64(n); *f.o.budget < 0 {
		return 0, &CellError{File: f.o.file, Found: fmt.Sprintf("more than %d bytes", f.o.lim.bytes), Expected: "a smaller source"}
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("reading %s: %w", f.where, err)
	}
	return n, err
}

// Close closes the file.
func (f *originFile) Close() error { return f.f.Close() }
