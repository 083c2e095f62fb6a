package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"medml/store"
)

// openings counts the openings on record.
func openings(t *testing.T, dir string) int {
	t.Helper()
	s, err := store.Open(dir, store.Options{MustExist: true, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Openings("tiny")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestAnInterruptedJudgementSaysWhetherTheTestPartWasOpened(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	if status, _, errs := command(t, "sweep", filepath.Join("testdata", "tiny.yaml"), "--store="+dir, "--trials=1", "--quiet"); status != exitDone {
		t.Fatal(errs)
	}
	for _, c := range []struct {
		name, hint string
		cancelled  bool // before it begins, else as the opening is recorded
	}{
		{"before", "wasn't opened", true},
		{"while it is opened", "was being opened", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if c.cancelled {
				cancel()
			}
			var out bytes.Buffer
			e := &env{out: &out, err: &out, getenv: func(string) string { return "" }, now: func() time.Time {
				cancel()
				runtime.Goexit() // as if the process ended there
				return time.Time{}
			}}
			err := judgeStudy(ctx, e, evaluateOptions{store: dir}, target{"tiny", -1})
			var stopped *interrupted
			if !errors.As(err, &stopped) || !strings.Contains(stopped.hint, c.hint) {
				t.Errorf("got %v, want an interruption that says it %s", err, c.hint)
			}
			if out.Len() > 0 {
				t.Errorf("printed %q", out.String())
			}
			if c.cancelled && openings(t, dir) != 0 {
				t.Error("an opening is on record")
			}
		})
	}
}
