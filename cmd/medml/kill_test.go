package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// process starts the command in a process of its own, in dir, with stderr to read.
func process(t *testing.T, dir string, args ...string) (*exec.Cmd, *bufio.Reader, *bytes.Buffer) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asMedml+"=1", "NO_COLOR=1")
	var out bytes.Buffer
	cmd.Stdout = &out
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(stderr), &out
}

// until reads lines until one contains a mark, and returns it; "" at the end.
func until(r *bufio.Reader, mark string) string {
	for {
		line, err := r.ReadString('\n')
		if strings.Contains(line, mark) {
			return line
		}
		if err != nil {
			return ""
		}
	}
}

// untilTrials reads lines of progress until one tells of a running trial and of so many
// finished ones, and returns how many; -1 at the end.
func untilTrials(r *bufio.Reader, least int) int {
	for {
		line := until(r, "running")
		if line == "" {
			return -1
		}
		n := 0
		if _, err := fmt.Sscanf(line, "%d/", &n); err == nil && n >= least {
			return n
		}
	}
}

// finish waits for a process to end after reading what it still says.
func finish(cmd *exec.Cmd, r io.Reader) (status int, rest string) {
	b, _ := io.ReadAll(r)
	_ = cmd.Wait() // the status says what there is to say
	return cmd.ProcessState.ExitCode(), string(b)
}

// workplace is a folder with the small experiment in it.
func workplace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	b, err := os.ReadFile(filepath.Join("testdata", "tiny.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// long makes each trial take a moment, so that a sweep can be caught in the middle, and
// endless makes so many of them that it surely is.
var (
	long    = []string{"sweep", "tiny.yaml", "--set", "budget.epochs=400"}
	endless = append(slices.Clone(long), "--trials", "100000")
)

func digest(t *testing.T, dir string) string {
	t.Helper()
	cmd, r, out := process(t, dir, "digest", "tiny")
	if status, errs := finish(cmd, r); status != 0 {
		t.Fatalf("digest: status %d: %s", status, errs)
	}
	return out.String()
}

func TestASweepKilledAgainAndAgainEndsAsIfItHadNotBeen(t *testing.T) {
	undisturbed, killed := workplace(t), workplace(t)
	cmd, r, _ := process(t, undisturbed, long...)
	if status, errs := finish(cmd, r); status != 0 {
		t.Fatalf("sweep: status %d: %s", status, errs)
	}
	want := digest(t, undisturbed)

	kills, done := 0, 0
	for kills < 50 {
		cmd, r, _ := process(t, killed, append(slices.Clone(long), "--workers", []string{"2", "1", "3"}[kills%3])...)
		// Every other kill comes before the session has finished any trial.
		least := done + kills%2
		now := untilTrials(r, least)
		if now < 0 {
			if status, errs := finish(cmd, r); status != 0 {
				t.Fatalf("the sweep after %d kills: status %d: %s", kills, status, errs)
			}
			break
		}
		done = now
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if status, _ := finish(cmd, r); status == 0 {
			break
		}
		kills++
	}
	if kills == 0 {
		t.Fatal("the sweep was never killed: it is too short for this test")
	}
	t.Logf("%d kills", kills)
	if got := digest(t, killed); got != want {
		t.Errorf("the digest after %d kills is %s, undisturbed it is %s", kills, got, want)
	}
	cmd, r, out := process(t, killed, "verify")
	if status, errs := finish(cmd, r); status != 0 {
		t.Errorf("verify after %d kills: %s%s", kills, out, errs)
	}
}

func TestCtrlCStopsGracefullyAndSaysHowToResume(t *testing.T) {
	dir := workplace(t)
	cmd, r, out := process(t, dir, endless...)
	if until(r, "running") == "" {
		t.Fatal("the sweep ended before it could be stopped")
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	status, errs := finish(cmd, r)
	if status != exitInterrupted || !strings.Contains(errs, "nothing is lost; go on with: medml sweep tiny.yaml --set budget.epochs=400 --trials 100000") {
		t.Errorf("status %d, it said %s", status, errs)
	}
	if !strings.Contains(out.String(), "waiting") {
		t.Errorf("the table does not tell of waiting trials:\n%s", out)
	}
	cmd, r, out = process(t, dir, "studies")
	if status, _ := finish(cmd, r); status != 0 || !strings.Contains(out.String(), "interrupted") {
		t.Errorf("studies: %s", out)
	}
	cmd, r, out = process(t, dir, append(slices.Clone(long), "--trials", "1", "--json")...)
	if status, errs := finish(cmd, r); status != 0 || !strings.Contains(out.String(), `"state":"complete"`) {
		t.Errorf("resumed: status %d, %s%s", status, out, errs)
	}
}

func TestASecondCtrlCLeavesAtOnceAndLosesNothing(t *testing.T) {
	dir := workplace(t)
	cmd, r, _ := process(t, dir, endless...)
	if until(r, "running") == "" {
		t.Fatal("the sweep ended before it could be stopped")
	}
	for range 2 {
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
	}
	if status, errs := finish(cmd, r); status != exitInterrupted {
		t.Errorf("status %d, it said %s", status, errs)
	}
	cmd, r, out := process(t, dir, "verify")
	if status, errs := finish(cmd, r); status != 0 {
		t.Errorf("verify: %s%s", out, errs)
	}
}

func TestASecondProcessIsToldWhoHoldsTheStore(t *testing.T) {
	dir := workplace(t)
	holder, hr, _ := process(t, dir, endless...)
	if until(hr, "running") == "" {
		t.Fatal("the sweep ended before a second one could come")
	}
	for _, args := range [][]string{long, {"digest", "tiny"}, {"rm", "--yes", "tiny"}, {"verify"}} {
		cmd, r, _ := process(t, dir, args...)
		status, errs := finish(cmd, r)
		if status != exitFailed || !strings.Contains(errs, "is in use by medml sweep tiny (process ") || strings.Count(errs, "\n") != 1 {
			t.Errorf("medml %v: status %d, it said %s", args, status, errs)
		}
	}
	if err := holder.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if status, errs := finish(holder, hr); status != exitInterrupted {
		t.Errorf("the sweep that held the store: status %d: %s", status, errs)
	}
}
