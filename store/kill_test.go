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

// A process that is killed at any moment loses nothing that it was acknowledged. The
// same study is killed again and again, and resumed.
func TestWhatWasAcknowledgedOutlivesAKill(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	must(t, s.Create(study("x")), s.Close())
	rnd := rand.New(rand.NewPCG(1, 2))
	for range long(t, 12) {
		acknowledged := killed(t, dir, 1+rnd.IntN(40))
		s := open(t, dir, store.Options{Timeout: time.Minute})
		checkAcknowledged(t, trials(t, s, "x"), acknowledged)
		must(t, s.Close())
		verified(t, dir)
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

func checkAcknowledged(t *testing.T, list []medml.Trial, said []string) {
	t.Helper()
	for _, line := range said {
		var what string
		var n int
		if _, err := fmt.Sscan(line, &what, &n); err != nil {
			t.Fatalf("the child said %q", line)
		}
		if n >= len(list) {
			t.Fatalf("trial %d has %s and isn't there", n, what)
		}
		if what == "ended" && list[n].State != medml.Complete {
			t.Errorf("trial %d has ended and is %v", n, list[n].State)
		}
	}
	for n, tr := range list {
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
		if diff := cmp.Diff(want, tr, exact); diff != "" {
			t.Errorf("trial %d (-want +got):\n%s", n, diff)
		}
	}
}
