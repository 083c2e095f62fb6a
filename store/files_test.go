package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medml"
	"medml/store"
)

// saveTrial records a running trial with a checkpoint after its first fold.
func saveTrial(t testing.TB, r *store.Recorder, n int, state string) {
	t.Helper()
	record(t, r, medml.TrialStarted{Trial: running(n)})
	record(t, r, live(n, 0)...)
	record(t, r, medml.CheckpointSaved{Number: n, Epochs: 3, State: []byte(state)})
}

// files returns the names of the files in a folder of a store.
func files(t testing.TB, dir, kind string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, kind))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// filesInTheEnd returns those names once there are n: what a transaction has made
// superfluous is removed just after it has been acknowledged.
func filesInTheEnd(t testing.TB, dir, kind string, n int) []string {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
		if names := files(t, dir, kind); len(names) == n || time.Now().After(until) {
			return names
		}
	}
}

func TestATrialThatWaitsHoldsWhatItHadUpToItsCheckpoint(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	r := begin(t, s, "x")
	saveTrial(t, r, 0, "first")
	record(t, r, live(0, 1)...) // to be trained again
	record(t, r, medml.TrialReset{Trial: waiting(0), Keep: true})
	want := waiting(0)
	want.Runs = []medml.Run{{Value: nan, Epochs: epochs(0, 0)}}
	if diff := cmp.Diff([]medml.Trial{want}, trials(t, s, "x"), exact); diff != "" {
		t.Errorf("put back (-want +got):\n%s", diff)
	}
	state, err := s.Checkpoint("x", 0)
	if err != nil || string(state) != "first" {
		t.Errorf("its checkpoint is %q: %v", state, err)
	}
	record(t, r, medml.TrialStarted{Trial: running(0), Resumed: true})
	record(t, r, live(0, 1)...)
	record(t, r, medml.CheckpointSaved{Number: 0, Epochs: 6, State: []byte("second")})
	if names := filesInTheEnd(t, dir, "checkpoints", 1); !slices.Equal(names, []string{sumOf("second")}) {
		t.Errorf("checkpoints %v", names)
	}
	record(t, r, medml.TrialEnded{Trial: complete(0)})
	if names := filesInTheEnd(t, dir, "checkpoints", 0); len(names) > 0 {
		t.Errorf("after the end there are still the checkpoints %v", names)
	}
	must(t, s.Close())
	verified(t, dir)
}

func TestACrashIsCountedUntilACheckpoint(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	saveTrial(t, begin(t, s, "x"), 0, "state")
	for crashes := 1; crashes <= 3; crashes++ {
		dir = copyStore(t, dir)
		s = open(t, dir, store.Options{})
		r := begin(t, s, "x")
		got := trials(t, s, "x")[0]
		want := waiting(0)
		want.Crashes, want.Runs = crashes, []medml.Run{{Value: nan, Epochs: epochs(0, 0)}}
		if diff := cmp.Diff(want, got, exact); diff != "" {
			t.Errorf("after %d crashes (-want +got):\n%s", crashes, diff)
		}
		start := running(0)
		start.Crashes = got.Crashes
		record(t, r, medml.TrialStarted{Trial: start, Resumed: true})
		if crashes == 3 {
			record(t, r, medml.CheckpointSaved{Number: 0, Epochs: 3, State: []byte("further")})
		}
	}
	if got := trials(t, s, "x")[0]; got.Crashes != 0 {
		t.Errorf("after a checkpoint there are %d crashes", got.Crashes)
	}
}

func TestTheBestTrialsKeepTheirArtifacts(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	begin(t, s, "x")
	must(t, s.Close())
	s = open(t, dir, store.Options{})
	must(t, s.Begin("x", store.Session{}))
	r, err := s.Recorder("x", store.RecorderOptions{Keep: 2})
	must(t, err)
	for n, value := range []float64{0.5, 0.9, 0.7, 0.6} {
		record(t, r, medml.TrialStarted{Trial: running(n)})
		end := complete(n)
		end.Value = value
		record(t, r, medml.TrialEnded{Trial: end, Artifact: fmt.Append(nil, "model ", n)})
	}
	kept := func() string {
		var numbers []string
		for _, tr := range trials(t, s, "x") {
			model, err := s.Artifact("x", tr.Number)
			must(t, err)
			if tr.Artifact != "" {
				numbers = append(numbers, string(model))
			}
		}
		return strings.Join(numbers, ", ")
	}
	if got := kept(); got != "model 1, model 2" {
		t.Errorf("kept: %s", got)
	}
	if names := filesInTheEnd(t, dir, "artifacts", 2); len(names) != 2 {
		t.Errorf("files: %v", names)
	}
	// What a repeat gives moves nobody; the next better one drives the worse out.
	record(t, r, medml.RepeatEnded{Number: 2, Repeat: medml.Repeat{Seed: 1, Value: 0.7}}, medml.TrialStarted{Trial: running(4)})
	end := complete(4)
	end.Value = 0.95
	record(t, r, medml.TrialEnded{Trial: end, Artifact: []byte("model 4")})
	if got := kept(); got != "model 1, model 4" {
		t.Errorf("kept: %s", got)
	}
	must(t, s.Close())
	verified(t, dir)
}

// Equal content is one file, which stays as long as a trial has it.
func TestAFileStaysAsLongAsItIsUsed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	a, b := begin(t, s, "a"), begin(t, s, "b")
	saveTrial(t, a, 0, "same")
	saveTrial(t, b, 0, "same")
	record(t, a, medml.TrialEnded{Trial: complete(0)})
	if state, err := s.Checkpoint("b", 0); err != nil || string(state) != "same" {
		t.Errorf("%q: %v", state, err)
	}
	must(t, b.Close(), s.Remove("b"))
	if names := filesInTheEnd(t, dir, "checkpoints", 0); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
}

func TestOpeningRemovesOrphansAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	saveTrial(t, begin(t, s, "x"), 0, "state")
	must(t, s.Close())
	folder := filepath.Join(dir, "checkpoints")
	for _, name := range []string{sumOf("orphan"), "new-17-1", "README", strings.ToUpper(sumOf("other"))} {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600))
	}
	must(t, open(t, dir, store.Options{ReadOnly: true}).Close())
	if n := len(files(t, dir, "checkpoints")); n != 5 {
		t.Errorf("reading left %d files of 5", n)
	}
	open(t, dir, store.Options{})
	want := []string{sumOf("state"), "README", strings.ToUpper(sumOf("other"))}
	got := files(t, dir, "checkpoints")
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWithADamagedStudyNoFileIsRemoved(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	saveTrial(t, begin(t, s, "x"), 0, "state")
	saveTrial(t, begin(t, s, "y"), 0, "other")
	must(t, s.Close(), damageRecord(dir, "studies/x/checkpoints/0"))
	s = open(t, dir, store.Options{})
	var damage *store.DamageError
	if _, err := s.Checkpoint("x", 0); !errors.As(err, &damage) {
		t.Errorf("got %v", err)
	}
	if n := len(files(t, dir, "checkpoints")); n != 2 {
		t.Errorf("%d files of 2 are left", n)
	}
	must(t, s.Remove("x"), s.Close())
	open(t, dir, store.Options{})
	if names := files(t, dir, "checkpoints"); !slices.Equal(names, []string{sumOf("other")}) {
		t.Errorf("after removing the study there is %v", names)
	}
	verified(t, copyStore(t, dir))
}

// damageRecord flips a bit of a record.
func damageRecord(dir, path string) error {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	records, err := store.Records(s)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	name := filepath.Join(dir, "medml.db")
	file, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	i := strings.LastIndex(string(file), string(records[path]))
	if i < 0 || len(records[path]) == 0 {
		return fmt.Errorf("no record %s", path)
	}
	for ; i >= 0; i = strings.LastIndex(string(file[:i]), string(records[path])) {
		file[i] ^= 1 // in each page that has been its own
	}
	return os.WriteFile(name, file, 0o600)
}

func TestADamagedFileIsNamed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	r := begin(t, s, "x")
	saveTrial(t, r, 0, "state")
	record(t, r, medml.TrialStarted{Trial: running(1)}, medml.TrialEnded{Trial: complete(1), Artifact: []byte("model")})
	must(t, r.Close())
	for _, c := range []struct {
		what string
		hurt func(path string) error
		want string
	}{
		{"a changed byte", func(p string) error { return os.WriteFile(p, []byte("stale"), 0o600) }, "it isn't what was written: its SHA-256 is wrong"},
		{"a byte less", func(p string) error { return os.Truncate(p, 4) }, "it has 4 bytes of 5"},
		{"a byte more", func(p string) error { return os.WriteFile(p, []byte("states"), 0o600) }, "it has 6 bytes of 5"},
		{"no file", os.Remove, "the file is missing"},
		{"a folder", func(p string) error { return os.Mkdir(p, 0o700) }, "of 5"},
	} {
		for kind, read := range map[string]func() ([]byte, error){
			"checkpoints/0 (file checkpoints/" + sumOf("state"): func() ([]byte, error) { return s.Checkpoint("x", 0) },
			"artifacts/1 (file artifacts/" + sumOf("model"):     func() ([]byte, error) { return s.Artifact("x", 1) },
		} {
			t.Run(c.what+" of "+kind[:11], func(t *testing.T) {
				_, path, _ := strings.Cut(kind, "(file ")
				must(t, c.hurt(filepath.Join(dir, path)))
				_, err := read()
				var damage *store.DamageError
				if !errors.As(err, &damage) || damage.Problem.Where != "studies/x/"+kind+")" || !strings.HasSuffix(damage.Problem.What, c.want) {
					t.Errorf("got %v", err)
				}
				copied := copyStore(t, dir)
				report, err := store.Verify(t.Context(), copied, time.Minute)
				must(t, err)
				found := func(p store.Problem) bool { return p == damage.Problem }
				if damage == nil || !slices.ContainsFunc(report.Problems, found) {
					t.Errorf("verify says %v", report.Problems)
				}
			})
		}
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	saveTrial(t, begin(t, s, "..\\C:"), 0, "state")
	for path, want := range map[string]fs.FileMode{
		"checkpoints":                   0o700 | fs.ModeDir,
		"checkpoints/" + sumOf("state"): 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}

func TestTheRecorderRefusesFilesOfNoTrial(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	r := begin(t, s, "x")
	record(t, r, medml.TrialStarted{Trial: running(0)}, medml.TrialEnded{Trial: complete(0)}, medml.TrialStarted{Trial: running(1)})
	record(t, r, live(1, 1)...)
	for _, c := range []struct {
		name  string
		event medml.Event
		want  string
	}{
		{"a checkpoint of an ended trial", medml.CheckpointSaved{Number: 0}, "a checkpoint of trial 0, which isn't running"},
		{"a checkpoint of no trial", medml.CheckpointSaved{Number: 2}, "a checkpoint of trial 2, which isn't running"},
		{"a checkpoint of the past", medml.CheckpointSaved{Number: 1, Epochs: 2}, "trial 1: a checkpoint after 2 epochs, and it has reported 3"},
		{"an epoch of the past", live(1, 0)[0], "trial 1: fold 0, step 1 comes after fold 1, step 6"},
		{"a run that goes on from nothing", medml.TrialStarted{Trial: running(1), Resumed: true}, "trial 1 can't go on: it has no checkpoint"},
		{"a repeat of a running trial", medml.RepeatEnded{Number: 1, Repeat: medml.Repeat{Seed: 1}}, "a repeat of trial 1, which isn't complete"},
		{"a repeat from the search's seed", medml.RepeatEnded{Number: 0}, "trial 0: a repeat from seed 0 after seed 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := r.Record(c.event); err == nil || err.Error() != `study "x": `+c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	if names := files(t, dir, "checkpoints"); len(names) > 0 {
		t.Errorf("left: %v", names)
	}
	if err := s.PutAudit("x", 0, medml.Repeat{}); err == nil || !strings.Contains(err.Error(), "it is complete, not pruned") {
		t.Errorf("an audit of a complete trial: %v", err)
	}
}
