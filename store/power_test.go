package store_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medml"
	"medml/store"
)

const (
	sectorSize = 512
	pageBytes  = 4096
)

// A power cut is simulated by what the disk may hold then. bbolt writes the changed pages
// and syncs, then writes the meta page and syncs. So until the first sync is done any of
// the changed sectors may be there or not, in any order and on a page that is half old;
// until the second, the meta page, which is within a sector, is there or not. The set of
// changed pages is the difference between the file before and after a transaction.

// commit is a transaction as the disk sees it.
type commit struct {
	before, after []byte
}

// cutBefore returns what may be on disk when the power goes before the data are synced.
func (c commit) cutBefore(rnd *rand.Rand) []byte {
	file := slices.Clone(c.before)
	if rnd.IntN(4) > 0 { // the file has its new size already
		file = append(file, make([]byte, len(c.after)-len(c.before))...)
	}
	share := rnd.Float64()
	for at := 2 * pageBytes; at+sectorSize <= len(file); at += sectorSize {
		if !bytes.Equal(file[at:at+sectorSize], c.after[at:at+sectorSize]) && rnd.Float64() < share {
			copy(file[at:], c.after[at:at+sectorSize])
		}
	}
	return file
}

// cutBetween returns what is on disk between the two syncs: the data, and the old meta
// page or the new one.
func (c commit) cutBetween(rnd *rand.Rand) (file []byte, done bool) {
	file = slices.Clone(c.after)
	if done = rnd.IntN(2) == 0; !done {
		copy(file[:2*pageBytes], c.before[:2*pageBytes])
	}
	return file, done
}

// lived records the life of a study of some trials, a transaction an event, and calls f
// after each.
func lived(t *testing.T, s *store.Store, trials int, f func()) {
	must(t, s.Create(study("x")))
	f()
	r := begin(t, s, "x")
	f()
	for n := range trials {
		record(t, r, medml.TrialStarted{Trial: running(n)})
		f()
		for fold := range 2 {
			record(t, r, live(n, fold)...)
			record(t, r, medml.CheckpointSaved{Number: n, Epochs: 3 + 3*fold, State: fmt.Append(nil, "state ", n, fold)})
			f()
			if n%3 == 0 {
				record(t, r, medml.TrialReset{Trial: waiting(n), Keep: true})
				f()
				record(t, r, medml.TrialStarted{Trial: running(n), Resumed: true})
				f()
			}
		}
		record(t, r, medml.TrialEnded{Trial: complete(n), Artifact: fmt.Append(nil, "model ", n)})
		f()
	}
	record(t, r, medml.RepeatEnded{Number: 1, Repeat: medml.Repeat{Seed: 1, Value: 0.5}})
	f()
	must(t, r.Close())
}

// Whenever the power goes during a transaction, the store opens and is as it was before
// it or after it; once it was acknowledged, as after it.
func TestAPowerCutDuringATransactionLeavesItsStateBeforeOrAfter(t *testing.T) {
	dir := t.TempDir()
	s := store.SkipSync(open(t, dir, store.Options{}))
	path := filepath.Join(dir, "medml.db")
	last, err := os.ReadFile(path)
	must(t, err)
	var commits []commit
	files := map[string][]byte{} // every file that there ever was: what a cut does to these is another test
	lived(t, s, 12, func() {
		now, err := os.ReadFile(path)
		must(t, err)
		commits = append(commits, commit{last, now})
		last = now
		maps.Copy(files, readFiles(t, dir))
	})
	must(t, s.Close())

	rnd := rand.New(rand.NewPCG(21, 22))
	at := t.TempDir()
	for name, content := range files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(at, name)), 0o700), os.WriteFile(filepath.Join(at, name), content, 0o600))
	}
	on := func(file []byte) string {
		must(t, overwrite(filepath.Join(at, "medml.db"), file))
		got, err := everything(at)
		if err != nil {
			return "error: " + err.Error()
		}
		return got
	}
	cuts := long(t, 100)
	for i := range cuts {
		k := i % len(commits)
		c := commits[k]
		was, is := on(c.before), on(c.after)
		if strings.HasPrefix(was+is, "error") {
			t.Fatalf("transaction %d: %.200s, %.200s", k, was, is)
		}
		if got := on(c.cutBefore(rnd)); got != was {
			t.Errorf("cut %d before the data of transaction %d were synced: %.300s", i, k, got)
		}
		file, done := c.cutBetween(rnd)
		if got := on(file); done && got != is || !done && got != was {
			t.Errorf("cut %d after the data of transaction %d were synced (meta page written: %t): %.300s", i, k, done, got)
		}
		if i%10 == 0 { // and it can be gone on with
			checkGoesOn(t, copyOf(t, at))
		}
	}
	t.Logf("%d cuts in %d transactions", 2*cuts, len(commits))
}

// readFiles returns a store's checkpoints and artifacts.
func readFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, kind := range []string{"checkpoints", "artifacts"} {
		for _, name := range files(t, dir, kind) {
			content, err := os.ReadFile(filepath.Join(dir, kind, name))
			must(t, err)
			all[filepath.Join(kind, name)] = content
		}
	}
	return all
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "store")
	must(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// checkGoesOn opens a store for writing, goes on with its study and verifies it.
func checkGoesOn(t *testing.T, dir string) {
	t.Helper()
	s := store.SkipSync(open(t, dir, store.Options{}))
	if _, err := s.Study("x"); err != nil {
		must(t, s.Close())
		return // it wasn't there yet
	}
	r := begin(t, s, "x")
	for _, tr := range trials(t, s, "x") {
		if tr.State == medml.Waiting {
			record(t, r, medml.TrialStarted{Trial: running(tr.Number), Resumed: len(tr.Runs) > 0}, medml.TrialEnded{Trial: complete(tr.Number)})
		}
	}
	must(t, s.Close())
	verified(t, dir)
}
