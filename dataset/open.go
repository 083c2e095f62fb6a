package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Open reads the dataset that c names. A relative path starts from dir, the folder of the
// experiment file. The error is of [FieldError]s joined where c is at fault, a
// [*CellError] where the file is, and otherwise that of the file system.
func Open(c Config, task Task, dir string) (*Dataset, error) {
	if err := c.Validate(task); err != nil {
		return nil, err
	}
	if name, ok := strings.CutPrefix(c.Source, builtinPrefix); ok {
		b := builtins[name]
		d, err := read(c.Source, bytes.NewReader(b.file), c.below(dir), task, fileLimits)
		if err != nil {
			return nil, err
		}
		card := b.card.clone()
		d.Name, d.card = name, &card
		return d, nil
	}
	path := below(dir, c.Source)
	c = c.below(dir)
	if isPulled(c.Source) {
		var err error
		if path, err = pulledPath(c.Source); err != nil {
			return nil, err
		}
	}
	if formats[c.Resolved(task).Format].gather != nil {
		return gather(path, c, task, fileLimits)
	}
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(path, f, c, task, fileLimits)
}

// below returns a path of the experiment, which starts from its folder.
func below(dir, path string) string {
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	return path
}

// below returns c with the path of its external source found.
func (c Config) below(dir string) Config {
	if c.Split.External != "" && !isPulled(c.Split.External) {
		c.Split.External = below(dir, c.Split.External)
	}
	return c
}

// gather reads a source that isn't a table.
func gather(path string, c Config, task Task, lim limits) (*Dataset, error) {
	c = c.Resolved(task)
	o, err := openOrigin(path, lim)
	if err != nil {
		return nil, err
	}
	defer o.close()
	into := newCases(path, c, task, lim)
	if err := formats[c.Format].gather(o, c, lim, into); err != nil {
		return nil, err
	}
	if got := o.digest(); c.Digest != "" && got != c.Digest {
		return nil, &FieldError{"digest", fmt.Sprintf("%s has %s, not %s", path, got, c.Digest)}
	}
	digest := o.digest()
	if other := c.Split.External; other != "" && into.table.count() > 0 {
		e, err := into.goOutside(other)
		if err != nil {
			return nil, err
		}
		digest = bothDigests(digest, e.digest())
	}
	d, err := into.dataset()
	if err != nil {
		return nil, err
	}
	into.table.markExternal(d)
	base := filepath.Base(path)
	d.Name, d.digest = strings.TrimSuffix(base, filepath.Ext(base)), digest
	return d, nil
}

// openFile opens a regular file.
func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path) // first: opening a pipe would wait for its writer
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &FieldError{"source", fmt.Sprintf("no such file: %s%s", path, neighbours(path))}
	case err != nil:
		return nil, &FieldError{"source", err.Error()}
	case !info.Mode().IsRegular():
		return nil, &FieldError{"source", path + " is not a file"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &FieldError{"source", err.Error()}
	}
	return f, nil
}

// neighbours names the files in path's folder that path may have meant.
func neighbours(path string) string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ""
	}
	var files []string
	for _, e := range entries {
		files = append(files, e.Name())
	}
	return didYouMean(filepath.Base(path), files)
}

// Read reads a dataset from r as Open does from c's source; file is what errors call it.
// The path of an external source is relative to the working folder.
func Read(file string, r io.Reader, c Config, task Task) (*Dataset, error) {
	if err := c.Validate(task); err != nil {
		return nil, err
	}
	return read(file, r, c, task, fileLimits)
}

func read(file string, r io.Reader, c Config, task Task, lim limits) (*Dataset, error) {
	c = c.Resolved(task)
	if c.Molecule.Column != "" {
		return readMolecules(file, r, c, task, lim)
	}
	src := &source{r: r, file: file, most: lim.bytes, hash: sha256.New()}
	rows := newGatherer(file, c, task, lim)
	in, err := gunzipped(file, src, lim)
	if err == nil {
		err = formats[c.Format].read(file, in, lim, rows)
	}
	if c.Digest != "" {
		// A file that isn't the one meant explains every other error.
		if e := src.pinned(c.Digest); e != nil {
			return nil, e
		}
	}
	if err != nil {
		return nil, err
	}
	digest := src.digest()
	if other := c.Split.External; other != "" && rows.count() > 0 {
		e, err := rows.readExternal(other)
		if err != nil {
			return nil, err
		}
		digest = bothDigests(digest, e.digest())
	}
	d, err := rows.dataset()
	if err != nil {
		return nil, err
	}
	rows.markExternal(d)
	d.Name, d.digest = stem(file), digest
	return d, nil
}

// source counts and hashes the bytes that are read.
type source struct {
	r    io.Reader
	file string
	size int64
	most int64
	hash hash.Hash
}

// Read passes the bytes on and ends with an error where there are too many.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.hash.Write(p[:n])
	if s.size += int64(n); s.size > s.most {
		return 0, &CellError{File: s.file, Found: fmt.Sprintf("more than %d bytes", s.most), Expected: "a smaller file"}
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("reading %s: %w", s.file, err)
	}
	return n, err
}

// digest returns the digest of the bytes read so far.
func (s *source) digest() string { return "sha256:" + hex.EncodeToString(s.hash.Sum(nil)) }

// pinned reads what is left and holds the digest against the one expected.
func (s *source) pinned(want string) error {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	if got := s.digest(); got != want {
		return &FieldError{"digest", fmt.Sprintf("%s has %s, not %s", s.file, got, want)}
	}
	return nil
}
