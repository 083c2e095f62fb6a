package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"medml"
	"medml/search"
	"medml/store"
)

// durableOptions say what a study without training is like: trials are proposed, report
// one epoch and end, and each start and end is on disk before the next step.
type durableOptions struct {
	sampler string // "random", "tpe"
	params  int    // of the space, half of them whole numbers
	trials  int
	workers int
	now     func() time.Time
}

// durableResult is how fast such a study ran.
type durableResult struct {
	Trials       int
	Seconds      float64
	PerSecond    float64
	Transactions float64 // a trial; each is two syncs
}

// durableTrials runs a study through search and store and an objective that does nothing,
// in a new store in dir.
func durableTrials(ctx context.Context, dir string, o durableOptions) (durableResult, error) {
	s, err := store.Open(dir, store.Options{Command: "medml bench"})
	if err != nil {
		return durableResult{}, err
	}
	defer s.Close()
	about := medml.About{
		Study: "bench", Metric: "value", Direction: medml.Minimize, Sampler: o.sampler, Pruner: "none",
		Space: benchSpace(o.params), Folds: 1, Epochs: 1,
	}
	study, err := search.New(about.Space, search.Config{
		Direction: about.Direction, Sampler: search.SamplerConfig{Name: o.sampler},
		Lookback: 12, Trials: o.trials,
	}, nil)
	if err != nil {
		return durableResult{}, err
	}
	if err := s.Create(store.Study{Name: about.Study, About: about, Created: o.now()}); err != nil {
		return durableResult{}, err
	}
	if err := s.Begin(about.Study, store.Session{Started: o.now(), Workers: o.workers, Budget: o.trials}); err != nil {
		return durableResult{}, err
	}
	rec, err := s.Recorder(about.Study, store.RecorderOptions{})
	if err != nil {
		return durableResult{}, err
	}
	exec := &medml.Executor{
		Study: study, Objective: bowl, Recorder: rec, About: about,
		Workers: o.workers, Budget: o.trials, Now: o.now,
	}
	before, err := s.Transactions()
	if err != nil {
		return durableResult{}, err
	}
	start := o.now()
	end, err := exec.Run(ctx)
	took := o.now().Sub(start).Seconds()
	if err == nil && end.State != medml.StudyComplete {
		err = fmt.Errorf("the study without training was stopped: %s", end.Reason)
	}
	if err != nil {
		return durableResult{}, err
	}
	after, err := s.Transactions()
	n := float64(o.trials)
	return durableResult{Trials: o.trials, Seconds: took, PerSecond: n / took, Transactions: float64(after-before) / n}, err
}

// benchSpace is a space of n numbers, fractions and whole ones in turn.
func benchSpace(n int) medml.Space {
	var space medml.Space
	for i := range n {
		p := medml.Param{Name: fmt.Sprintf("x%d", i), Kind: medml.Float, Low: -5, High: 5}
		if i%2 == 1 {
			p.Kind = medml.Int
		}
		space = append(space, p)
	}
	return space
}

// bowl is the sum of the squares of a trial's parameters. It reports it as an epoch.
func bowl(_ context.Context, t medml.Trial, m medml.Monitor) (medml.Result, error) {
	sum := 0.0
	for _, p := range t.Params {
		sum += p.Value.Float() * p.Value.Float()
	}
	e := medml.Epoch{Step: 1, Loss: math.NaN(), ValidLoss: math.NaN(), Value: sum, Report: sum}
	r := medml.Result{
		Value: sum, Low: math.NaN(), High: math.NaN(),
		Runs: []medml.Run{{Epochs: []medml.Epoch{e}, Value: sum}},
	}
	return r, m.Report(0, e)
}
