package search

import "medml"

// Config says how a study searches.
type Config struct {
	Direction medml.Direction
	Sampler   SamplerConfig
	Pruner    PrunerConfig
	// Lookback is the K of a deterministic search: the proposal and the pruning of trial n
	// see exactly the trials up to n-K, finished, and the parameters of the later ones as
	// pending. 0 searches asynchronously, with whatever has finished.
	Lookback int
	// Trials ends the study after so many; 0 is no limit.
	Trials int
	// Goal, if not nil, ends the study once a trial has reached this value.
	Goal *float64
	// Patience ends the study when so many trials in a row haven't improved the best value
	// by more than MinDelta; 0 never does.
	Patience int
	MinDelta float64
}

// SamplerConfig is the `sampler` section of an experiment.
type SamplerConfig struct {
	// Name is auto, cma-es, gp, grid, random, sobol or tpe; "" is tpe.
	Name string `yaml:"name" json:"name"`
	// Seed is the seed of the whole study: of the proposals and of every training.
	Seed uint64 `yaml:"seed" json:"seed"`
	// StartupTrials is how many trials tpe and gp must see ended, failed ones not counted,
	// before they model; until then tpe draws at random and gp from a Sobol sequence; 0 is 10.
	StartupTrials int `yaml:"startup_trials" json:"startup_trials,omitempty"`
	// Candidates is how many points are looked at for each proposal; 0 is 24 with tpe and
	// 1024 with gp.
	Candidates int `yaml:"candidates" json:"candidates,omitempty"`
	// Population is how many trials cma-es learns from at a time; 0 is 4 + 3·log(the number
	// of its parameters), rounded down, or 3/4 of the lookback if that is more.
	Population int `yaml:"population" json:"population,omitempty"`
	// Sigma is the standard deviation with which cma-es begins, as a share of each
	// parameter's range; 0 is 1/6.
	Sigma float64 `yaml:"sigma" json:"sigma,omitempty"`
}

// PrunerConfig is the `pruner` section of an experiment.
type PrunerConfig struct {
	// Name is none, median, percentile, asha, threshold or patient; "" is none.
	Name string `yaml:"name" json:"name"`
	// Startup is how many trials must be complete before median and percentile prune; 0
	// is 5.
	Startup int `yaml:"startup_trials" json:"startup_trials,omitempty"`
	// Warmup is how many epochs of a trial median, percentile, threshold and patient never
	// prune.
	Warmup int `yaml:"warmup" json:"warmup,omitempty"`
	// Percentile is the share, in percent, of trials that percentile keeps; 0 is 25.
	Percentile float64 `yaml:"percentile" json:"percentile,omitempty"`
	// Min is the first rung of asha in epochs; 0 is 1.
	Min int `yaml:"min" json:"min,omitempty"`
	// ReductionFactor is asha's η; 0 is 3.
	ReductionFactor int `yaml:"reduction_factor" json:"reduction_factor,omitempty"`
	// Lower and Upper are the bounds that threshold allows an intermediate value.
	Lower *float64 `yaml:"lower" json:"lower,omitempty"`
	Upper *float64 `yaml:"upper" json:"upper,omitempty"`
	// Patience is how many epochs patient allows without an improvement of more than
	// MinDelta; 0 is 10.
	Patience int     `yaml:"patience" json:"patience,omitempty"`
	MinDelta float64 `yaml:"min_delta" json:"min_delta,omitempty"`
}
