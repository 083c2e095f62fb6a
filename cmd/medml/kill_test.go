package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"medml"
	"medml/store"
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

// kills returns n, or what MEDML_LONG says instead.
func kills(t *testing.T, n int) int {
	s := os.Getenv("MEDML_LONG")
	if s == "" {
		return n
	}
	more, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("MEDML_LONG=%s: %v", s, err)
	}
	return more
}

// A sweep that is killed at random moments, and begun again each time, ends with the
// digest of one that nobody disturbed; and what had ended once stays as it was.
func TestASweepKilledAgainAndAgainEndsAsIfItHadNotBeen(t *testing.T) {
	const aSweep = 200 // a new one after so many kills: each kill reads all of it
	rnd := rand.New(rand.NewPCG(41, 42))
	for left := kills(t, aSweep); left > 0; left -= aSweep {
		t.Run("a sweep", func(t *testing.T) { killedSweep(t, rnd, min(left, aSweep)) })
	}
}

func killedSweep(t *testing.T, rnd *rand.Rand, n int) {
	undisturbed, killed := workplace(t), workplace(t)
	v := victim{dir: killed, reach: 60 * time.Millisecond, rnd: rnd}
	for v.sessions < n {
		v.killOnce(t)
	}
	t.Logf("%d sessions killed, %d processes before they had one; %d of %d trials had ended, %d times a trial was cut short, %d with a checkpoint",
		v.sessions, v.early, len(v.ended), v.trials, v.crashes, v.saved)
	if v.sessions >= 100 && v.saved == 0 {
		t.Error("no kill hit a trial with a checkpoint")
	}
	if v.crashes < v.sessions/4 {
		t.Errorf("of %d kills only %d hit a trial", v.sessions, v.crashes)
	}
	for _, dir := range []string{killed, undisturbed} {
		cmd, r, _ := process(t, dir, append(slices.Clone(short), "--trials", strconv.Itoa(v.trials))...)
		if status, errs := finish(cmd, r); status != 0 {
			t.Fatalf("sweep: status %d: %s", status, errs)
		}
	}
	v.look(t)
	if got, want := digest(t, killed), digest(t, undisturbed); got != want {
		t.Errorf("the digest after %d kills is %s, undisturbed it is %s", v.sessions, got, want)
	}
	cmd, r, out := process(t, killed, "verify")
	if status, errs := finish(cmd, r); status != 0 {
		t.Errorf("verify after %d kills: %s%s", v.sessions, out, errs)
	}
}

// short makes trials of some milliseconds, with checkpoints on the way.
var short = []string{"sweep", "tiny.yaml", "--quiet", "--set", "budget.epochs=10", "--set", "resources.checkpoint=3ms"}

// victim is a sweep that is killed again and again, and what was seen of it between.
type victim struct {
	dir   string
	rnd   *rand.Rand
	reach time.Duration // within which a process is killed

	sessions int            // that were killed
	early    int            // processes that were killed before they had one
	trials   int            // by now
	ended    map[int]string // digests of the trials that have ended
	crashes  int            // trials that were running when their session was killed
	saved    int            // those among them with a checkpoint to go on from
}

// killOnce runs the sweep and kills it at a random moment.
func (v *victim) killOnce(t *testing.T) {
	t.Helper()
	args := append(slices.Clone(short), "--trials", "1000000", "--workers", strconv.Itoa(1+v.rnd.IntN(3)))
	cmd, r, _ := process(t, v.dir, args...)
	moment := time.AfterFunc(time.Duration(v.rnd.Int64N(int64(v.reach))), func() { _ = cmd.Process.Kill() })
	defer moment.Stop()
	if status, errs := finish(cmd, r); status != -1 || errs != "" {
		t.Fatalf("the sweep ended by itself: status %d: %s", status, errs)
	}
	before, ended := v.sessions, len(v.ended)
	worst := v.look(t)
	// A trial that is hit again and again without a checkpoint is given up after ten times,
	// as it should; on a slow machine the kills come too fast for any to end.
	switch {
	case v.sessions == before || len(v.ended) == ended || worst > 3:
		v.reach += v.reach / 4
	case v.reach > 60*time.Millisecond:
		v.reach -= v.reach / 8
	}
}

// look reads the store: nothing that had ended is gone or another. It returns how often
// the worst trial was cut short.
func (v *victim) look(t *testing.T) (worst int) {
	t.Helper()
	s, err := store.Open(filepath.Join(v.dir, ".medml"), store.Options{ReadOnly: true})
	if errors.Is(err, fs.ErrNotExist) {
		v.early++
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	study, err := s.Study("tiny")
	if errors.As(err, new(*store.UnknownStudyError)) || err == nil && len(study.Sessions) == v.sessions {
		v.early++
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	v.sessions = len(study.Sessions)
	trials, err := s.Trials("tiny")
	if err != nil {
		t.Fatal(err)
	}
	v.trials = len(trials)
	if v.ended == nil {
		v.ended = map[int]string{}
	}
	for _, tr := range trials {
		if tr.State == medml.Running {
			v.crashes++
			state, err := s.Checkpoint("tiny", tr.Number)
			if err != nil {
				t.Fatal(err)
			}
			if state != nil {
				v.saved++
			}
		}
		worst = max(worst, tr.Crashes)
		v.compare(t, tr)
	}
	return worst
}

// compare checks that a trial that had ended still is what it was.
func (v *victim) compare(t *testing.T, tr medml.Trial) {
	t.Helper()
	was, known := v.ended[tr.Number]
	if !tr.State.Finished() {
		if known {
			t.Errorf("trial %d had ended and is %v", tr.Number, tr.State)
		}
		return
	}
	now, err := medml.Digest(nil, []medml.Trial{tr})
	if err != nil {
		t.Fatal(err)
	}
	if known && was != now {
		t.Errorf("trial %d isn't what it was", tr.Number)
	}
	v.ended[tr.Number] = now
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
