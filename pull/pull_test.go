package pull

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestASetIsFetchedOnce(t *testing.T) {
	set, body := one(300_000)
	s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
	r, err := s.client.Pull(t.Context(), set, filepath.Join(s.to, "data"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.to, "data", "medmnist", "tiny.npz")
	lies(t, path, body)
	if r.Files != 1 || r.Fetched != 1 || r.Bytes != 300_000 || s.last != (Progress{File: "tiny.npz", Done: 300_000, Total: 300_000, Index: 1, Of: 1}) {
		t.Errorf("%+v, last told %+v", r, s.last)
	}
	r, err = s.client.Pull(t.Context(), set, filepath.Join(s.to, "data"))
	if err != nil || r.Fetched != 0 || r.Files != 1 || len(s.requests()) != 1 {
		t.Errorf("again: %+v, %v, requests %v", r, err, s.requests())
	}
	// A file that was damaged since is fetched again.
	if err := os.WriteFile(path, body[1:], 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := s.client.Pull(t.Context(), set, filepath.Join(s.to, "data")); err != nil || r.Fetched != 1 {
		t.Errorf("damaged: %+v, %v", r, err)
	}
	lies(t, path, body)
}

func TestACutConnectionIsGoneOnWith(t *testing.T) {
	for _, etag := range []string{"", `"v1"`} {
		set, body := one(500_000)
		s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
		s.etag = etag
		s.answers["medmnist/tiny.npz"] = []answer{s.cutAfter(200_000), s.cutAfter(100_000), status(http.StatusBadGateway), status(http.StatusServiceUnavailable)}
		if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
			t.Fatal(err)
		}
		lies(t, filepath.Join(s.to, "medmnist", "tiny.npz"), body)
		want := []string{"medmnist/tiny.npz", "medmnist/tiny.npz bytes=200000-", "medmnist/tiny.npz bytes=300000-", "medmnist/tiny.npz bytes=300000-", "medmnist/tiny.npz bytes=300000-"}
		if got := s.requests(); !slices.Equal(got, want) {
			t.Errorf("asked for %v", got)
		}
		// It waits longer only while nothing moves, and as long as it is asked to.
		if want := []time.Duration{time.Second, time.Second, 2 * time.Second, 7 * time.Second}; !slices.Equal(s.slept, want) {
			t.Errorf("waited %v", s.slept)
		}
	}
}

func TestWhatAnEarlierCallFetchedIsGoneOnWith(t *testing.T) {
	set, body := one(400_000)
	s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
	ctx, cancel := context.WithCancel(t.Context())
	s.answers["medmnist/tiny.npz"] = []answer{s.cutAfter(150_000)}
	s.client.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
	if _, err := s.client.Pull(ctx, set, s.to); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	path := filepath.Join(s.to, "medmnist", "tiny.npz")
	if _, err := os.Stat(path); err == nil {
		t.Fatal("half a file has the name of the whole")
	}
	if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
		t.Fatal(err)
	}
	lies(t, path, body)
	if got := s.requests(); got[len(got)-1] != "medmnist/tiny.npz bytes=150000-" {
		t.Errorf("asked for %v", got)
	}
}

func TestAServerWithoutRangesSendsTheWholeAgain(t *testing.T) {
	set, body := one(300_000)
	s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
	whole := func(w http.ResponseWriter, _ *http.Request, body []byte) { _, _ = w.Write(body) }
	s.answers["medmnist/tiny.npz"] = []answer{s.cutAfter(100_000), whole}
	if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
		t.Fatal(err)
	}
	lies(t, filepath.Join(s.to, "medmnist", "tiny.npz"), body)
}

func TestAFileThatChangedIsNotSewnTogether(t *testing.T) {
	set, body := one(300_000)
	old := bytes.Repeat([]byte("x"), len(body))
	for _, etag := range []string{`"old"`, ""} { // with a validator, and caught by the checksum alone
		s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
		s.etag = etag
		s.answers["medmnist/tiny.npz"] = []answer{func(w http.ResponseWriter, r *http.Request, _ []byte) {
			s.cutAfter(100_000)(w, r, old)
		}}
		s.client.Sleep = func(context.Context, time.Duration) error {
			if s.etag != "" {
				s.etag = `"new"`
			}
			return nil
		}
		if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
			t.Fatalf("etag %q: %v", etag, err)
		}
		lies(t, filepath.Join(s.to, "medmnist", "tiny.npz"), body)
	}
}

// A weak entity tag doesn't name the bytes (RFC 9110, section 13.1.5): a server would answer
// a range that depends on one with the whole file, each time.
func TestAPartIsNotGoneOnWithByAWeakTag(t *testing.T) {
	set, body := one(300_000)
	for _, etag := range []string{`"strong"`, `W/"weak"`} {
		s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
		s.etag = etag
		asked := "nothing"
		s.answers["medmnist/tiny.npz"] = []answer{s.cutAfter(100_000), func(w http.ResponseWriter, r *http.Request, body []byte) {
			asked = r.Header.Get("If-Range")
			s.whole(w, r, body)
		}}
		if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
			t.Fatalf("etag %s: %v", etag, err)
		}
		lies(t, filepath.Join(s.to, "medmnist", "tiny.npz"), body)
		if want := map[bool]string{true: "", false: etag}[strings.HasPrefix(etag, "W/")]; asked != want {
			t.Errorf("of a file tagged %s a range was asked for if it is %q", etag, asked)
		}
	}
}

func TestAWrongFileIsDeleted(t *testing.T) {
	set, body := one(50_000)
	wrong := append([]byte("!"), body...)
	s := fetching(t, map[string][]byte{"medmnist/tiny.npz": wrong})
	_, err := s.client.Pull(t.Context(), set, s.to)
	var sum *ChecksumError
	if !errors.As(err, &sum) || sum.Want != set.files[0].sum.String() || sum.Got == sum.Want || !strings.Contains(err.Error(), sum.Got) {
		t.Fatalf("%v", err)
	}
	path := filepath.Join(s.to, "medmnist", "tiny.npz")
	if _, err := os.Stat(path); err == nil {
		t.Error("it has the file's name")
	}
	leavesNothing(t, path)
	if len(s.requests()) != 1 {
		t.Errorf("it was asked for %d times", len(s.requests()))
	}
}

func TestWhatCannotBeFetched(t *testing.T) {
	set, body := one(50_000)
	forever := func(a answer) []answer { return slices.Repeat([]answer{a}, 50) }
	for _, test := range []struct {
		name    string
		answers func(*scene) []answer
		want    string
		asked   int
	}{
		{"not there", func(*scene) []answer { return forever(status(http.StatusNotFound)) }, "not found (404)", 1},
		{"forbidden", func(*scene) []answer { return forever(status(http.StatusForbidden)) }, "the server answers 403 Forbidden", 1},
		{"broken", func(*scene) []answer { return forever(status(http.StatusInternalServerError)) }, "given up after 0 bytes and 6 attempts", 6},
		{"cut before a byte", func(s *scene) []answer { return forever(s.cutAfter(0)) }, "given up after 0 bytes and 6 attempts", 6},
		{"cut again and again", func(s *scene) []answer { return append([]answer{s.cutAfter(1000)}, forever(s.cutAfter(0))...) }, "given up after 1000 bytes and 6 attempts", 6},
		{"a range that isn't the one asked for", func(s *scene) []answer {
			return append([]answer{s.cutAfter(1000)}, forever(func(w http.ResponseWriter, _ *http.Request, body []byte) {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 5-%d/%d", len(body)-1, len(body)))
				w.WriteHeader(http.StatusPartialContent)
			})...)
		}, "given up after 0 bytes", 6},
	} {
		s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
		s.answers["medmnist/tiny.npz"] = test.answers(s)
		_, err := s.client.Pull(t.Context(), set, s.to)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s:\n got %v\nwant …%s…", test.name, err, test.want)
		}
		if n := len(s.requests()); n != test.asked {
			t.Errorf("%s: asked %d times", test.name, n)
		}
		if _, err := os.Stat(filepath.Join(s.to, "medmnist", "tiny.npz")); err == nil {
			t.Errorf("%s: there is a file", test.name)
		}
	}
}

// A server that goes silent counts as cut; the rest comes by another connection.
func TestAConnectionThatBringsNothingIsCut(t *testing.T) {
	set, body := one(100_000)
	s := fetching(t, map[string][]byte{"medmnist/tiny.npz": body})
	s.client.Stall = 50 * time.Millisecond
	s.answers["medmnist/tiny.npz"] = []answer{
		func(_ http.ResponseWriter, r *http.Request, _ []byte) { <-r.Context().Done() }, // no header
		func(w http.ResponseWriter, r *http.Request, body []byte) { // no more after some bytes
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			_, _ = w.Write(body[:10_000])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	}
	if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
		t.Fatal(err)
	}
	lies(t, filepath.Join(s.to, "medmnist", "tiny.npz"), body)
	if got := s.requests(); len(got) != 3 || got[2] != "medmnist/tiny.npz bytes=10000-" {
		t.Errorf("asked for %v", got)
	}
}

func TestAPhysioNetSetIsHeldToItsList(t *testing.T) {
	const under = "physionet/challenge-2012/1.0.0/"
	files := map[string][]byte{under + "100.dat": []byte("one"), under + "101.dat": []byte("two"), under + "set-a/1.txt": []byte("three")}
	files[under+sumsName] = sumsOf(files, under)
	for _, test := range []struct {
		only []string
		want int
	}{{nil, 3}, {[]string{"set-a/"}, 1}, {[]string{"set-a/", "100.dat"}, 2}} {
		s := fetching(t, files)
		set := Set{Name: "physionet:tiny", under: strings.TrimSuffix(under, "/"), only: test.only}
		s.answers[under+sumsName] = []answer{status(http.StatusBadGateway)}
		r, err := s.client.Pull(t.Context(), set, s.to)
		if err != nil || r.Files != test.want {
			t.Fatalf("%v: %+v, %v", test.only, r, err)
		}
		lies(t, filepath.Join(s.to, "physionet", "tiny", "set-a", "1.txt"), []byte("three"))
	}
}

func TestListsThatMayNotBeFollowed(t *testing.T) {
	h := strings.Repeat("0", 64)
	for _, test := range []struct{ name, list, want string }{
		{"out of the folder", h + "  ../../.bashrc", "SUMS:1: the name leads out of the folder"},
		{"from the root", h + "  /etc/passwd", "SUMS:1: the name leads out of the folder"},
		{"by way of a folder", "\n" + h + "  a/../../b", "SUMS:2: the name leads out of the folder"},
		{"by a backslash", h + `  ..\b`, "SUMS:1: the name leads out of the folder"},
		{"no checksum", "hello  a", "SUMS:1: not a SHA-256 and a name"},
		{"a part", h + "  a.part", "SUMS:1: the name is that of an unfinished file"},
		{"nothing", "\n\n", "SUMS: lists no file of physionet:x"},
	} {
		if _, err := (Set{Name: "physionet:x"}).parseSums("SUMS", []byte(test.list)); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}

func TestAMirrorMayBeAFolder(t *testing.T) {
	set, body := one(30_000)
	mirror := t.TempDir()
	if err := os.MkdirAll(filepath.Join(mirror, "medmnist"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := fetching(t, nil)
	s.client.Mirror = mirror
	if _, err := s.client.Pull(t.Context(), set, s.to); !errors.As(err, new(*NotFoundError)) {
		t.Errorf("not in the mirror: %v", err)
	}
	if err := os.WriteFile(filepath.Join(mirror, "medmnist", "tiny.npz"), body, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
		t.Fatal(err)
	}
	lies(t, filepath.Join(s.to, "medmnist", "tiny.npz"), body)
	if len(s.requests()) > 0 {
		t.Error("the network was asked")
	}
	s.client.Mirror = filepath.Join(mirror, "nowhere")
	if _, err := s.client.Pull(t.Context(), set, s.to); err == nil || !strings.Contains(err.Error(), "the mirror of data sets: ") {
		t.Errorf("no mirror: %v", err)
	}
}

func TestAnEncryptedAddressIsNotLeft(t *testing.T) {
	at := func(url string) *http.Request {
		r, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if staySecure(at("http://a"), []*http.Request{at("https://a")}) == nil || staySecure(at("https://b"), []*http.Request{at("https://a")}) != nil {
		t.Error("a redirection to an open address is followed, or one to another encrypted one isn't")
	}
}

func TestTheCatalogueIsWhole(t *testing.T) {
	sets := Sets()
	seen := map[string]bool{}
	mnist := 0
	for _, s := range sets {
		if seen[s.Name] || s.Title == "" || s.Licence == "" || !strings.HasPrefix(s.base, "https://") || s.under == "" {
			t.Errorf("%+v", s)
		}
		seen[s.Name] = true
		for _, f := range s.files {
			mnist++
			if len(f.sum.hex) != 32 || f.sum.kind != "md5" || seen[f.sum.hex] {
				t.Errorf("%s: %v", s.Name, f)
			}
			seen[f.sum.hex] = true
		}
		if got, err := Lookup(s.Name); err != nil || got.Name != s.Name {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	if mnist != 12 {
		t.Errorf("MedMNIST 2-D has 12 sets, not %d", mnist)
	}
	if s, err := Lookup("mitdb"); err != nil || s.Folder() != "physionet/mitdb" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := Lookup("brestmnist"); err == nil || !strings.Contains(err.Error(), "did you mean breastmnist") {
		t.Errorf("%v", err)
	}
}

func FuzzContentRange(f *testing.F) {
	for _, s := range []string{"bytes 0-9/10", "bytes */10", "bytes 5-/9", "bytes 1-2/*", "items 0-1/2", "bytes -1-2/3", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if from, total, ok := contentRange(s); ok && (from < 0 || total < 0) {
			t.Errorf("%q: from %d of %d", s, from, total)
		}
	})
}

func FuzzSums(f *testing.F) {
	f.Add(strings.Repeat("0", 64) + "  a/b.dat\n")
	f.Add(strings.Repeat("f", 64) + " *../a")
	f.Fuzz(func(t *testing.T, list string) {
		files, err := (Set{Name: "physionet:x"}).parseSums("SUMS", []byte(list))
		if err != nil {
			return
		}
		root := t.TempDir()
		for _, f := range files {
			path := filepath.Join(root, filepath.FromSlash(f.name))
			if !strings.HasPrefix(path, root+string(filepath.Separator)) || len(f.sum.hex) != 64 {
				t.Errorf("%q", f.name)
			}
		}
	})
}

// The file of BreastMNIST that is given beside the repository is the one whose checksum the
// catalogue has.
func TestThePublishedFileHasItsChecksum(t *testing.T) {
	given := os.Getenv("MEDML_TESTDATA")
	if given == "" {
		given = filepath.Join("..", "..", "shared", "data")
	}
	body, err := os.ReadFile(filepath.Join(given, "breastmnist", "breastmnist.npz"))
	if err != nil {
		if os.Getenv("MEDML_REQUIRE_DATA") == "1" {
			t.Fatal(err)
		}
		t.Skipf("without the data: %v", err)
	}
	set, err := Lookup("breastmnist")
	if err != nil {
		t.Fatal(err)
	}
	s := fetching(t, map[string][]byte{"medmnist/breastmnist.npz": body})
	if _, err := s.client.Pull(t.Context(), set, s.to); err != nil {
		t.Fatal(err)
	}
	lies(t, filepath.Join(s.to, "medmnist", "breastmnist.npz"), body)
}
