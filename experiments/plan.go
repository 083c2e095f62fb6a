package experiments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"medml"
)

// samplesOfPlan is how many of the first trials a plan shows.
const samplesOfPlan = 5

// Machine is what a plan reckons with.
type Machine struct {
	// Workers is how many trials train at once, and Cores how many threads can run.
	Workers, Cores int
	// Memory is what the running trials may take together; 0 is no limit.
	Memory int64
	// Clock measures the probes.
	Clock func() time.Time
}

// Plan is what a sweep would do, as far as it can be known beforehand.
type Plan struct {
	Study    string `json:"study"`
	Rows     int    `json:"rows"`
	TestRows int    `json:"test_rows"`
	Folds    int    `json:"folds"`
	Epochs   int    `json:"epochs"` // of a fold
	// Sampler and Pruner describe what was chosen; auto says what and why.
	Sampler string `json:"sampler"`
	Pruner  string `json:"pruner"`
	// Space is its extent by architecture.
	Space []Extent `json:"space"`
	// Rungs are where the pruner compares trials, the last being the end of a trial; of
	// Resource.
	Rungs    []int     `json:"rungs,omitempty"`
	Resource string    `json:"resource,omitempty"`
	Shares   []float64 `json:"shares,omitempty"`
	// Smallest and Largest are what the configurations take that take the least and the most.
	Smallest *Footprint `json:"smallest,omitempty"`
	Largest  *Footprint `json:"largest,omitempty"`
	Workers  int        `json:"workers"`
	Memory   int64      `json:"memory,omitempty"`
	// Trials is the most trials there will be, 0 where only time limits them.
	Trials int `json:"trials,omitempty"`
	// Samples are the trials that the study begins with.
	Samples []Sample `json:"samples"`
	// Seconds estimates how long the sweep runs if nothing is pruned; 0 where it can't be
	// told.
	Seconds float64 `json:"seconds,omitempty"`
	// Warnings are what a reader may not expect, a line each.
	Warnings []string `json:"warnings"`
}

// Sample is one of the first trials of a study.
type Sample struct {
	Number int `json:"number"`
	Footprint
	// StepSeconds is how long a batch takes, and Seconds a whole trial, on one worker.
	StepSeconds float64 `json:"step_seconds,omitempty"`
	Seconds     float64 `json:"seconds,omitempty"`
	// Fault is why it can't be trained, if it can't.
	Fault string `json:"fault,omitempty"`
}

// Plan says what a sweep would do. It trains a few batches and writes nothing.
func (j *Job) Plan(ctx context.Context, m Machine) (Plan, error) {
	s := j.spec
	p := Plan{
		Study: s.Name, Rows: j.Rows(), TestRows: j.TestRows(), Folds: len(j.splits.Folds), Epochs: s.Budget.Epochs,
		Sampler: j.about.Sampler, Pruner: j.about.Pruner, Space: extents(j.about.Space),
		Rungs: s.Rungs(), Shares: s.Shares(), Workers: m.Workers, Memory: m.Memory, Trials: s.Budget.Trials,
	}
	if p.Rungs != nil {
		p.Resource = "epoch"
		orDefault(&p.Resource, s.Pruner.Resource)
		if p.Shares != nil {
			p.Resource = "data"
		}
	}
	p.Smallest, p.Largest = j.extremes()
	if points := gridPoints(p.Space); s.Sampler.Name == "grid" && (p.Trials == 0 || points < float64(p.Trials)) {
		p.Trials = int(points)
	}
	if err := j.sample(ctx, m, &p); err != nil {
		return p, err
	}
	p.Seconds = s.estimate(p, m)
	p.Warnings = s.warnings(p, m)
	return p, nil
}

// gridPoints returns how many combinations a finite space has.
func gridPoints(branches []Extent) float64 {
	n := 0.0
	for _, b := range branches {
		n += b.Combinations
	}
	return n
}

// sample asks for the first trials and probes each.
func (j *Job) sample(ctx context.Context, m Machine, p *Plan) error {
	study, err := j.Study(nil)
	if err != nil {
		return err
	}
	p.Samples = []Sample{}
	for range samplesOfPlan {
		t, err := study.Ask()
		if errors.Is(err, medml.ErrWait) || errors.As(err, new(*medml.Done)) {
			return nil // the next depends on results, or there is none
		}
		if err != nil {
			return err
		}
		s, err := j.sampled(ctx, t, m)
		if err != nil {
			return err
		}
		p.Samples = append(p.Samples, s)
	}
	return nil
}

// sampled probes a trial. An error is of the context alone.
func (j *Job) sampled(ctx context.Context, t medml.Trial, m Machine) (Sample, error) {
	s := Sample{Number: t.Number, Footprint: Footprint{Params: t.Params}}
	f, err := j.footprint(t.Params)
	if err != nil {
		s.Fault = err.Error()
		return s, nil
	}
	s.Footprint = f
	if m.Memory > 0 && s.Bytes > m.Memory {
		s.Fault = fmt.Sprintf("needs %s of memory, more than the %s there may be", bytesText(s.Bytes), bytesText(m.Memory))
		return s, nil
	}
	step, whole, err := j.trialTime(ctx, t, m.Clock)
	if ctx.Err() != nil {
		return s, context.Cause(ctx)
	}
	if err != nil {
		s.Fault = err.Error()
		return s, nil
	}
	s.StepSeconds, s.Seconds = step.Seconds(), whole.Seconds()
	return s, nil
}

// estimate returns how many seconds the sweep takes if nothing is pruned, 0 where that can't
// be told: by the mean of the samples, for as many trials at once as the workers, the
// cores, the lookback and the memory let run.
func (s *Spec) estimate(p Plan, m Machine) float64 {
	limit := time.Duration(s.Budget.Time).Seconds()
	trial, bytes, n := 0.0, 0.0, 0.0
	for _, x := range p.Samples {
		if x.Fault == "" {
			trial, bytes, n = trial+x.Seconds, bytes+float64(x.Bytes), n+1
		}
	}
	if n == 0 || p.Trials == 0 {
		return limit
	}
	trial, bytes = trial/n, bytes/n
	if most := time.Duration(s.Budget.TrialTime).Seconds(); most > 0 {
		trial = min(trial, most)
	}
	atOnce := float64(p.Workers)
	if m.Cores > 0 {
		atOnce = min(atOnce, max(1, float64(m.Cores)/float64(s.Resources.ThreadsPerTrial)))
	}
	if k := s.Reproducibility.Lookback; k > 0 {
		atOnce = min(atOnce, float64(k))
	}
	if p.Memory > 0 && bytes > 0 {
		atOnce = min(atOnce, max(1, float64(p.Memory)/bytes))
	}
	total := trial * float64(p.Trials) / min(atOnce, float64(p.Trials))
	if limit > 0 {
		total = min(total, limit)
	}
	if again := float64(min(int(s.Repeats.Promote), p.Trials) * max(0, s.Repeats.Count-1)); again > 0 {
		total += trial * again / min(atOnce, again)
	}
	return total
}

// warnings are what a reader of the experiment may not expect.
func (s *Spec) warnings(p Plan, m Machine) []string {
	out := []string{}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if p.TestRows == 0 {
		add("no test part is locked away: nothing will tell how the best model does on patients that chose nothing")
	}
	if k := s.Reproducibility.Lookback; k > 0 && p.Workers > k {
		add("a lookback of %d keeps %d of the %d workers busy", k, k, p.Workers)
	}
	if busy := p.Workers * s.Resources.ThreadsPerTrial; m.Cores > 0 && busy > m.Cores {
		add("%d threads are more than there are cores, which are %d", busy, m.Cores)
	}
	if s.Sampler.Name == "tpe" && p.Trials > 0 && p.Trials <= s.Sampler.StartupTrials {
		add("tpe draws its first %d trials at random, and there are no more than %d", s.Sampler.StartupTrials, p.Trials)
	}
	if points := gridPoints(p.Space); s.Sampler.Name == "grid" && s.Budget.Trials > 0 && points > float64(s.Budget.Trials) {
		add("the grid has %s points, and the budget ends after %d", show(points), s.Budget.Trials)
	}
	if n := len(s.Initial); p.Trials > 0 && n > p.Trials {
		add("%d initial trials are given, and the budget ends after %d", n, p.Trials)
	}
	if p.Largest != nil && p.Memory > 0 {
		switch room := p.Memory / max(1, p.Largest.Bytes); {
		case room == 0:
			add("the largest configuration needs %s of memory, more than the %s there may be: such trials fail", bytesText(p.Largest.Bytes), bytesText(p.Memory))
		case room < int64(p.Workers):
			add("memory lets %d of the %d workers train the largest configuration at once", room, p.Workers)
		}
	}
	if limit := time.Duration(s.Budget.Time).Seconds(); limit > 0 && p.Seconds >= limit && p.Trials > 0 {
		add("the time budget may end the study before its %d trials are done", p.Trials)
	}
	if !s.Reproducibility.Deterministic {
		add("the study isn't deterministic: another run may propose other trials")
	}
	return out
}

// bytesText writes an amount of memory for people.
func bytesText(n int64) string {
	switch {
	case n < 1<<20:
		return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}
