package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/store"
)

// oldStore returns a folder with the store of format 1 in it, and that store's file.
func oldStore(t *testing.T) (dir string, file []byte) {
	t.Helper()
	dir = t.TempDir()
	file, err := os.ReadFile(format1Path)
	must(t, err, os.WriteFile(filepath.Join(dir, "medml.db"), file, 0o600))
	return dir, file
}

// oldTrials are the trials of that store. Its hashes were never those of any weights.
func oldTrials() []medml.Trial {
	list := goldenTrials()
	list[0].Weights = strings.Repeat("ab", 32)
	return list
}

// checkOldStore checks that a store has what that of format 1 had.
func checkOldStore(t *testing.T, s *store.Store) {
	t.Helper()
	if diff := cmp.Diff(oldTrials(), trials(t, s, "x"), exact); diff != "" {
		t.Errorf("trials (-want +got):\n%s", diff)
	}
	list, err := s.Studies()
	must(t, err)
	if len(list) != 2 || list[0].Best != 0 || list[0].Value != 0.5 || list[1].Name != "y" {
		t.Errorf("studies %+v", list)
	}
	got, err := s.Study("y")
	must(t, err)
	want := study("y")
	want.State = medml.StudyInterrupted
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Errorf("study y (-want +got):\n%s", diff)
	}
}

func TestAnOlderFormatIsReadAsItIs(t *testing.T) {
	dir, file := oldStore(t)
	s := open(t, dir, store.Options{ReadOnly: true})
	checkOldStore(t, s)
	heads, err := s.Headers("x")
	must(t, err)
	if diff := cmp.Diff(oldTrials(), heads, exact); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	snap, err := s.SnapshotHeaders("x")
	if err != nil || snap.Trials[4].State != medml.Waiting {
		t.Errorf("snapshot: %v, trial 4 %+v", err, snap.Trials[4])
	}
	state, err1 := s.Checkpoint("x", 3)
	model, err2 := s.Artifact("x", 0)
	audits, err3 := s.Audits("x")
	if err := errors.Join(err1, err2, err3); err != nil || state != nil || model != nil || audits != nil {
		t.Errorf("it has %q, %q, %v: %v", state, model, audits, err)
	}
	must(t, s.Close())
	onlyOldFaults(t, dir)
	if now, err := os.ReadFile(filepath.Join(dir, "medml.db")); err != nil || !bytes.Equal(now, file) {
		t.Errorf("reading changed the file: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("reading left %v: %v", files, err)
	}
}

// onlyOldFaults checks that Verify finds what the store of format 1 was made with, and
// nothing else.
func onlyOldFaults(t *testing.T, dir string) {
	t.Helper()
	report, err := store.Verify(t.Context(), dir, time.Minute)
	must(t, err)
	var got []string
	for _, p := range report.Problems {
		got = append(got, p.String())
	}
	want := []string{"studies/x/trials/0: its weights aren't those of the runs", "studies/x/trials/2: it has 5 parameters of 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verify (-want +got):\n%s", diff)
	}
}

func TestAnOlderFormatIsMigratedAfterACopy(t *testing.T) {
	dir, file := oldStore(t)
	s := open(t, dir, store.Options{})
	checkOldStore(t, s)
	kept, err := os.ReadFile(filepath.Join(dir, "medml.db.v1-backup"))
	if err != nil || !bytes.Equal(kept, file) {
		t.Errorf("the copy: %v", err)
	}
	must(t, s.Close())
	onlyOldFaults(t, dir)

	// It goes on in the new format.
	s = open(t, dir, store.Options{})
	r := begin(t, s, "x")
	record(t, r, medml.TrialStarted{Trial: running(3)}, medml.TrialEnded{Trial: complete(3), Artifact: []byte("model")})
	must(t, s.Close())
	onlyOldFaults(t, dir)
	files, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	if diff := cmp.Diff([]string{"artifacts", "medml.db", "medml.db.v1-backup"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// Whichever step a migration was killed after, the store is there, and the next opening
// goes on.
func TestAKilledMigrationLeavesAWholeStore(t *testing.T) {
	for steps := range store.MigrationSteps + 1 {
		dir, file := oldStore(t)
		must(t, store.MigrateSteps(dir, steps))
		if now, err := os.ReadFile(filepath.Join(dir, "medml.db")); err != nil || bytes.Equal(now, file) != (steps < store.MigrationSteps) {
			t.Errorf("after %d steps: %v", steps, err)
		}
		checkOldStore(t, open(t, dir, store.Options{ReadOnly: true}))
		must(t, open(t, copyWithoutLock(t, dir), store.Options{}).Close())
		again := copyWithoutLock(t, dir)
		checkOldStore(t, open(t, again, store.Options{}))
		left, err := filepath.Glob(filepath.Join(again, "medml.db.new-*"))
		if err != nil || len(left) > 0 {
			t.Errorf("after %d steps there is still %v", steps, left)
		}
		if backups, _ := filepath.Glob(filepath.Join(again, "*backup*")); steps > 0 && len(backups) != 1 {
			t.Errorf("after %d steps there are the copies %v", steps, backups)
		}
	}
}

// copyWithoutLock copies a store that nobody holds.
func copyWithoutLock(t *testing.T, dir string) string {
	to := filepath.Join(t.TempDir(), "store")
	must(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// A process that waited for the old file while another migrated it gets the new one.
func TestWhoeverWaitsForAMigrationGetsTheNewStore(t *testing.T) {
	dir, _ := oldStore(t)
	opened := make(chan error)
	migrating := open(t, dir, store.Options{ReadOnly: true}) // keeps the writers out for now
	for range 2 {
		go func() {
			s, err := store.Open(dir, store.Options{Timeout: time.Minute})
			if err == nil {
				err = errors.Join(s.Create(study("new")), s.Remove("new"), s.Close())
			}
			opened <- err
		}()
	}
	must(t, migrating.Close(), <-opened, <-opened)
	checkOldStore(t, open(t, dir, store.Options{ReadOnly: true}))
}

func TestADamagedOldStoreIsNotMigrated(t *testing.T) {
	dir, file := oldStore(t)
	at := bytes.Index(file, []byte("pruned after epoch 3"))
	file[at] ^= 1
	path := filepath.Join(dir, "medml.db")
	must(t, os.WriteFile(path, file, 0o600))
	var damage *store.DamageError
	if _, err := store.Open(dir, store.Options{}); !errors.As(err, &damage) {
		t.Errorf("got %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, file) {
		t.Errorf("the file was changed: %v", err)
	}
}
