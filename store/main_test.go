package store_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"medml"
	"medml/store"
)

// childKey names, in the environment of this test binary, the role of a second process
// that it is to play instead of running tests.
const childKey = "MEDML_STORE_CHILD"

var childRoles = map[string]func(dir string) error{
	"hold":   holdStore,
	"sweep":  sweepForever,
	"read":   readOnce,
	"fill":   fillDisk,
	"gamble": gamble,
}

func TestMain(m *testing.M) {
	role, dir, ok := strings.Cut(os.Getenv(childKey), " ")
	if !ok {
		// Each check opens and closes files many times; -rapid.checks asks for more.
		if err := flag.Set("rapid.checks", "50"); err != nil {
			panic(err)
		}
		goleak.VerifyTestMain(m)
		return
	}
	if err := childRoles[role](dir); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

// child is another process on a store.
type child struct {
	*exec.Cmd
	lines *bufio.Scanner
}

// startChild runs this binary in a role. It ends with the test if not before.
func startChild(t *testing.T, role, dir string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(os.Args[0])}
	c.Env = append(os.Environ(), childKey+"="+role+" "+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.StdinPipe(); err != nil { // open as long as the child lives
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	c.lines = bufio.NewScanner(out)
	t.Cleanup(func() { c.kill() })
	return c
}

// line returns the next line the child prints, "" when it has ended.
func (c *child) line() string {
	if !c.lines.Scan() {
		return ""
	}
	return c.lines.Text()
}

// kill kills the child and returns what it had printed besides.
func (c *child) kill() []string {
	_ = c.Process.Kill()
	var rest []string
	for c.lines.Scan() {
		rest = append(rest, c.lines.Text())
	}
	_ = c.Wait()
	return rest
}

// exact compares trials and studies; every NaN is like every other.
var exact = cmp.Options{
	cmpopts.EquateNaNs(),
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b medml.Value) bool { return a == b }),
}

var (
	nan   = math.NaN()
	clock = time.Date(2026, 3, 1, 8, 30, 0, 123456789, time.UTC)
)

func open(t testing.TB, dir string, opts store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// must stops the test at an error that it doesn't expect.
func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// study returns a study of two parameters.
func study(name string) store.Study {
	return store.Study{
		Name: name, Experiment: []byte(`{ "name": "` + name + `" }`), Identity: []byte(`{"seed":42}`),
		Source: []byte("name: " + name + "\n"), Created: clock, Budget: 60, TimeBudget: 10 * time.Minute,
		Environment: store.Environment{Version: "1.2.3", Go: "go1.26", OS: "linux", Arch: "amd64", CPU: "Xeon", Cores: 2, Path: "avx2", Data: "sha256:00"},
		About: medml.About{
			Study: name, Metric: "auroc", Direction: medml.Maximize, Sampler: "tpe", Pruner: "asha", Seed: 1<<64 - 1, Folds: 2, Epochs: 3,
			Space: medml.Space{
				{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("cnn"), medml.StringValue("lstm")}},
				{Name: "learning_rate", Kind: medml.Float, Low: 1e-4, High: 0.1, Log: true},
				{Name: "architecture.cnn.filters", Kind: medml.Int, Low: 8, High: 64, Step: 8,
					When: &medml.Condition{Param: "architecture", Equals: medml.StringValue("cnn")}},
			},
			References: []medml.Reference{{Name: "logistic regression", Metric: "auroc", Value: 0.9947, SD: 0.0056}},
		},
	}
}

// running returns trial n as it starts.
func running(n int) medml.Trial {
	params := medml.Params{{Name: "architecture", Value: medml.StringValue("lstm")}, {Name: "learning_rate", Value: medml.FloatValue(0.001 * float64(1+n%9))}}
	if n%2 == 0 {
		params[0].Value = medml.StringValue("cnn")
		params = append(params, medml.Setting{Name: "architecture.cnn.filters", Value: medml.IntValue(8 + 8*(n%8))})
	}
	return medml.Trial{Number: n, State: medml.Running, Params: params, Value: nan, Low: nan, High: nan,
		Started: clock.Add(time.Duration(n) * time.Second)}
}

// epochs returns what one fold of trial n reports.
func epochs(n, fold int) []medml.Epoch {
	list := make([]medml.Epoch, 3)
	for i := range list {
		x := float64(n) + float64(fold)/10 + float64(i)/100
		list[i] = medml.Epoch{Step: fold*3 + i + 1, Loss: x, ValidLoss: math.Inf(1), Value: x / 2, Report: x / 3}
	}
	return list
}

// complete returns trial n as it ends.
func complete(n int) medml.Trial {
	t := running(n)
	t.State, t.Value, t.Low, t.High = medml.Complete, 1-1/float64(n+2), 0.25, 1
	t.Ended, t.WeightCount = t.Started.Add(time.Second), 1000+n
	for fold := range 2 {
		t.Runs = append(t.Runs, medml.Run{Fold: fold, Value: t.Value, Weights: strings.Repeat("0f", 32), Epochs: epochs(n, fold),
			Measures: []medml.Measure{{Name: "auroc", Value: t.Value}, {Name: "brier", Value: nan}}})
	}
	t.Weights = weightsOf(t.Runs)
	return t
}

// weightsOf returns the hash of the weights of all runs.
func weightsOf(runs []medml.Run) string {
	h := sha256.New()
	for _, r := range runs {
		h.Write([]byte(r.Weights))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// record records events that are to be taken.
func record(t testing.TB, r *store.Recorder, events ...medml.Event) {
	t.Helper()
	for _, e := range events {
		if err := r.Record(e); err != nil {
			t.Fatalf("recording %T: %v", e, err)
		}
	}
}

// live returns the events of trial n's epochs in a fold.
func live(n, fold int) []medml.Event {
	var events []medml.Event
	for _, e := range epochs(n, fold) {
		events = append(events, medml.EpochEnded{Number: n, Fold: fold, Epoch: e})
	}
	return events
}

// begin creates a study if need be, begins it and returns its recorder.
func begin(t testing.TB, s *store.Store, name string) *store.Recorder {
	t.Helper()
	if _, err := s.Study(name); err != nil {
		must(t, s.Create(study(name)))
	}
	must(t, s.Begin(name, store.Session{Started: clock, Workers: 2, Budget: 60, TimeBudget: time.Minute}))
	r, err := s.Recorder(name, store.RecorderOptions{Flush: time.Hour})
	must(t, err)
	return r
}

func trials(t testing.TB, s *store.Store, name string) []medml.Trial {
	t.Helper()
	list, err := s.Trials(name)
	must(t, err)
	return list
}

// verified fails the test if there is anything wrong in a store.
func verified(t testing.TB, dir string) {
	t.Helper()
	report, err := store.Verify(t.Context(), dir, time.Minute)
	must(t, err)
	for _, p := range report.Problems {
		t.Errorf("verify: %v", p)
	}
}

// copyStore copies a store into a folder of its own, as a crash would leave it.
func copyStore(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "store")
	must(t, os.CopyFS(to, os.DirFS(dir)), os.Remove(filepath.Join(to, "medml.lock.json")))
	return to
}
