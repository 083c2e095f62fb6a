package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// attempts is how often a file is asked for without a byte of progress before it is given
// up.
const attempts = 6

// permanent marks an error that another attempt wouldn't mend.
type permanent struct{ error }

func (p *permanent) Unwrap() error { return p.error }

// later marks an answer that asks to come back after a time.
type later struct {
	error
	after time.Duration
}

// get sees that a file is there and whole. It returns its size, and whether it had to be
// fetched.
func (s *site) get(ctx context.Context, f file, path string) (int64, bool, error) {
	if n, got, err := checksum(path, f.sum.kind); err == nil && got == f.sum {
		s.tell(n, n, "")
		return n, false, nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, false, err
	}
	p := part{path: path, sum: f.sum}
	url := s.address(f.name)
	fresh := false // after a wrong checksum of a file in pieces
	err := s.persist(ctx, url, p.size, func(ctx context.Context) error {
		resumed := p.size() > 0
		if err := s.fetch(ctx, url, &p); err != nil {
			return err
		}
		err := p.finish(url)
		var wrong *ChecksumError
		if errors.As(err, &wrong) && resumed && !fresh {
			// The pieces may be of two versions: once more, in one.
			fresh = true
			s.tell(0, 0, "begun again: the pieces don't fit together")
			return fmt.Errorf("pieces that don't fit together: %w", err)
		}
		if err != nil {
			return &permanent{err}
		}
		return nil
	})
	if err != nil {
		return 0, false, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, false, err
	}
	s.tell(info.Size(), info.Size(), "")
	return info.Size(), true, nil
}

// persist tries until it is done, an error is permanent, or nothing has moved for several
// attempts.
func (s *site) persist(ctx context.Context, url string, have func() int64, try func(context.Context) error) error {
	wait, failed := time.Second, 0
	for {
		before := have()
		err := try(ctx)
		if err == nil {
			return nil
		}
		var stop *permanent
		if errors.As(err, &stop) {
			return stop.error
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if have() > before {
			wait, failed = time.Second, 0
		}
		if failed++; failed >= attempts {
			return &CutError{URL: url, Have: have(), Attempts: failed, Cause: err}
		}
		pause := wait
		var asked *later
		if errors.As(err, &asked) {
			pause = max(pause, min(asked.after, 2*time.Minute))
		}
		s.tell(have(), 0, fmt.Sprintf("%v: goes on in %v", err, pause))
		if err := s.client.Sleep(ctx, pause); err != nil {
			return err
		}
		wait = min(2*wait, 30*time.Second)
	}
}

// fetch asks for what is missing of a part and appends it.
func (s *site) fetch(ctx context.Context, url string, p *part) error {
	ctx, cut := context.WithCancel(ctx)
	defer cut()
	watch := time.AfterFunc(s.client.Stall, cut)
	defer watch.Stop()
	answer, err := s.ask(ctx, url, p.size(), p.validator())
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	total, err := p.place(url, answer)
	if err != nil {
		return err
	}
	if total == p.size() && answer.StatusCode == http.StatusRequestedRangeNotSatisfiable {
		return nil // it was whole already
	}
	to, err := p.open()
	if err != nil {
		return &permanent{err}
	}
	defer to.Close()
	err = s.copy(to, answer.Body, p, total, func() { watch.Reset(s.client.Stall) })
	if err != nil {
		return err
	}
	if n := p.size(); total > 0 && n != total {
		return fmt.Errorf("%d of %d bytes came: %w", n, total, io.ErrUnexpectedEOF)
	}
	return nil
}

// copy appends the body to the part, telling how far it is.
func (s *site) copy(to io.Writer, body io.Reader, p *part, total int64, moved func()) error {
	buffer := make([]byte, 128<<10)
	done := p.size()
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			moved()
			if total > 0 && done+int64(n) > total {
				return fmt.Errorf("more than the %d bytes that were announced came", total)
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
					return &permanent{&DiskFullError{Path: p.path, Have: done}}
				}
				return &permanent{err}
			}
			done += int64(n)
			s.tell(done, total, "")
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the connection broke: %w", err)
		}
	}
}

// ask sends a request for a file from an offset on; a validator says of which version.
func (s *site) ask(ctx context.Context, url string, from int64, validator string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, &permanent{err}
	}
	r.Header.Set("User-Agent", "medml")
	if from > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		if validator != "" {
			r.Header.Set("If-Range", validator)
		}
	}
	return s.http.Do(r)
}

// refusal is the error of an answer that isn't a file.
func refusal(url string, answer *http.Response) error {
	err := error(&StatusError{URL: url, Status: answer.StatusCode})
	switch code := answer.StatusCode; {
	case code == http.StatusNotFound, code == http.StatusGone:
		return &permanent{&NotFoundError{URL: url}}
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		seconds, _ := strconv.Atoi(strings.TrimSpace(answer.Header.Get("Retry-After")))
		return &later{err, time.Duration(min(max(seconds, 0), 3600)) * time.Second}
	case code >= 500, code == http.StatusRequestTimeout:
		return err
	}
	return &permanent{err}
}

func (s *site) tell(done, total int64, note string) {
	if s.client.Progress == nil {
		return
	}
	p := s.told
	p.Done, p.Total, p.Note = done, total, note
	s.client.Progress(p)
}
