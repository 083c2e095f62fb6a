package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/store"
)

// long returns n, or what MEDML_LONG says instead.
func long(t testing.TB, n int) int {
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

// aSweep is after how many faults the tests begin a new sweep: each fault reads all of it.
const aSweep = 50

// newSweep makes a store for the sweep of a child.
func newSweep(t *testing.T, dir string) {
	t.Helper()
	s := open(t, dir, store.Options{})
	must(t, s.Create(study("x")), s.Close())
}

// checkSweep checks a store after a child has come to its end.
func checkSweep(t *testing.T, dir string, said []string) {
	t.Helper()
	s := open(t, dir, store.Options{Timeout: time.Minute})
	checkAcknowledged(t, s, said)
	must(t, s.Close())
	verified(t, dir)
}

// A process that is killed at any moment loses nothing that it was acknowledged. The
// same study is killed again and again, and resumed.
func TestWhatWasAcknowledgedOutlivesAKill(t *testing.T) {
	var dir string
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range long(t, 30) {
		if i%aSweep == 0 {
			dir = t.TempDir()
			newSweep(t, dir)
		}
		checkSweep(t, dir, killed(t, dir, 1+rnd.IntN(60)))
	}
}

// killed runs a sweep, kills it after some lines, and returns all that it said.
func killed(t *testing.T, dir string, lines int) []string {
	t.Helper()
	c := startChild(t, "sweep", dir)
	var said []string
	for range lines {
		said = append(said, c.line())
	}
	return append(said, c.kill()...)
}

// checkAcknowledged checks that a store has all that a process was told it has, in the
// session in which it was killed.
func checkAcknowledged(t *testing.T, s *store.Store, said []string) {
	t.Helper()
	list := trials(t, s, "x")
	for _, line := range said {
		var what string
		var n, step int
		if k, err := fmt.Sscan(line, &what, &n, &step); k < 2 {
			t.Fatalf("the child said %q: %v", line, err)
		}
		if n >= len(list) {
			t.Fatalf("trial %d has %s and isn't there", n, what)
		}
		state, err := s.Checkpoint("x", n)
		must(t, err)
		switch {
		case what == "ended" && list[n].State != medml.Complete:
			t.Errorf("trial %d has ended and is %v", n, list[n].State)
		case what == "epoch" && list[n].Epochs() < step:
			t.Errorf("trial %d has come to step %d and has %d epochs", n, step, list[n].Epochs())
		case what == "saved" && list[n].State != medml.Complete && string(state) != stateOf(n):
			t.Errorf("trial %d was saved and its checkpoint is %.30q", n, state)
		}
	}
	for n, tr := range list {
		checkTrial(t, s, n, tr)
	}
}

// checkTrial checks that a trial is one of the sweep as it ends, or as it is on its way.
func checkTrial(t *testing.T, s *store.Store, n int, tr medml.Trial) {
	t.Helper()
	want := complete(n)
	if tr.State == medml.Running {
		// It was on its way: its epochs are those of the beginning.
		want = running(n)
		for fold := range tr.Runs {
			want.Runs = append(want.Runs, medml.Run{Fold: fold, Value: nan, Epochs: epochs(n, fold)})
		}
		if k := len(want.Runs); k > 0 {
			want.Runs[k-1].Epochs = want.Runs[k-1].Epochs[:len(tr.Runs[k-1].Epochs)]
		}
	}
	model, err := s.Artifact("x", n)
	must(t, err)
	if model != nil {
		want.Artifact = sumOf(modelOf(n))
		if string(model) != modelOf(n) {
			t.Errorf("the artifact of trial %d is %.30q", n, model)
		}
	}
	if diff := cmp.Diff(want, tr, exact); diff != "" {
		t.Errorf("trial %d (-want +got):\n%s", n, diff)
	}
}
