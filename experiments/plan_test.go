package experiments

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"medml"
)

// planned is a small experiment of two architectures.
const planned = `version: 1
name: planned
task: classification
data: {source: "builtin:wdbc", shape: [10, 3], split: {folds: 3, seed: 11}}
objective: {metric: auroc}
space:
  architecture:
    type: choice
    of:
      cnn: {filters: {type: int, low: 2, high: 4}, depth: 1}
      autoencoder: {hidden: {type: int, low: 4, high: 8}}
  learning_rate: {type: float, low: 1e-3, high: 3e-2, log: true}
sampler: {name: tpe, seed: 1, startup_trials: 4}
budget: {trials: 14, epochs: 2}
`

// ticking is a clock that goes on a millisecond with each look.
func ticking() func() time.Time {
	now := time.Unix(0, 0)
	return func() time.Time {
		now = now.Add(time.Millisecond)
		return now
	}
}

// job builds the planned experiment.
func job(t *testing.T, overrides ...string) *Job {
	t.Helper()
	s, err := Parse("planned.yaml", []byte(planned), overrides)
	if err != nil {
		t.Fatal(err)
	}
	j, err := s.Build()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func planOf(t *testing.T, m Machine, overrides ...string) Plan {
	t.Helper()
	j := job(t, overrides...)
	m.Clock = ticking()
	p, err := j.Plan(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPlanShowsTheTrialsThatTheStudyBeginsWith(t *testing.T) {
	p := planOf(t, Machine{Workers: 2, Cores: 2})
	j := job(t)
	study, err := j.Study(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Samples) != 5 {
		t.Fatalf("%d samples", len(p.Samples))
	}
	for i, x := range p.Samples {
		trial, err := study.Ask()
		if err != nil {
			t.Fatal(err)
		}
		if x.Number != i || !slices.Equal(x.Params, trial.Params) {
			t.Errorf("sample %d is %v, the study begins with %v", i, x.Params, trial.Params)
		}
		if x.Fault != "" || !(x.Seconds > 0) || !(x.StepSeconds > 0) {
			t.Errorf("sample %d takes %v, %v a step: %s", i, x.Seconds, x.StepSeconds, x.Fault)
		}
	}
	if !(p.Seconds > 0) || len(p.Warnings) != 0 {
		t.Errorf("%v seconds, %q", p.Seconds, p.Warnings)
	}
	if b, err := json.Marshal(p); err != nil {
		t.Errorf("%s, %v", b, err)
	}
}

func TestAPlanIsShorterThanItsLookbackLets(t *testing.T) {
	if p := planOf(t, Machine{Workers: 1}, "reproducibility.lookback=2"); len(p.Samples) != 2 {
		t.Errorf("%d samples although the third depends on the first", len(p.Samples))
	}
	if p := planOf(t, Machine{Workers: 1}, "budget.trials=3"); len(p.Samples) != 3 {
		t.Errorf("%d samples of 3 trials", len(p.Samples))
	}
}

func TestTheEstimateIsTheWorkDividedByWhatRunsAtOnce(t *testing.T) {
	s, err := Parse("planned.yaml", []byte(planned), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := Plan{Trials: 14, Workers: 4}
	for _, x := range []Sample{{Seconds: 1}, {Seconds: 3}, {Seconds: 100, Fault: "fails"}} {
		x.Bytes = 100
		p.Samples = append(p.Samples, x)
	}
	for _, test := range []struct {
		name string
		set  func(*Spec, *Plan, *Machine)
		want float64
	}{
		{"four workers", func(*Spec, *Plan, *Machine) {}, 7},
		{"two cores", func(_ *Spec, _ *Plan, m *Machine) { m.Cores = 2 }, 14},
		{"two threads on four cores", func(s *Spec, _ *Plan, m *Machine) { m.Cores, s.Resources.ThreadsPerTrial = 4, 2 }, 14},
		{"a lookback of one", func(s *Spec, _ *Plan, _ *Machine) { s.Reproducibility.Lookback = 1 }, 28},
		{"memory for one and a half", func(_ *Spec, p *Plan, _ *Machine) { p.Memory = 150 }, 28.0 / 1.5},
		{"memory for none", func(_ *Spec, p *Plan, _ *Machine) { p.Memory = 10 }, 28},
		{"a time budget", func(s *Spec, _ *Plan, _ *Machine) { s.Budget.Time = Duration(5 * time.Second) }, 5},
		{"short trials", func(s *Spec, _ *Plan, _ *Machine) { s.Budget.TrialTime = Duration(time.Second) }, 3.5},
		{"repeats", func(s *Spec, _ *Plan, _ *Machine) { s.Repeats = Repeats{Count: 3, Promote: 2} }, 7 + 2},
		{"no limit", func(_ *Spec, p *Plan, _ *Machine) { p.Trials = 0 }, 0},
		{"more workers than trials", func(_ *Spec, p *Plan, _ *Machine) { p.Trials = 2 }, 2},
	} {
		spec, plan, m := *s, p, Machine{}
		test.set(&spec, &plan, &m)
		if got := spec.estimate(plan, m); got != test.want {
			t.Errorf("%s: %v seconds, want %v", test.name, got, test.want)
		}
	}
}

func TestAPlanWarnsOfWhatAReaderMayNotExpect(t *testing.T) {
	for _, test := range []struct {
		overrides []string
		machine   Machine
		want      string
	}{
		{[]string{"data.split.test=0"}, Machine{Workers: 1}, "no test part is locked away"},
		{nil, Machine{Workers: 20}, "a lookback of 12 keeps 12 of the 20 workers busy"},
		{[]string{"resources.threads_per_trial=2"}, Machine{Workers: 2, Cores: 2}, "4 threads are more than there are cores"},
		{[]string{"budget.trials=4"}, Machine{Workers: 1}, "tpe draws its first 4 trials at random, and there are no more than 4"},
		{[]string{"reproducibility.deterministic=false"}, Machine{Workers: 1}, "isn't deterministic"},
		{[]string{"initial=[{}, {}, {}]", "budget.trials=2"}, Machine{Workers: 1}, "3 initial trials are given"},
		{[]string{"budget.time=1ms"}, Machine{Workers: 1}, "the time budget may end the study"},
		{[]string{"sampler.name=grid", "space.learning_rate=0.01", "budget.trials=7"}, Machine{Workers: 1}, "the grid has 8 points, and the budget ends after 7"},
	} {
		p := planOf(t, test.machine, test.overrides...)
		if !strings.Contains(strings.Join(p.Warnings, "\n"), test.want) {
			t.Errorf("%v: %q, want %q", test.overrides, p.Warnings, test.want)
		}
	}
}

func TestAGridEndsWithItsPoints(t *testing.T) {
	p := planOf(t, Machine{Workers: 1}, "sampler.name=grid", "space.learning_rate=0.01", "budget={epochs: 1}")
	if p.Trials != 8 || !strings.Contains(p.Sampler, "8 combinations") {
		t.Errorf("%d trials by %s", p.Trials, p.Sampler)
	}
}

func TestRungsRiseToTheEndOfATrial(t *testing.T) {
	for _, test := range []struct {
		override string
		rungs    []int
		shares   []float64
	}{
		{"pruner={name: none}", nil, nil},
		{"pruner={name: median, min: 3}", nil, nil},
		{"pruner={name: asha}", []int{1, 3, 6}, nil},
		{"pruner={name: asha, min: 2, reduction_factor: 2}", []int{2, 4, 6}, nil},
		{"pruner={name: asha, min: 1, max: 3}", []int{1, 3}, nil},
		{"pruner={name: asha, resource: data}", []int{1, 3, 9}, []float64{1.0 / 9, 1.0 / 3, 1}},
		{"pruner={name: asha, resource: data, min: 1, max: 4, reduction_factor: 2}", []int{1, 2, 4}, []float64{0.25, 0.5, 1}},
	} {
		s, err := Parse("planned.yaml", []byte(planned), []string{test.override})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.Rungs(), test.rungs) || !slices.Equal(s.Shares(), test.shares) {
			t.Errorf("%s: rungs %v, shares %v", test.override, s.Rungs(), s.Shares())
		}
	}
}

func TestAnExecutorIsToldWhatTheFileSays(t *testing.T) {
	s, err := fixed().parse("orchestration.yaml", read(t, "testdata/good/orchestration.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var e medml.Executor
	s.Configure(&e, 100<<30)
	switch {
	case e.Budget != 60, e.Time != 10*time.Minute, e.TrialTime != 2*time.Minute, e.Drain != medml.DrainFinish,
		e.Retry.Max != 2, len(e.Retry.On) != 3, e.Repeats != 3, e.Leaders != 5, e.Memory != 8<<30, e.CheckpointEvery != 90*time.Second:
		t.Errorf("%+v", &e)
	}
	var plain medml.Executor
	with(t).Configure(&plain, 100)
	if plain.Memory != 80 || plain.Retry.Max != 0 || plain.Repeats != 0 || plain.Drain != medml.DrainCheckpoint {
		t.Errorf("by default: %+v", &plain)
	}
}
