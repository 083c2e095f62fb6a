package experiments

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"medml"
	"medml/dataset"
	"medml/search"
)

// Version is the version of the experiment file that this package reads.
const Version = 1

// Spec is an experiment, typed. [Load], [Parse] and [FromResolved] return it whole and
// valid: every default is filled in, so that a Spec says everything about its study.
type Spec struct {
	// Version is the version of the file's form, always 1.
	Version int `yaml:"version" json:"version"`
	// Name names the study: letters, digits, '.', '_' and '-', 64 at most. The default is
	// the file's name without its ending.
	Name        string `yaml:"name" json:"name"`
	Description string `yaml:"description" json:"description,omitempty"`
	// Task is classification or regression.
	Task      dataset.Task   `yaml:"task" json:"task"`
	Data      dataset.Config `yaml:"data" json:"data"`
	Objective Objective      `yaml:"objective" json:"objective"`
	// Metrics are recorded beside the objective's.
	Metrics []string `yaml:"metrics" json:"metrics,omitempty"`
	// Hyperparameters is the search space, with the hyperparameters that the file leaves
	// out as constants after those it names.
	Hyperparameters Definitions          `yaml:"space" json:"space"`
	Sampler         search.SamplerConfig `yaml:"sampler" json:"sampler"`
	Pruner          search.PrunerConfig  `yaml:"pruner" json:"pruner"`
	Budget          Budget               `yaml:"budget" json:"budget"`
	Resources       Resources            `yaml:"resources" json:"resources"`
	Reproducibility Reproducibility      `yaml:"reproducibility" json:"reproducibility"`

	// File is the file's name as the caller gave it, and Dir its folder, to which relative
	// paths in the experiment are relative.
	File string `yaml:"-" json:"-"`
	Dir  string `yaml:"-" json:"-"`

	root      *node    // what was written, for places
	lines     []string // the file's lines
	overrides []string
}

// Objective is what the search improves.
type Objective struct {
	// Metric is the metric of a trial's validation predictions.
	Metric string `yaml:"metric" json:"metric"`
	// Direction is implied by the metric; a file may say it, but not the opposite.
	Direction medml.Direction `yaml:"direction" json:"direction"`
	// Aggregate makes one value of those of the folds: mean (the default), median, min
	// (the worst fold), or mean-std (the mean, worsened by a standard deviation).
	Aggregate string `yaml:"aggregate" json:"aggregate"`
	// Goal, if given, ends the sweep once a trial has reached this value.
	Goal *float64 `yaml:"goal" json:"goal,omitempty"`
}

// Budget says when a sweep ends, whichever limit comes first, and a trial.
type Budget struct {
	// Trials is the most trials; 0 is no limit. Where neither Trials nor Time is given
	// the limit is 100 trials, except for a grid, which ends by itself.
	Trials int `yaml:"trials" json:"trials,omitempty"`
	// Time is the longest the sweep runs; 0 is no limit.
	Time Duration `yaml:"time" json:"time,omitempty"`
	// TrialTime is the longest a trial trains; 0 is no limit.
	TrialTime Duration `yaml:"trial_time" json:"trial_time,omitempty"`
	// Epochs is how many epochs a trial trains on each fold; 30 by default.
	Epochs int `yaml:"epochs" json:"epochs"`
	// Patience ends the sweep when nothing better comes.
	Patience Patience `yaml:"patience" json:"patience,omitzero"`
}

// Patience ends a sweep when Trials trials in a row haven't improved the best value by
// more than MinDelta. Zero Trials never do.
type Patience struct {
	Trials   int     `yaml:"trials" json:"trials"`
	MinDelta float64 `yaml:"min_delta" json:"min_delta,omitempty"`
}

// Resources says what of the machine a sweep uses. It changes no result.
type Resources struct {
	// Workers is how many trials train at once; auto, the default, keeps all
	// cores busy.
	Workers Workers `yaml:"workers" json:"workers"`
	// ThreadsPerTrial is how many threads a trial's training is split over; 1 by default. It
	// pays for large models where there are fewer trials than cores.
	ThreadsPerTrial int `yaml:"threads_per_trial" json:"threads_per_trial"`
}

// Reproducibility says how much order the search keeps.
type Reproducibility struct {
	// Deterministic, the default, proposes the same trials for any number of workers.
	// Without it a proposal sees whatever has finished.
	Deterministic bool `yaml:"deterministic" json:"deterministic"`
	// Lookback is K of a deterministic search: the proposal of trial n sees the results of
	// the trials up to n-K. Up to K workers are kept busy. 12 by default.
	Lookback int `yaml:"lookback" json:"lookback,omitempty"`
}

// initial returns the Spec that a file's values are laid over.
func initial() *Spec {
	return &Spec{
		Objective:       Objective{Aggregate: "mean"},
		Budget:          Budget{Epochs: 30},
		Resources:       Resources{ThreadsPerTrial: 1},
		Reproducibility: Reproducibility{Deterministic: true, Lookback: 12},
	}
}

// Search returns the configuration of the study's search.
func (s *Spec) Search() search.Config {
	c := search.Config{
		Direction: s.Objective.Direction,
		Sampler:   s.Sampler,
		Pruner:    s.Pruner,
		Trials:    s.Budget.Trials,
		Goal:      s.Objective.Goal,
		Patience:  s.Budget.Patience.Trials,
		MinDelta:  s.Budget.Patience.MinDelta,
	}
	if s.Reproducibility.Deterministic {
		c.Lookback = s.Reproducibility.Lookback
	}
	return c
}

// Duration is a time.Duration that is written as 90s, 10m or 1h30m.
type Duration time.Duration

// String writes the duration with the units that it has: 10m rather than 10m0s.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText writes String's form.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a duration that isn't negative.
func (d *Duration) UnmarshalText(b []byte) error {
	x, err := time.ParseDuration(string(b))
	if err != nil || x < 0 {
		return fmt.Errorf("expected a duration such as 90s, 10m or 1h30m, found %s", quoted(string(b)))
	}
	*d = Duration(x)
	return nil
}

// Workers is a number of workers; 0 is auto, as many as keep all cores busy.
type Workers int

// mostWorkers bounds the workers of a sweep.
const mostWorkers = 1024

// String writes auto or the number.
func (w Workers) String() string {
	if w == 0 {
		return "auto"
	}
	return strconv.Itoa(int(w))
}

// MarshalJSON writes "auto" or the number.
func (w Workers) MarshalJSON() ([]byte, error) {
	if w == 0 {
		return []byte(`"auto"`), nil
	}
	return []byte(w.String()), nil
}

// UnmarshalText reads auto or a number from 1.
func (w *Workers) UnmarshalText(b []byte) error {
	if string(b) == "auto" {
		*w = 0
		return nil
	}
	n, ok := whole(string(b))
	if !ok || n < 1 || n > mostWorkers {
		return fmt.Errorf("expected auto or a whole number from 1 to %d, found %s", mostWorkers, quoted(string(b)))
	}
	*w = Workers(n)
	return nil
}
