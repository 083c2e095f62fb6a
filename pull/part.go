package pull

import (
	"crypto/md5" // published checksums of MedMNIST; it guards against damage, not malice
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// partSuffix ends the name of an unfinished file, tagSuffix that of what names its version.
const (
	partSuffix = ".part"
	tagSuffix  = ".part-of"
)

// part is a file on its way: PATH.part grows, and is renamed once it is whole.
type part struct {
	path string
	sum  sum
}

// size returns how much there is.
func (p part) size() int64 {
	info, err := os.Stat(p.path + partSuffix)
	if err != nil {
		return 0
	}
	return info.Size()
}

// validator names the version that the part is of: a strong entity tag, or a date.
func (p part) validator() string {
	b, err := os.ReadFile(p.path + tagSuffix)
	if err != nil || len(b) > 1000 {
		return ""
	}
	return string(b)
}

// place makes ready for an answer: the part stays where the answer goes on from its end,
// and begins anew where it is the whole file. It returns the size of the whole, 0 where the
// answer doesn't tell.
func (p part) place(url string, answer *http.Response) (int64, error) {
	have := p.size()
	switch answer.StatusCode {
	case http.StatusOK: // the whole: ranges are ignored, or the version is another
		if err := p.begin(answer.Header); err != nil {
			return 0, &permanent{err}
		}
		return max(answer.ContentLength, 0), nil
	case http.StatusPartialContent:
		from, total, ok := contentRange(answer.Header.Get("Content-Range"))
		if !ok || from != have {
			p.drop()
			return 0, fmt.Errorf("%s: asked for bytes from %d on, got %q", url, have, answer.Header.Get("Content-Range"))
		}
		return total, nil
	case http.StatusRequestedRangeNotSatisfiable:
		if _, total, ok := contentRange(answer.Header.Get("Content-Range")); ok && total == have {
			return total, nil
		}
		p.drop()
		return 0, fmt.Errorf("%s: there is no byte from %d on", url, have)
	}
	return 0, refusal(url, answer)
}

// begin empties the part and notes its version.
func (p part) begin(h http.Header) error {
	p.drop()
	tag := h.Get("ETag")
	if tag == "" || strings.HasPrefix(tag, "W/") { // If-Range takes no weak one
		tag = h.Get("Last-Modified")
	}
	if tag == "" {
		return nil
	}
	return os.WriteFile(p.path+tagSuffix, []byte(tag), 0o600)
}

// drop deletes what there is.
func (p part) drop() {
	os.Remove(p.path + partSuffix)
	os.Remove(p.path + tagSuffix)
}

// open opens the part to append to it.
func (p part) open() (*os.File, error) {
	return os.OpenFile(p.path+partSuffix, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

// finish holds the part against its checksum and gives it the file's name, durably. A wrong
// one is deleted.
func (p part) finish(url string) error {
	_, got, err := checksum(p.path+partSuffix, p.sum.kind)
	if err != nil {
		return err
	}
	if got != p.sum {
		p.drop()
		return &ChecksumError{URL: url, Got: got.String(), Want: p.sum.String()}
	}
	f, err := p.open()
	if err != nil {
		return err
	}
	err = f.Sync()
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.Rename(p.path+partSuffix, p.path); err != nil {
		return err
	}
	os.Remove(p.path + tagSuffix)
	if dir, err := os.Open(filepath.Dir(p.path)); err == nil { // where folders can be synced
		dir.Sync()
		dir.Close()
	}
	return nil
}

// contentRange reads "bytes 100-199/200" and "bytes */200"; total is 0 for "*".
func contentRange(s string) (from, total int64, ok bool) {
	s, ok = strings.CutPrefix(s, "bytes ")
	span, of, cut := strings.Cut(s, "/")
	if !ok || !cut {
		return 0, 0, false
	}
	var err error
	if of != "*" {
		if total, err = strconv.ParseInt(of, 10, 64); err != nil || total < 0 {
			return 0, 0, false
		}
	}
	if span == "*" {
		return 0, total, true
	}
	first, _, cut := strings.Cut(span, "-")
	from, err = strconv.ParseInt(first, 10, 64)
	return from, total, cut && err == nil && from >= 0
}

// checksum reads a file.
func checksum(path, kind string) (int64, sum, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, sum{}, err
	}
	defer f.Close()
	var h hash.Hash = sha256.New()
	if kind == "md5" {
		h = md5.New()
	}
	n, err := io.Copy(h, f)
	return n, sum{kind, hex.EncodeToString(h.Sum(nil))}, err
}
