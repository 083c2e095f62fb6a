package store_test

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/store"
)

var update = flag.Bool("update", false, "write testdata again: only together with a new version of the format")

const goldenPath = "testdata/format1.db"

func goldenFile(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile(goldenPath)
	must(t, err)
	return file
}

// goldenTrials are a trial of each state.
func goldenTrials() []medml.Trial {
	pruned, failed := complete(1), running(2)
	pruned.State, pruned.Runs, pruned.Reason, pruned.Weights = medml.Pruned, pruned.Runs[:1], "pruned after epoch 3", ""
	failed.State, failed.Reason, failed.Ended = medml.Failed, "panic: naïve", failed.Started.Add(time.Millisecond)
	failed.Params = append(slices.Clone(failed.Params), medml.Setting{Name: "flag", Value: medml.BoolValue(true)}, medml.Setting{Name: "none"})
	half := running(4)
	half.Runs = []medml.Run{{Value: nan, Epochs: epochs(4, 0)}}
	return []medml.Trial{complete(0), pruned, failed, waiting(3), half}
}

// writeGolden writes the store that testdata holds.
func writeGolden(t *testing.T, dir string) {
	s := open(t, dir, store.Options{})
	r := begin(t, s, "x")
	for n, tr := range goldenTrials() {
		record(t, r, medml.TrialStarted{Trial: running(n)})
		switch {
		case tr.State == medml.Waiting:
			record(t, r, medml.TrialReset{Trial: tr})
		case tr.State == medml.Running:
			record(t, r, live(n, 0)...)
		default:
			record(t, r, medml.TrialEnded{Trial: tr})
		}
	}
	must(t, r.Close(), s.Create(study("y")), s.Close())
}

// The file in testdata was written by the first version of the format. Whatever changes
// in this package, it is to be read, and to be written as it was.
func TestTheFormatStandsStill(t *testing.T) {
	written := t.TempDir()
	writeGolden(t, written)
	if *update {
		file, err := os.ReadFile(filepath.Join(written, "medml.db"))
		must(t, err, os.MkdirAll(filepath.Dir(goldenPath), 0o755), os.WriteFile(goldenPath, file, 0o644))
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "medml.db"), goldenFile(t), 0o600))
	golden := open(t, dir, store.Options{ReadOnly: true})
	if diff := cmp.Diff(goldenTrials(), trials(t, golden, "x"), exact); diff != "" {
		t.Errorf("trials read (-want +got):\n%s", diff)
	}
	got, err := golden.Study("y")
	must(t, err)
	want := study("y")
	want.State = medml.StudyInterrupted
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Errorf("study read (-want +got):\n%s", diff)
	}

	old, err := store.Records(golden)
	must(t, err)
	now, err := store.Records(open(t, written, store.Options{ReadOnly: true}))
	must(t, err)
	if a, b := slices.Sorted(maps.Keys(old)), slices.Sorted(maps.Keys(now)); !slices.Equal(a, b) {
		t.Fatalf("records (-old +now):\n%s", cmp.Diff(a, b))
	}
	for _, path := range slices.Sorted(maps.Keys(old)) {
		if !bytes.Equal(old[path], now[path]) {
			t.Errorf("%s was %x and is written as %x", path, old[path], now[path])
		}
	}
}
