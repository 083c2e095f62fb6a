package experiments

import (
	"time"

	"medml"
	"medml/dataset"
	"medml/internal/expression"
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
	Task dataset.Task   `yaml:"task" json:"task"`
	Data dataset.Config `yaml:"data" json:"data"`
	// Objective is what the search improves. Of a file with several, which has Objectives
	// instead, it is the first.
	Objective  Objective   `yaml:"objective" json:"objective,omitzero"`
	Objectives []Objective `yaml:"objectives" json:"objectives,omitempty"`
	// Metrics are recorded beside the objective's.
	Metrics []string `yaml:"metrics" json:"metrics,omitempty"`
	// Constraints are conditions on a trial's metrics, and on what its model takes, such as
	// "sensitivity >= 0.9" and "parameters <= 2e6". A trial that doesn't meet them stands
	// below all that do.
	Constraints []string `yaml:"constraints" json:"constraints,omitempty"`
	// Hyperparameters is the search space, with the hyperparameters that the file leaves
	// out as constants after those it names.
	Hyperparameters Definitions `yaml:"space" json:"space"`
	// Require are conditions on hyperparameters, such as "depth <= 2 or batch_size <= 32".
	// What breaks one is never proposed. A hyperparameter that a trial hasn't got breaks
	// none.
	Require []string             `yaml:"require" json:"require,omitempty"`
	Sampler search.SamplerConfig `yaml:"sampler" json:"sampler"`
	Pruner  search.PrunerConfig  `yaml:"pruner" json:"pruner"`
	Budget  Budget               `yaml:"budget" json:"budget"`
	// Resources, Retry and Ensemble change no trial.
	Resources Resources `yaml:"resources" json:"resources"`
	Retry     Retry     `yaml:"retry" json:"retry,omitzero"`
	// Initial are the configurations of the first trials, whole or in part; what they leave
	// open is drawn.
	Initial         []Configuration `yaml:"initial" json:"initial,omitempty"`
	WarmStart       WarmStart       `yaml:"warm_start" json:"warm_start,omitzero"`
	Reproducibility Reproducibility `yaml:"reproducibility" json:"reproducibility"`
	Repeats         Repeats         `yaml:"repeats" json:"repeats,omitzero"`
	Ensemble        Ensemble        `yaml:"ensemble" json:"ensemble,omitzero"`

	// File is the file's name as the caller gave it, and Dir its folder, to which relative
	// paths in the experiment are relative.
	File string `yaml:"-" json:"-"`
	Dir  string `yaml:"-" json:"-"`

	root      *node    // what was written, for places
	source    []byte   // the file
	lines     []string // its lines
	overrides []string
	counted   int // folds, once the data are split

	require, constraints []expression.Expr // the conditions, read
}

// Objective is what the search improves.
type Objective struct {
	// Metric is the metric of a trial's validation predictions. Beside a metric, a further
	// objective may be what the model takes: parameters (trainable numbers), flops
	// (multiply-adds an example), or inference_ms (an example's time, which is measured and
	// needs a study that isn't deterministic).
	Metric string `yaml:"metric" json:"metric"`
	// Direction is implied by the metric; a file may say it, but not the opposite.
	Direction medml.Direction `yaml:"direction" json:"direction"`
	// Aggregate makes one value of those of the folds: mean (the default), median, min
	// (the worst fold), or mean-std (the mean, worsened by a standard deviation). That of
	// the first of several objectives counts for all.
	Aggregate string `yaml:"aggregate" json:"aggregate,omitempty"`
	// Goal, if given, ends the sweep once a trial has reached this value; of several
	// objectives, the first may have one.
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
	// Drain says what becomes of the running trials when Time is used up: checkpoint, the
	// default, puts them back to go on from there, finish lets them train to their end, kill
	// puts them back as they were last saved.
	Drain medml.Drain `yaml:"drain" json:"drain"`
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
	// Memory is what the running trials may take together, "8 GiB" or "80%" of the
	// machine's, which is the default. A trial waits until there is room for it.
	Memory Memory `yaml:"memory" json:"memory"`
	// Checkpoint is how long a trial trains between checkpoints; 10s by default.
	Checkpoint Duration `yaml:"checkpoint" json:"checkpoint"`
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
		Budget:          Budget{Epochs: 30, Drain: medml.DrainCheckpoint},
		Resources:       Resources{ThreadsPerTrial: 1, Memory: Memory{Share: 0.8}, Checkpoint: Duration(10 * time.Second)},
		Reproducibility: Reproducibility{Deterministic: true, Lookback: 12},
	}
}
