package trainer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"medml"
	"medml/metric"
)

// Constraint is a condition on what is known of a trial once it is trained.
type Constraint interface {
	// Names are those of the metrics and facts that Violation asks for.
	Names() []string
	// Violation says how far a trial is from meeting the condition: at most 0 where it does,
	// NaN where a value is. Metrics are aggregated over the folds, as the objective is.
	Violation(values func(name string) (float64, bool)) float64
}

// The facts: what is known of a trained trial beside its metrics.
const (
	parameters  = "parameters"
	flops       = "flops"
	epochs      = "epochs"
	inferenceMS = "inference_ms"
)

// Facts returns the names that objectives and constraints know beside the metrics:
// parameters is how many trainable numbers the model has; flops how many multiplications,
// each with its addition, one example's prediction takes; epochs how many passes over a
// training part the trial took in all; inference_ms the measured milliseconds of one
// example's prediction, the mean over the folds, which only a configuration with a Clock
// knows.
func Facts() []string { return []string{parameters, flops, epochs, inferenceMS} }

// facts returns what is known of a trained trial, by name.
func (t *Trainer) facts(size size, runs []medml.Run, latency []float64) func(name string) (float64, bool) {
	return func(name string) (float64, bool) {
		switch name {
		case parameters:
			return float64(size.Weights), true
		case flops:
			return float64(size.Products), true
		case epochs:
			return float64(t.config.Epochs * len(t.folds) * max(1, len(t.config.Shares))), true
		case inferenceMS:
			mean, _ := standardSample(latency)
			return mean, len(latency) > 0
		}
		m, ok := t.config.metric(name)
		if !ok {
			return math.NaN(), false
		}
		values := make([]float64, len(runs))
		for i, r := range runs {
			at := slices.IndexFunc(r.Measures, func(m medml.Measure) bool { return m.Name == name })
			values[i] = r.Measures[at].Value
		}
		return t.aggregate(values, m.Higher), true
	}
}

// metric returns the recorded metric of a name.
func (c *Config) metric(name string) (metric.Metric, bool) {
	for _, m := range append([]metric.Metric{c.Metric}, c.Metrics...) {
		if m.Name == name {
			return m, true
		}
	}
	return metric.Metric{}, false
}

// check returns an error about shares that aren't any, and about names that nothing is
// known by.
func (c *Config) check() error {
	last := 0.0
	for _, s := range c.Shares {
		if !(s > last && s <= 1) {
			return fmt.Errorf("shares of the data rise from above 0 to at most 1: got %v", c.Shares)
		}
		last = s
	}
	if len(c.Objectives) > 0 && c.Objectives[0] != c.Metric.Name {
		return fmt.Errorf("the first of several objectives is the metric %s: got %s", c.Metric.Name, c.Objectives[0])
	}
	names := slices.Clone(c.Objectives)
	for _, constraint := range c.Constraints {
		names = append(names, constraint.Names()...)
	}
	for _, name := range names {
		if err := c.checkName(name); err != nil {
			return err
		}
	}
	return nil
}

func (c *Config) checkName(name string) error {
	if _, ok := c.metric(name); ok || slices.Contains(Facts(), name) && (name != inferenceMS || c.Clock != nil) {
		return nil
	}
	if name == inferenceMS {
		return fmt.Errorf("%s is measured, which this study has no clock for", name)
	}
	return fmt.Errorf("%s is neither a recorded metric nor one of %s", name, strings.Join(Facts(), ", "))
}

// aggregate makes one value of those of the folds, NaN if one of them has none. Higher says
// that higher values are better.
func (t *Trainer) aggregate(values []float64, higher bool) float64 {
	if slices.ContainsFunc(values, math.IsNaN) {
		return math.NaN()
	}
	switch t.config.Aggregate {
	case "median":
		s := slices.Sorted(slices.Values(values))
		return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
	case "min": // the worst fold
		if higher {
			return slices.Min(values)
		}
		return slices.Max(values)
	case "mean-std":
		mean, sd := standardSample(values)
		if higher {
			return mean - sd
		}
		return mean + sd
	}
	mean, _ := standardSample(values)
	return mean
}

// standardSample returns mean and sample standard deviation, 0 for a single value.
func standardSample(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	if len(values) < 2 {
		return mean, 0
	}
	for _, v := range values {
		sd += float64((v - mean) * (v - mean))
	}
	return mean, math.Sqrt(sd / float64(len(values)-1))
}

// interval returns the 95 % interval of the folds' mean; NaN where the aggregate isn't
// the mean.
func (t *Trainer) interval(values []float64) (low, high float64) {
	if t.config.Aggregate != "" && t.config.Aggregate != "mean" {
		return math.NaN(), math.NaN()
	}
	f := t.folds[0]
	return metric.MeanInterval(values, len(f.order(len(t.config.Shares)-1)), f.valid.Len(), t.config.Metric)
}
