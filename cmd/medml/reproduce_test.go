package main

import (
	"math"
	"strings"
	"testing"

	"medml"
	"medml/store"
)

// fold is a run of that many epochs of ten a fold, with weights if it came to its end.
func fold(number, epochs int, weights string) medml.Run {
	r := medml.Run{Fold: number, Value: math.NaN(), Weights: weights}
	for i := range epochs {
		r.Epochs = append(r.Epochs, medml.Epoch{Step: 10*number + i + 1, Loss: 1 / float64(i+1)})
	}
	return r
}

func TestOnlyATrialStoppedAfterAnEpochIsStoppedThereAgain(t *testing.T) {
	for name, c := range map[string]struct {
		trial medml.Trial
		want  bool
	}{
		"complete":                      {medml.Trial{State: medml.Complete, Runs: []medml.Run{fold(0, 10, "w")}}, false},
		"pruned in the second fold":     {medml.Trial{State: medml.Pruned, Reason: "pruned after epoch 13", Runs: []medml.Run{fold(0, 10, "w"), fold(1, 3, "")}}, true},
		"pruned in a fold's last":       {medml.Trial{State: medml.Pruned, Reason: "pruned after epoch 10", Runs: []medml.Run{fold(0, 10, "")}}, true},
		"pruned at a share of the data": {medml.Trial{State: medml.Pruned, Reason: "pruned after epoch 2", Runs: []medml.Run{fold(0, 2, "w"), fold(1, 0, "w")}}, true},
		"stopped by hand":               {medml.Trial{State: medml.Pruned, Reason: "stopped by hand", Runs: []medml.Run{fold(0, 2, "")}}, true},
		"stopped before an epoch":       {medml.Trial{State: medml.Pruned, Reason: "stopped by hand"}, false},
		"diverged at a fold's start":    {medml.Trial{State: medml.Pruned, Runs: []medml.Run{fold(0, 10, "w"), fold(1, 0, "")}}, false},
		"diverged at once":              {medml.Trial{State: medml.Pruned, Runs: []medml.Run{fold(0, 0, "")}}, false},
		"without a value at the end":    {medml.Trial{State: medml.Pruned, Runs: []medml.Run{fold(0, 10, "w")}}, false},
		"failed before it had started":  {medml.Trial{State: medml.Failed}, false},
	} {
		if got := cutShort(c.trial); got != c.want {
			t.Errorf("%s: cut short: %t, want %t", name, got, c.want)
		}
	}
}

func TestAComparisonSaysWhereTheTrainingsPart(t *testing.T) {
	recorded := medml.Trial{State: medml.Complete, Value: 0.9, Weights: "all", Runs: []medml.Run{fold(0, 10, "a"), fold(1, 10, "b")}}
	for name, c := range map[string]struct {
		change           func(*medml.Trial)
		weights, metrics bool
		parting          string
	}{
		"identical":              {func(*medml.Trial) {}, true, true, ""},
		"a loss":                 {func(t *medml.Trial) { t.Runs[1].Epochs[2].Loss = 7 }, true, false, "fold 2, epoch 3: loss was 0.333"},
		"the weights of a fold":  {func(t *medml.Trial) { t.Runs[1].Weights = "c" }, false, true, "fold 2, at its end"},
		"a fold more":            {func(t *medml.Trial) { t.Runs = append(t.Runs, fold(2, 0, "")) }, false, false, "fold 3, which only one"},
		"the value of the whole": {func(t *medml.Trial) { t.Value = 0.8 }, true, false, "the value of all folds"},
		"no value, no weights of the whole": {func(t *medml.Trial) {
			t.State, t.Value, t.Weights = medml.Pruned, math.NaN(), "all"
		}, true, true, ""},
	} {
		now := recorded
		now.Runs = []medml.Run{fold(0, 10, "a"), fold(1, 10, "b")}
		c.change(&now)
		was := recorded
		if now.State == medml.Pruned {
			was.State, was.Value, was.Weights = medml.Pruned, math.NaN(), ""
		}
		got := comparison{weights: true, metrics: true, epochs: 10}
		for _, r := range now.Runs {
			for _, ep := range r.Epochs {
				got.epoch(was, r.Fold, ep)
			}
		}
		got.result(was, medml.Result{Value: now.Value, Weights: now.Weights, Runs: now.Runs})
		if got.weights != c.weights || got.metrics != c.metrics || !strings.HasPrefix(got.parting, c.parting) || c.parting == "" && got.parting != "" {
			t.Errorf("%s: got %+v, want weights %t, metrics %t, parting at %q", name, got, c.weights, c.metrics, c.parting)
		}
	}
}

func TestWhatDiffersInTheEnvironmentIsListed(t *testing.T) {
	was := store.Environment{Go: "go1.25", OS: "linux", Arch: "amd64", Path: "avx2", Data: "sha256:1"}
	is := was
	if got := environmentDiff(was, is); got != "  nothing differs in the environment that was recorded\n" {
		t.Errorf("nothing changed: %s", got)
	}
	is.Go, is.Path = "go1.26", "generic"
	if got := environmentDiff(was, is); got != "  go was go1.25, is go1.26\n  kernels was avx2, is generic\n" {
		t.Errorf("got %s", got)
	}
}
