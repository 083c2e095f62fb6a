package tui

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"medml"
)

var nan = math.NaN()

// taken is when the fixtures' snapshots were taken.
var taken = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// diagnosis returns what a study like experiments/diagnosis.yaml is about.
func diagnosis() medml.About {
	branch := func(arch, name string, low, high float64) medml.Param {
		return medml.Param{
			Name: "architecture." + arch + "." + name, Kind: medml.Int, Low: low, High: high,
			When: &medml.Condition{Param: "architecture", Equals: medml.StringValue(arch)},
		}
	}
	return medml.About{
		Study: "diagnosis", Description: "malignant or benign, from cell measurements of a fine-needle aspirate",
		Metric: "auroc", Direction: medml.Maximize, Sampler: "tpe", Pruner: "asha", Seed: 42, Folds: 5, Epochs: 30,
		Space: medml.Space{
			{Name: "architecture", Kind: medml.Categorical, Choices: []medml.Value{
				medml.StringValue("cnn"), medml.StringValue("lstm"), medml.StringValue("autoencoder")}},
			branch("cnn", "filters", 8, 64), branch("cnn", "kernel", 3, 5), branch("cnn", "depth", 1, 3),
			branch("lstm", "hidden", 8, 96), branch("lstm", "layers", 1, 2),
			branch("autoencoder", "latent", 2, 16), branch("autoencoder", "hidden", 16, 128),
			{Name: "learning_rate", Kind: medml.Float, Low: 1e-4, High: 3e-2, Log: true},
			{Name: "batch_size", Kind: medml.Categorical, Choices: []medml.Value{medml.IntValue(16), medml.IntValue(32), medml.IntValue(64)}},
			{Name: "dropout", Kind: medml.Float, High: 0.5},
			{Name: "weight_decay", Kind: medml.Float, Low: 1e-6, High: 1e-2, Log: true},
			{Name: "class_weight", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("balanced")}},
		},
		References: []medml.Reference{
			{Name: "logistic regression", Metric: "auroc", Value: 0.9947, SD: 0.0056, Source: "5 folds, same split"},
			{Name: "RBF SVM", Metric: "auroc", Value: 0.9951, SD: 0.0048},
			{Name: "logistic regression", Metric: "auprc", Value: 0.9933},
		},
	}
}

// study returns a snapshot of a diagnosis study in which ended of 60 trials have ended
// and two run, or none when all have.
func study(ended int) medml.Snapshot {
	s := medml.Snapshot{
		About: diagnosis(), State: medml.StudyRunning, Budget: 60, Workers: 2,
		Elapsed: time.Duration(ended)*1900*time.Millisecond + 700*time.Millisecond, Taken: taken,
	}
	for n := range min(60, ended+2) {
		t := trial(s.About, n)
		switch {
		case n >= ended:
			t = unfinished(t, n-ended)
		case n%13 == 5:
			t.State, t.Reason = medml.Pruned, "below the best third at epoch 3"
			t.Runs = t.Runs[:1]
			t.Runs[0].Epochs, t.Runs[0].Measures = t.Runs[0].Epochs[:3], nil
			t.Low, t.High, t.Weights = nan, nan, ""
			t.Value = t.Runs[0].Epochs[2].Report
		case n == 9:
			t.State, t.Value, t.Low, t.High, t.Weights = medml.Failed, nan, nan, nan, ""
			t.Reason, t.Runs = "panic: conv1d: kernel 5 is longer than the signal (3)", nil
		}
		s.Trials = append(s.Trials, t)
	}
	if ended >= 60 {
		s.State, s.Reason, s.Workers = medml.StudyComplete, "60 trials done", 0
	}
	return s
}

// trial returns a complete trial, all of it drawn from its number.
func trial(about medml.About, n int) medml.Trial {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	arch := []string{"cnn", "lstm", "autoencoder"}[r.IntN(3)]
	t := medml.Trial{Number: n, State: medml.Complete, WeightCount: 900 + r.IntN(60000)}
	for _, p := range about.Space {
		if !about.Space.Active(p, t.Params) {
			continue
		}
		v := medml.FloatValue(p.Low + (p.High-p.Low)*r.Float64()*r.Float64())
		switch {
		case p.Name == "architecture":
			v = medml.StringValue(arch)
		case p.Kind == medml.Categorical:
			v = p.Choices[r.IntN(len(p.Choices))]
		case p.Kind == medml.Int:
			v = medml.IntValue(int(p.Low) + r.IntN(int(p.High-p.Low)+1))
		}
		t.Params = append(t.Params, medml.Setting{Name: p.Name, Value: v})
	}
	goal := 0.9958 - 0.06*r.Float64()*r.Float64()/(1+float64(n)/8)
	sum := 0.0
	for fold := range about.Folds {
		run := medml.Run{Fold: fold, Weights: fmt.Sprintf("%064x", r.Uint64())}
		top := goal + 0.004*(r.Float64()-0.5)
		for e := range 12 + r.IntN(about.Epochs-11) {
			rise := 1 - 1/(1+0.2*float64(e)*float64(e+1))
			v := min(1, 0.80+(top-0.80)*rise+0.002*(r.Float64()-0.5))
			run.Epochs = append(run.Epochs, medml.Epoch{
				Step: fold*about.Epochs + e + 1, Loss: 0.7 - 0.62*rise, ValidLoss: 0.72 - 0.55*rise + 0.002*float64(e),
				Value: v, Report: (sum + v) / float64(fold+1),
			})
		}
		run.Value = run.Epochs[len(run.Epochs)-1].Value
		run.Measures = []medml.Measure{{Name: "auroc", Value: run.Value}, {Name: "auprc", Value: run.Value - 0.003}, {Name: "brier", Value: 1.02 - run.Value}}
		sum += run.Value
		t.Runs = append(t.Runs, run)
	}
	t.Value = sum / float64(about.Folds)
	t.Low, t.High = t.Value-0.0032, min(1, t.Value+0.0024)
	t.Weights = fmt.Sprintf("%016x%016x%016x%016x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
	t.Started = taken.Add(-time.Duration(200-n) * time.Second)
	t.Ended = t.Started.Add(time.Duration(2500+r.IntN(2500)) * time.Millisecond)
	return t
}

// unfinished cuts a trial off as the worker-th of those that run.
func unfinished(t medml.Trial, worker int) medml.Trial {
	t.State, t.Value, t.Low, t.High, t.Weights = medml.Running, nan, nan, nan, ""
	t.Started, t.Ended = taken.Add(-2300*time.Millisecond), time.Time{}
	t.Runs = t.Runs[:3-worker]
	last := &t.Runs[len(t.Runs)-1]
	last.Epochs, last.Value, last.Measures, last.Weights = last.Epochs[:8], nan, nil, ""
	return t
}

// aiming is a study with two objectives and a constraint, of which some trials were
// trained from several seeds.
func aiming(ended int) medml.Snapshot {
	s := study(ended)
	s.Goals = []medml.Goal{{Metric: "auroc", Direction: medml.Maximize}, {Metric: "weights", Direction: medml.Minimize}}
	s.Constraints = []string{"sensitivity >= 0.92", "weights <= 50000"}
	for i := range s.Trials {
		t := &s.Trials[i]
		if t.State != medml.Complete {
			continue
		}
		t.Objectives = []float64{t.Value, float64(t.WeightCount)}
		t.Constraints = []float64{0.01 - float64(i%7)/100, float64(t.WeightCount) - 50000}
	}
	return s
}

// repeated is a finished study whose three best trials were trained from three seeds.
func repeated() medml.Snapshot {
	s := study(60)
	leaders := s.Ranked()[:3]
	s.Leaders = len(leaders)
	for rank, t := range leaders {
		for seed := 1; seed < 3; seed++ {
			rep := medml.Repeat{Seed: seed, Value: t.Value - 0.0011*float64(seed)*float64(3-rank), Runs: t.Runs, Weights: t.Weights}
			t.Repeats = append(t.Repeats, rep)
		}
		if rank == 2 {
			t.Repeats[1] = medml.Repeat{Seed: 2, Value: nan, Reason: "out of memory: needs 3.1 GiB, the sweep may use 2.0 GiB"}
		}
		t.Retries, t.Crashes = 1, 2
		s.Trials[t.Number] = t
	}
	return s
}

// paused is a study that is held up, or in which one trial is.
func paused(whole bool) medml.Snapshot {
	s := study(23)
	if whole {
		s.State = medml.StudyPaused
	}
	s.Trials[23].Paused = true
	return s
}

func secs(n int) time.Duration { return time.Duration(n) * time.Second }
