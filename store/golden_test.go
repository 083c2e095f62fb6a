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

// The stores of testdata, one of each version of the format.
const (
	format1Path = "testdata/format1.db"
	goldenPath  = "testdata/format2.db"
)

func goldenFile(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile(goldenPath)
	must(t, err)
	return file
}

// goldenTrials are a trial of each state, and of each thing that a trial can have.
func goldenTrials() []medml.Trial {
	pruned, failed := complete(1), running(2)
	pruned.State, pruned.Runs, pruned.Reason, pruned.Weights = medml.Pruned, pruned.Runs[:1], "pruned after epoch 3", ""
	failed.State, failed.Reason, failed.Ended = medml.Failed, "panic: naïve", failed.Started.Add(time.Millisecond)
	failed.Params = append(slices.Clone(failed.Params), medml.Setting{Name: "flag", Value: medml.BoolValue(true)}, medml.Setting{Name: "none"})
	half := running(4)
	half.Runs = []medml.Run{{Value: nan, Epochs: epochs(4, 0)}}
	return []medml.Trial{complete(0), pruned, failed, waiting(3), half}
}

// goldenTrials2 are those with what format 2 brought.
func goldenTrials2() []medml.Trial {
	list := goldenTrials()
	list[0].Objectives, list[0].Constraints = []float64{0.5, 12}, []float64{-0.1, nan}
	list[0].Artifact = sumOf("model")
	list[0].Repeats = []medml.Repeat{
		{Seed: 1, Value: 0.75, Runs: complete(0).Runs[:1], Weights: weightsOf(complete(0).Runs[:1])},
		{Seed: 2, Value: nan, Reason: "out of memory"},
	}
	list[0].Repeats[0].Runs[0].Epochs = []medml.Epoch{{Step: 1, Loss: 1}, {Step: 3, Loss: 2}} // with a gap
	list[3].Reason, list[3].Retries = "trained again after: panic", 1
	list[3].Runs = []medml.Run{{Value: nan, Epochs: epochs(3, 0)}}
	list[4].Crashes = 2
	return list
}

// writeGolden writes the store that testdata holds.
func writeGolden(t *testing.T, dir string) {
	s := open(t, dir, store.Options{})
	r := begin(t, s, "x")
	for n, tr := range goldenTrials2() {
		start := running(n)
		start.Crashes = tr.Crashes
		record(t, r, medml.TrialStarted{Trial: start})
		switch {
		case tr.State == medml.Waiting:
			record(t, r, live(n, 0)...)
			record(t, r, medml.CheckpointSaved{Number: n, Epochs: 3, State: []byte("state")}, medml.TrialReset{Trial: tr, Keep: true})
		case tr.State == medml.Running:
			record(t, r, live(n, 0)...)
		case tr.Artifact != "":
			end := tr
			end.Repeats = nil
			record(t, r, medml.TrialEnded{Trial: end, Artifact: []byte("model")})
			for _, rep := range tr.Repeats {
				record(t, r, medml.RepeatEnded{Number: n, Repeat: rep})
			}
		default:
			record(t, r, medml.TrialEnded{Trial: tr})
		}
	}
	must(t, s.PutAudit("x", 1, goldenAudit()))
	must(t, r.Close(), s.Create(study("y")), s.Close())
}

func goldenAudit() medml.Repeat {
	return medml.Repeat{Value: 0.625, Runs: complete(1).Runs, Weights: complete(1).Weights}
}

// The file in testdata was written when the format was new. Whatever changes in this
// package, it is to be read, and to be written as it was.
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
	if diff := cmp.Diff(goldenTrials2(), trials(t, golden, "x"), exact); diff != "" {
		t.Errorf("trials read (-want +got):\n%s", diff)
	}
	got, err := golden.Study("y")
	must(t, err)
	want := study("y")
	want.State = medml.StudyInterrupted
	if diff := cmp.Diff(want, got, exact); diff != "" {
		t.Errorf("study read (-want +got):\n%s", diff)
	}

	audits, err := golden.Audits("x")
	must(t, err)
	if diff := cmp.Diff([]store.Audit{{Number: 1, Repeat: goldenAudit()}}, audits, exact); diff != "" {
		t.Errorf("audits read (-want +got):\n%s", diff)
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
