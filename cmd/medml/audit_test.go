package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"medml"
	"medml/metric"
)

// prunedTrial is a trial that was stopped after so many epochs of its first fold.
func prunedTrial(n, epochs int) medml.Trial {
	run := medml.Run{Value: math.NaN()}
	for i := range epochs {
		run.Epochs = append(run.Epochs, medml.Epoch{Step: i + 1, Report: 0.5})
	}
	return medml.Trial{Number: n, State: medml.Pruned, Reason: fmt.Sprint("pruned after epoch ", len(run.Epochs)), Value: 0.5, Runs: []medml.Run{run}}
}

// auditedStudy has twenty complete trials with the values 0.01 to 0.20, and ten pruned ones
// after three of their ten epochs.
func auditedStudy(d medml.Direction) medml.Snapshot {
	s := medml.Snapshot{About: medml.About{Study: "s", Metric: "m", Direction: d, Seed: 7, Folds: 2, Epochs: 5}}
	for i := range 20 {
		t := medml.Trial{Number: i, State: medml.Complete, Value: float64(i+1) / 100, Weights: "w"}
		t.Runs = prunedTrial(i, 10).Runs
		s.Trials = append(s.Trials, t)
	}
	for i := range 10 {
		s.Trials = append(s.Trials, prunedTrial(20+i, 3))
	}
	diverged := prunedTrial(30, 4)
	diverged.Reason = "diverged: the loss is NaN in epoch 5 of fold 1"
	s.Trials = append(s.Trials, diverged)
	return s
}

func TestTheVerdictOnPruning(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		direction medml.Direction
		values    []float64
		reasons   []string
		best, top int
		regret    float64
		ranks     []int
	}{
		"nothing audited":          {medml.Maximize, nil, nil, 0, 0, 0, nil},
		"nothing lost":             {medml.Maximize, []float64{0.1, 0.005}, nil, 0, 0, 0, []int{12, 21}},
		"an equal is no better":    {medml.Maximize, []float64{0.2}, nil, 0, 1, 0, []int{2}},
		"the best and a good one":  {medml.Maximize, []float64{0.25, 0.195, 0.185, 0.175}, nil, 1, 3, 0.05, []int{1, 2, 3, 4}},
		"the lowest":               {medml.Minimize, []float64{0.005, 0.2}, nil, 1, 1, 0.005, []int{1, 21}},
		"without a value":          {medml.Maximize, []float64{nan, 0.3}, []string{"diverged", ""}, 1, 1, 0.1, []int{0, 1}},
		"not meeting a constraint": {medml.Maximize, []float64{0.9}, []string{infeasible}, 0, 0, 0, []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			s := auditedStudy(c.direction)
			audits := map[int]medml.Repeat{}
			for i, v := range c.values {
				audits[20+i] = medml.Repeat{Value: v}
				if c.reasons != nil {
					audits[20+i] = medml.Repeat{Value: v, Reason: c.reasons[i]}
				}
			}
			v := judgePruning(s, audits)
			if v.BeatBest.Count != c.best || v.TopTenth.Count != c.top || math.Abs(float64(v.Regret)-c.regret) > 1e-12 {
				t.Errorf("%+v", v)
			}
			if v.Pruned != 10 || v.Audited != len(c.values) || v.Saved != 70 || float64(v.SavedShare) != 70./(200+100+4) {
				t.Errorf("%d pruned, %d audited, %d epochs saved, %v", v.Pruned, v.Audited, v.Saved, v.SavedShare)
			}
			if low, high := metric.Wilson(c.best, len(c.values)); low == low && (float64(v.BeatBest.Low) != low || float64(v.BeatBest.High) != high) {
				t.Errorf("interval %v", v.BeatBest)
			}
			var ranks []int
			for _, a := range v.Trials {
				ranks = append(ranks, a.Rank)
			}
			if !slices.Equal(ranks, c.ranks) {
				t.Errorf("ranks %v, expected %v", ranks, c.ranks)
			}
		})
	}
}

// A larger share holds every smaller one, whatever the order of the trials, and over many
// seeds each pruned trial is as likely to be among the first.
func TestAuditedTrialsAreDrawnBySeed(t *testing.T) {
	s, first := auditedStudy(medml.Maximize), map[int]int{}
	for seed := range 1000 {
		s.Seed = uint64(seed)
		var before []medml.Trial
		for _, share := range []float64{0.01, 0.2, 0.55, 1} {
			now := auditOptions{share: share}.chosen(s)
			if len(now) != int(math.Ceil(share*10)) {
				t.Fatalf("a share of %v of 10 is %d", share, len(now))
			}
			for i, trial := range before {
				if now[i].Number != trial.Number {
					t.Fatalf("share %v doesn't begin with %d", share, trial.Number)
				}
			}
			before = now
		}
		first[before[0].Number]++
	}
	for n := 20; n < 30; n++ {
		if math.Abs(float64(first[n])-100) > 4*math.Sqrt(90) {
			t.Errorf("trial %d is drawn first by %d of 1000 seeds", n, first[n])
		}
	}
	if n := len(auditOptions{share: 0.1, trials: 7}.chosen(s)); n != 7 {
		t.Errorf("7 trials are %d", n)
	}
}

func TestAnAuditTrainsToTheEnd(t *testing.T) {
	trial := prunedTrial(3, 2)
	trial.Reason = "pruned"
	ctx, cancel := context.WithCancel(t.Context())
	train := func(_ context.Context, t medml.Trial, m medml.Monitor) (medml.Result, error) {
		if len(t.Runs) > 0 || t.Number != 3 || t.Seed != 0 {
			return medml.Result{}, errors.New("not the trial as it began")
		}
		if err := m.Report(0, medml.Epoch{Step: 1}); err != nil {
			return medml.Result{}, err
		}
		return medml.Result{Value: 2, Weights: "w"}, nil
	}
	if rep, ended := trainToTheEnd(ctx, train, trial); !ended || rep.Value != 2 || rep.Weights != "w" || rep.Reason != "" {
		t.Errorf("%+v, %v", rep, ended)
	}
	broken := func(context.Context, medml.Trial, medml.Monitor) (medml.Result, error) { panic("broken") }
	if rep, ended := trainToTheEnd(ctx, broken, trial); !ended || rep.Reason != "panic: broken" || rep.Value == rep.Value {
		t.Errorf("%+v, %v", rep, ended)
	}
	far := func(context.Context, medml.Trial, medml.Monitor) (medml.Result, error) {
		return medml.Result{Value: 9, Constraints: []float64{1}}, nil
	}
	if rep, _ := trainToTheEnd(ctx, far, trial); rep.Reason != infeasible {
		t.Errorf("%+v", rep)
	}
	cancel()
	if rep, ended := trainToTheEnd(ctx, train, trial); ended {
		t.Errorf("interrupted, and yet %+v", rep)
	}
}
