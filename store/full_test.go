package store_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"medml"
	"medml/store"
)

// A full disk at any step of a checkpoint or artifact is an error that says so. Nothing
// is lost, and the next attempt, with room, goes on.
func TestAFullDiskAtEachStepOfAFileIsAnErrorAndNoMore(t *testing.T) {
	for step := 0; ; step++ {
		dir := t.TempDir()
		s := store.SkipSync(open(t, dir, store.Options{}))
		r := begin(t, s, "x")
		left, failed := step, false
		store.Watch(s, func(st store.Step) error {
			if st.Op == "remove" { // by whichever goroutine; it needs no room
				return nil
			}
			if left--; left != -1 {
				return nil
			}
			failed = true
			return &os.PathError{Op: st.Op, Path: st.Path, Err: syscall.ENOSPC}
		})
		refused := 0
		again := func(e medml.Event) {
			t.Helper()
			err := r.Record(e)
			if err == nil {
				return
			}
			refused++
			if !strings.Contains(err.Error(), "of trial 0: the disk of store "+dir+" is full") || strings.Contains(err.Error(), "\n") {
				t.Errorf("step %d: %v", step, err)
			}
			record(t, r, e)
		}
		record(t, r, medml.TrialStarted{Trial: running(0)})
		for fold := range 2 {
			record(t, r, live(0, fold)...)
			again(medml.CheckpointSaved{Number: 0, Epochs: 3 + 3*fold, State: fmt.Append(nil, "state ", fold)})
		}
		again(medml.TrialEnded{Trial: complete(0), Artifact: []byte("model")})
		must(t, s.Close())
		verified(t, dir)
		if failed != (refused == 1) {
			t.Errorf("step %d: the disk was full and %d events were refused", step, refused)
		}
		if left >= 0 {
			t.Logf("%d steps", step)
			return
		}
	}
}
