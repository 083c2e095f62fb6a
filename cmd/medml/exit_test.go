package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// command runs a command line in this process and returns its status and output.
func command(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(args, &env{in: os.Stdin, out: &o, err: &e, now: time.Now, getenv: func(string) string { return "" }})
	return status, o.String(), e.String()
}

func TestExitStatuses(t *testing.T) {
	dir := t.TempDir()
	store := "--store=" + filepath.Join(dir, "store")
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("version: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tiny := filepath.Join("testdata", "tiny.yaml")
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"--version"}, exitDone},
		{[]string{"validate", tiny}, exitDone},
		{[]string{"validate", bad}, exitUsage},
		{[]string{"sweep", bad, store}, exitUsage},
		{[]string{"sweep", "no such file", store}, exitUsage},
		{[]string{"nonsense"}, exitUsage},
		{[]string{"sweep"}, exitUsage},
		{[]string{"sweep", tiny, "--bogus"}, exitUsage},
		{[]string{"studies", store}, exitUsage},
		{[]string{"verify", store}, exitUsage},
		{[]string{"sweep", tiny, store, "--trials=1", "--quiet"}, exitDone},
		{[]string{"leaderboard", "tinny", store}, exitUsage},
		{[]string{"reproduce", "tiny/5", store}, exitUsage},
		{[]string{"sweep", tiny, store, "--seed=3"}, exitUsage},
		{[]string{"reproduce", "tiny", store}, exitDone},
		{[]string{"verify", store}, exitDone},
		{[]string{"data", "info", "nothing"}, exitUsage},
	} {
		status, _, errs := command(t, c.args...)
		if status != c.want {
			t.Errorf("medml %s: status %d, want %d; it said %s", strings.Join(c.args, " "), status, c.want, errs)
		}
		if status != exitDone && (errs == "" || !strings.HasSuffix(errs, "\n")) {
			t.Errorf("medml %s: failed and said %q", strings.Join(c.args, " "), errs)
		}
	}
}
