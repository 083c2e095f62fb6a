package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Client fetches sets.
type Client struct {
	// HTTP does the requests. [NewClient]'s goes through the proxies of the environment.
	HTTP *http.Client
	// Mirror is a folder or the address of a server that has the sets in its place, each
	// below its collection: MIRROR/medmnist/breastmnist.npz. "" goes to the publishers.
	Mirror string
	// Progress, if not nil, is told how far a set has come.
	Progress func(Progress)
	// Sleep waits between attempts, unless the context ends.
	Sleep func(context.Context, time.Duration) error
	// Stall is how long a connection may bring nothing before it counts as cut.
	Stall time.Duration
}

// Progress is how far a set has come.
type Progress struct {
	File        string
	Done, Total int64 // bytes of the file; Total is 0 where it isn't known
	Index, Of   int   // of the file, from 1, and the set's files
	// Note says why a file is begun or gone on with again, "" otherwise.
	Note string
}

// Result is what a set is on disk.
type Result struct {
	Folder string
	// Files are its files, Fetched how many of them were not there before.
	Files, Fetched int
	Bytes          int64
}

// NewClient returns a client for the publishers, or for a mirror.
func NewClient(mirror string) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = http.ProxyFromEnvironment
	transport.DisableCompression = true // a range is of the file's own bytes
	transport.ResponseHeaderTimeout = time.Minute
	return &Client{HTTP: &http.Client{Transport: transport, CheckRedirect: staySecure}, Mirror: mirror, Sleep: sleep, Stall: time.Minute}
}

// staySecure refuses a redirection from an encrypted address to one that isn't.
func staySecure(r *http.Request, via []*http.Request) error {
	if len(via) >= 10 {
		return errors.New("more than 10 redirections")
	}
	if via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
		return fmt.Errorf("redirected from https to %s", r.URL.Scheme)
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Pull fetches what a set's folder below to doesn't have yet. Files there are read again
// and their checksums held, and a wrong one is fetched anew.
func (c *Client) Pull(ctx context.Context, s Set, to string) (Result, error) {
	folder := filepath.Join(to, filepath.FromSlash(s.Folder()))
	r := Result{Folder: folder}
	at, err := c.connect(s)
	if err != nil {
		return r, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return r, err
	}
	files := s.files
	if files == nil {
		if files, err = at.sums(ctx, s); err != nil {
			return r, err
		}
	}
	for i, f := range files {
		at.told = Progress{File: f.name, Index: i + 1, Of: len(files)}
		path := filepath.Join(folder, filepath.FromSlash(f.name))
		n, fetched, err := at.get(ctx, f, path)
		if err != nil {
			return r, err
		}
		r.Files++
		r.Bytes += n
		if fetched {
			r.Fetched++
		}
	}
	return r, nil
}

// site is where a set is fetched from.
type site struct {
	client *Client
	http   *http.Client
	base   string
	told   Progress
}

// connect returns the site of a set: its publisher's, or the mirror's.
func (c *Client) connect(s Set) (*site, error) {
	switch {
	case c.Mirror == "":
		return &site{client: c, http: c.HTTP, base: s.base}, nil
	case strings.HasPrefix(c.Mirror, "http://"), strings.HasPrefix(c.Mirror, "https://"):
		return &site{client: c, http: c.HTTP, base: strings.TrimRight(c.Mirror, "/") + "/" + s.under}, nil
	}
	info, err := os.Stat(c.Mirror)
	if err != nil {
		return nil, fmt.Errorf("the mirror of data sets: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("the mirror of data sets, %s, is neither a folder nor an http address", c.Mirror)
	}
	files := &http.Client{Transport: http.NewFileTransport(http.Dir(c.Mirror))}
	return &site{client: c, http: files, base: "file:///" + s.under}, nil
}

// address returns that of a file.
func (s *site) address(name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return s.base + "/" + strings.Join(parts, "/")
}

// sums fetches the list of checksums.
func (s *site) sums(ctx context.Context, set Set) ([]file, error) {
	where := s.address(sumsName)
	s.told = Progress{File: sumsName, Of: 1, Index: 1}
	var list []byte
	err := s.persist(ctx, where, func() int64 { return 0 }, func(ctx context.Context) error {
		answer, err := s.ask(ctx, where, 0, "")
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return refusal(where, answer)
		}
		list, err = io.ReadAll(io.LimitReader(answer.Body, maxSums+1))
		if err == nil && len(list) > maxSums {
			return &permanent{fmt.Errorf("%s: more than %d bytes", where, maxSums)}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return set.parseSums(where, list)
}
