package medml_test

import (
	"math"
	"testing"
	"time"

	"medml"
)

func digestOf(t *testing.T, experiment string, trials ...medml.Trial) string {
	t.Helper()
	d, err := medml.Digest([]byte(experiment), trials)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func example() medml.Trial {
	return medml.Trial{
		Number: 3, State: medml.Complete, Value: 0.9, Low: 0.8, High: 1, Weights: "abc",
		Params: medml.Params{{Name: "x", Value: medml.FloatValue(1)}},
		Runs: []medml.Run{{
			Fold: 1, Value: 0.9, Weights: "def", Measures: []medml.Measure{{Name: "auroc", Value: 0.9}},
			Epochs: []medml.Epoch{{Step: 1, Loss: 0.5, ValidLoss: 0.6, Value: 0.7, Report: 0.8}},
		}},
	}
}

func TestADigestKnowsWhatAStudyIs(t *testing.T) {
	base := digestOf(t, "e", example())
	changes := map[string]func(tr *medml.Trial){
		"number":          func(tr *medml.Trial) { tr.Number = 4 },
		"state":           func(tr *medml.Trial) { tr.State = medml.Pruned },
		"value":           func(tr *medml.Trial) { tr.Value = math.Nextafter(tr.Value, 1) },
		"weights":         func(tr *medml.Trial) { tr.Weights = "abd" },
		"parameter":       func(tr *medml.Trial) { tr.Params = medml.Params{{Name: "x", Value: medml.IntValue(1)}} },
		"fold":            func(tr *medml.Trial) { tr.Runs[0].Fold = 2 },
		"fold's value":    func(tr *medml.Trial) { tr.Runs[0].Value = 0.91 },
		"fold's weights":  func(tr *medml.Trial) { tr.Runs[0].Weights = "x" },
		"measure":         func(tr *medml.Trial) { tr.Runs[0].Measures[0].Value = 0.1 },
		"measure's name":  func(tr *medml.Trial) { tr.Runs[0].Measures[0].Name = "f1" },
		"step":            func(tr *medml.Trial) { tr.Runs[0].Epochs[0].Step = 2 },
		"loss":            func(tr *medml.Trial) { tr.Runs[0].Epochs[0].Loss = 1 },
		"validation loss": func(tr *medml.Trial) { tr.Runs[0].Epochs[0].ValidLoss = 1 },
		"epoch's value":   func(tr *medml.Trial) { tr.Runs[0].Epochs[0].Value = 1 },
		"report":          func(tr *medml.Trial) { tr.Runs[0].Epochs[0].Report = 1 },
		"missing run":     func(tr *medml.Trial) { tr.Runs = nil },
	}
	for name, change := range changes {
		tr := example()
		change(&tr)
		if digestOf(t, "e", tr) == base {
			t.Errorf("the digest is blind to another %s", name)
		}
	}
	if digestOf(t, "f", example()) == base || digestOf(t, "e") == base {
		t.Error("the digest is blind to another experiment or number of trials")
	}
}

func TestADigestKnowsNothingOfTimes(t *testing.T) {
	tr := example()
	tr.Started, tr.Ended, tr.Reason = time.Unix(1, 0), time.Unix(2, 0), "because"
	if digestOf(t, "e", tr) != digestOf(t, "e", example()) {
		t.Error("the digest depends on times or reasons")
	}
	a, b := medml.Trial{State: medml.Waiting}, medml.Trial{State: medml.Running, Runs: example().Runs}
	if digestOf(t, "e", a) != digestOf(t, "e", b) {
		t.Error("the digest depends on how far an unfinished trial is")
	}
	nan := example()
	nan.Value = math.Float64frombits(0x7ff8000000000123)
	other := example()
	other.Value = math.NaN()
	if digestOf(t, "e", nan) != digestOf(t, "e", other) {
		t.Error("the digest tells NaNs apart")
	}
}

func TestStreamsAreFixedAndIndependent(t *testing.T) {
	a, b := medml.Stream(7, "weights", 3, 0), medml.Stream(7, "weights", 3, 0)
	seen := map[uint64]string{}
	for range 8 {
		if a.Uint64() != b.Uint64() {
			t.Fatal("a stream is not fixed")
		}
	}
	// The first draw of a stream is part of what makes an old study reproducible.
	if got := medml.Stream(42, "shuffle", 1, 2).Uint64(); got != streamGolden {
		t.Errorf("the stream's first draw is %#x, was %#x: old studies could not be reproduced", got, uint64(streamGolden))
	}
	for _, s := range []struct {
		seed    uint64
		purpose string
		at      []int
	}{{7, "weights", []int{3, 0}}, {8, "weights", []int{3, 0}}, {7, "shuffle", []int{3, 0}}, {7, "weights", []int{0, 3}}, {7, "weights", []int{3}}, {7, "weights", []int{30}}} {
		x := medml.Stream(s.seed, s.purpose, s.at...).Uint64()
		if other, ok := seen[x]; ok {
			t.Errorf("two streams begin alike: %v and %s", s, other)
		}
		seen[x] = s.purpose
	}
}

const streamGolden = 0xf3fdf1847ff27629
