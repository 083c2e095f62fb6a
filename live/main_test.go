package live

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"medml"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stage is a Source and a Control whose study the test makes up.
type stage struct {
	mu    sync.Mutex
	s     medml.Snapshot
	err   error
	acts  []string
	deny  error
	reads int
}

func (s *stage) Snapshot() (medml.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	out := s.s
	out.Trials = append([]medml.Trial(nil), s.s.Trials...)
	return out, s.err
}

func (s *stage) set(change func(*medml.Snapshot)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.s)
}

func (s *stage) act(what string, n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acts = append(s.acts, fmt.Sprint(what, " ", n))
	return s.deny
}

func (s *stage) Pause(n int) error  { return s.act("pause", n) }
func (s *stage) Resume(n int) error { return s.act("resume", n) }
func (s *stage) Stop(n int) error   { return s.act("stop", n) }

// opened serves the study in a folder of its own and connects to it.
func opened(t testing.TB, st *stage, l limits) (*Server, *Client) {
	t.Helper()
	dir := private(t)
	server, err := serve(dir, "diagnosis", st, st, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	client, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return server, client
}

// private is a folder such as a store's.
func private(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func about() medml.About {
	return medml.About{
		Study: "diagnosis", Metric: "auroc", Direction: medml.Maximize, Folds: 2, Epochs: 3, Seed: 1 << 63,
		Goals:       []medml.Goal{{Metric: "auroc", Direction: medml.Maximize}, {Metric: "weights", Direction: medml.Minimize}},
		Constraints: []string{"sensitivity >= 0.9"},
		Space: medml.Space{
			{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("cnn")}},
			{Name: "learning_rate", Kind: medml.Float, Low: 1e-4, High: 0.1, Log: true},
		},
	}
}

// ended is a complete trial in which every field is set.
func ended(n int) medml.Trial {
	at := time.Date(2026, 3, 14, 9, 26, 53, 123456789, time.UTC).Add(time.Duration(n) * time.Second)
	runs := []medml.Run{
		{Fold: 0, Value: 0.9, Weights: "aa", Measures: []medml.Measure{{Name: "auroc", Value: 0.9}, {Name: "ece", Value: math.NaN()}},
			Epochs: []medml.Epoch{{Step: 1, Loss: 1.0 / 3, ValidLoss: math.Inf(1), Value: math.NaN(), Report: math.Copysign(0, -1)}}},
		{Fold: 1, Value: math.Inf(-1), Weights: "bb"},
	}
	return medml.Trial{
		Number: n, State: medml.Complete, Value: 0.1 + 0.2, Low: math.NaN(), High: math.Inf(1),
		Params:     medml.Params{{Name: "architecture", Value: medml.StringValue("cnn")}, {Name: "learning_rate", Value: medml.FloatValue(1e-3)}, {Name: "depth", Value: medml.IntValue(3)}},
		Objectives: []float64{0.3, 1200}, Constraints: []float64{-0.1}, Runs: runs,
		Repeats: []medml.Repeat{{Seed: 1, Value: math.NaN(), Runs: runs, Weights: "cc", Reason: "no memory"}},
		Weights: "dd", WeightCount: 1200, Reason: "a \x00 \"reason\"", Artifact: "ee", Retries: 1, Crashes: 2,
		Started: at, Ended: at.Add(time.Minute),
	}
}

// equal compares snapshots to the bit; an empty slice is as good as none.
func equal(t testing.TB, got, want medml.Snapshot) {
	t.Helper()
	if d := diff(got, want); d != "" {
		t.Fatalf("the snapshot isn't the study's (-want +got):\n%s", d)
	}
}

func diff(got, want medml.Snapshot) string {
	bits := func(x float64) uint64 {
		if x != x {
			x = math.NaN()
		}
		return math.Float64bits(x)
	}
	return cmp.Diff(want, got, cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b float64) bool { return bits(a) == bits(b) }),
		cmp.Comparer(func(a, b medml.Value) bool { return a == b }),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }))
}

func snapshot(t testing.TB, c *Client) medml.Snapshot {
	t.Helper()
	s, err := c.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("never: %s", what)
		case <-time.After(time.Millisecond):
		}
	}
}

var errBroken = errors.New("the disk is gone")

func documented(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "docs", "live-protocol.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
