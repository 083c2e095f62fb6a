package pull

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// answer is how a server treats one request for a file.
type answer func(w http.ResponseWriter, r *http.Request, body []byte)

// library is a server of files whose answers go wrong as a test says: the first request
// for a file by the first of its answers, and so on; then it serves as servers do.
type library struct {
	files   map[string][]byte
	etag    string
	answers map[string][]answer

	mu   sync.Mutex
	seen []string // requests: the path and the range
}

func (l *library) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	l.mu.Lock()
	l.seen = append(l.seen, strings.TrimSpace(name+" "+r.Header.Get("Range")))
	body, ok := l.files[name]
	var next answer
	if left := l.answers[name]; len(left) > 0 {
		next, l.answers[name] = left[0], left[1:]
	}
	l.mu.Unlock()
	switch {
	case next != nil:
		next(w, r, body)
	case !ok:
		http.NotFound(w, r)
	default:
		l.whole(w, r, body)
	}
}

// whole serves a file with ranges and conditions, as net/http does.
func (l *library) whole(w http.ResponseWriter, r *http.Request, body []byte) {
	if l.etag != "" {
		w.Header().Set("ETag", l.etag)
	}
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(body)))
}

// cutAfter announces the whole file, sends some bytes of what was asked for, and breaks the
// connection.
func (l *library) cutAfter(n int) answer {
	return func(w http.ResponseWriter, r *http.Request, body []byte) {
		var from int
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil && from > 0 {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(body)-1, len(body)))
			w.Header().Set("Content-Length", fmt.Sprint(len(body)-from))
			w.WriteHeader(http.StatusPartialContent)
		} else {
			if l.etag != "" {
				w.Header().Set("ETag", l.etag)
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		}
		w.Write(body[from:min(from+n, len(body))])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func status(code int) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(code)
	}
}

// requests returns what has been asked for, in order.
func (l *library) requests() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string{}, l.seen...)
}

// scene is a client and the server that it is pointed at.
type scene struct {
	*library
	client *Client
	to     string
	slept  []time.Duration
	notes  []string
	last   Progress
}

// fetching opens a scene with files on a server.
func fetching(t *testing.T, files map[string][]byte) *scene {
	t.Helper()
	s := &scene{library: &library{files: files, answers: map[string][]answer{}}, to: t.TempDir()}
	server := httptest.NewServer(s.library)
	t.Cleanup(server.Close)
	s.client = NewClient(server.URL)
	s.client.Sleep = func(ctx context.Context, d time.Duration) error {
		s.slept = append(s.slept, d)
		return ctx.Err()
	}
	s.client.Progress = func(p Progress) {
		if p.Note != "" {
			s.notes = append(s.notes, p.Note)
		} else {
			s.last = p
		}
	}
	return s
}

// one is a set of one file, and its bytes.
func one(n int) (Set, []byte) {
	body := make([]byte, n)
	rng := rand.NewChaCha8([32]byte{1})
	_, _ = rng.Read(body)
	sum := md5.Sum(body)
	return Set{Name: "medmnist:tiny", under: "medmnist", files: []file{{"tiny.npz", newSum("md5", sum[:])}}}, body
}

func newSum(kind string, b []byte) sum { return sum{kind, hex.EncodeToString(b)} }

// sumsOf writes a list of checksums.
func sumsOf(files map[string][]byte, under string) []byte {
	var b strings.Builder
	for _, name := range []string{"101.dat", "100.dat", "set-a/1.txt"} {
		if body, ok := files[under+name]; ok {
			h := sha256.Sum256(body)
			fmt.Fprintf(&b, "%x  %s\n", h, name)
		}
	}
	return []byte(b.String())
}

// lies holds: a file has these bytes, nobody else may read it, and nothing unfinished lies
// beside it.
func lies(t *testing.T, path string, body []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != string(body) {
		t.Fatalf("%s: %d bytes, not the %d published: %v", path, len(got), len(body), err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s has mode %v", path, info.Mode())
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its folder has mode %v", info.Mode())
	}
	leavesNothing(t, path)
}

func leavesNothing(t *testing.T, path string) {
	t.Helper()
	for _, suffix := range []string{partSuffix, tagSuffix} {
		if _, err := os.Stat(path + suffix); err == nil {
			t.Errorf("%s%s is left", path, suffix)
		}
	}
}
