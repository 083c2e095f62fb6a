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
	// Goal, if not nil, ends the study once a trial that meets the constraints has reached
	// this value.
	Goal *float64
	// Patience ends the study when so many trials in a row haven't improved the best value
	// by more than MinDelta, or with several objectives the Pareto front; 0 never does. A
	// trial that doesn't meet the constraints improves nothing.
	Patience int
	MinDelta float64
	// Goals are the objectives of a study with several, the first of them in the study's
	// Direction; nil where there is one.
	Goals []medml.Goal
	// Folds is how many runs a trial has and Epochs how long each of them is at most, so
	// that a pruner knows their ends; 0 where that isn't known.
	Folds, Epochs int
	// Require, if not nil, says which configurations may be proposed. It is a function of the
	// parameters alone. What it refuses is drawn again.
	Require func(medml.Params) bool
	// Initial are the configurations, whole or in part, of the first trials. What a part
	// leaves open is drawn when the trial is asked for.
	Initial []medml.Params
	// Warm are trials of another study, from which the samplers learn as if they were
	// complete trials before the first one. They are no trials of this study.
	Warm []medml.Trial
}

// SamplerConfig is the `sampler` section of an experiment.
type SamplerConfig struct {
	// Name is auto, cma-es, gp, grid, nsga-ii, random, sobol or tpe; "" is tpe.
	Name string `yaml:"name" json:"name"`
	// Seed is the seed of the whole study: of the proposals and of every training.
	Seed uint64 `yaml:"seed" json:"seed"`
	// StartupTrials is how many trials tpe and gp must see ended, failed ones not counted,
	// before they model; until then tpe draws at random and gp from a Sobol sequence; 0 is 10.
	StartupTrials int `yaml:"startup_trials" json:"startup_trials,omitempty"`
	// Candidates is how many points are looked at for each proposal; 0 is 24 with tpe and
	// 1024 with gp.
	Candidates int `yaml:"candidates" json:"candidates,omitempty"`
	// Population is how many trials a generation of nsga-ii has, and from how many cma-es
	// learns at a time; 0 is 50 with nsga-ii, and with cma-es 4 + 3·log(the number of its
	// parameters), rounded down, or 3/4 of the lookback if that is more.
	Population int `yaml:"population" json:"population,omitempty"`
	// Sigma is the standard deviation with which cma-es begins, as a share of each
	// parameter's range; 0 is 1/6.
	Sigma float64 `yaml:"sigma" json:"sigma,omitempty"`
	// Multivariate says whether TPE draws the parameters that occur together jointly, so
	// that it sees how they depend on each other, or each by itself; nil is true with one
	// objective and false with several.
	Multivariate *bool `yaml:"multivariate" json:"multivariate,omitempty"`
	// Group lets multivariate TPE draw the parameters of a branch jointly, too, by the trials
	// that took it; without, they are drawn one by one.
	Group bool `yaml:"group" json:"group,omitempty"`
}

func (c Config) multivariate() bool {
	if m := c.Sampler.Multivariate; m != nil {
		return *m
	}
	return len(c.Goals) < 2
}

// PrunerConfig is the `pruner` section of an experiment.
type PrunerConfig struct {
	// Name is none, median, percentile, asha, hyperband, wilcoxon, threshold or patient; ""
	// is none.
	Name string `yaml:"name" json:"name"`
	// Startup is how many trials must be complete before median and percentile prune; 0
	// is 5.
	Startup int `yaml:"startup_trials" json:"startup_trials,omitempty"`
	// Warmup is how many epochs of a trial median, percentile, threshold and patient never
	// prune.
	Warmup int `yaml:"warmup" json:"warmup,omitempty"`
	// Percentile is the share, in percent, of trials that percentile keeps; 0 is 25.
	Percentile float64 `yaml:"percentile" json:"percentile,omitempty"`
	// Resource is what the rungs of asha and hyperband give a trial more and more of: its
	// epochs, or with "data" the examples it is trained on; "" is epoch.
	Resource string `yaml:"resource" json:"resource,omitempty"`
	// Min is the first rung of asha and hyperband; 0 is 1. Rungs are in epochs of the trial,
	// counted over all its folds. With the resource data they are shares of Max: the trial
	// is trained on Min/Max of each training part, then on η times as much, and so on.
	Min int `yaml:"min" json:"min,omitempty"`
	// Max is the resource of a trial that isn't pruned; 0 is as many epochs as a trial has,
	// and with the resource data Min·η².
	Max int `yaml:"max" json:"max,omitempty"`
	// ReductionFactor is the η of asha and hyperband; 0 is 3.
	ReductionFactor int `yaml:"reduction_factor" json:"reduction_factor,omitempty"`
	// Lower and Upper are the bounds that threshold allows an intermediate value.
	Lower *float64 `yaml:"lower" json:"lower,omitempty"`
	Upper *float64 `yaml:"upper" json:"upper,omitempty"`
	// Patience is how many epochs patient allows without an improvement of more than
	// MinDelta; 0 is 10.
	Patience int     `yaml:"patience" json:"patience,omitempty"`
	MinDelta float64 `yaml:"min_delta" json:"min_delta,omitempty"`
	// Threshold is the p below which wilcoxon prunes; 0 is 0.1. Of n folds that are all
	// worse, p is 2⁻ⁿ: with 0.1 a trial can be pruned after four folds, with 0.15 after
	// three.
	Threshold float64 `yaml:"p_threshold" json:"p_threshold,omitempty"`
	// MinFolds is how many folds wilcoxon never prunes a trial before; 0 is as many as it
	// takes for p to fall below the threshold.
	MinFolds int `yaml:"min_folds" json:"min_folds,omitempty"`
}
