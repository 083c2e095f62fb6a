// Package trainer fits one model on one split: it is the objective of a study.
//
// A [Trainer] holds a dataset's folds, prepared once and shared by all trials. Its
// [Trainer.Objective] builds the architecture that a trial names, trains it on each fold
// for a fixed number of epochs, reports the objective's metric after every epoch, and
// aggregates the folds. A fold's value is the metric after its last epoch: choosing the
// best epoch by the validation part would flatter it.
//
// It knows no study, no disk and no screen. Everything random comes from
// [medml.Stream] by study seed, trial and fold, so a trial gives the same bits on any
// worker, today and when it is reproduced.
package trainer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/nn"
)

// Config says how trials are trained and judged.
type Config struct {
	// Seed is the study's.
	Seed uint64
	Task dataset.Task
	// Metric is the objective; Metrics are recorded beside it.
	Metric  metric.Metric
	Metrics []metric.Metric
	// Aggregate makes one value of the folds': mean, median, min (the worst fold) or
	// mean-std; "" is mean.
	Aggregate string
	// Epochs is how many passes over the training part each fold trains.
	Epochs int
	// Threads is how many threads a training is split over, which changes no result; 0: 1.
	Threads int
}

// Trainer trains trials on the folds of a dataset. It may be used by many goroutines.
type Trainer struct {
	config  Config
	folds   []fold
	shape   []int
	classes int       // 0 for a regression
	memory  nn.Arenas // of the models, one fold's after the other's
}

// fold is a prepared split. It is read only.
type fold struct {
	train, valid dataset.Matrix
	// targets are the validation part's, as the metrics take them.
	targets []float64
	// balance are the class weights that give each class equal weight.
	balance []float64
	// targetMean and targetScale standardise a regression's target.
	targetMean, targetScale float64
}

// New prepares the folds: what preprocessing learns, it learns from each training part
// alone. The test part is not touched.
func New(c Config, d *dataset.Dataset, folds []dataset.Fold, pre dataset.Preprocess) (*Trainer, error) {
	if c.Epochs < 1 || len(folds) == 0 {
		return nil, fmt.Errorf("training needs epochs and folds: got %d and %d", c.Epochs, len(folds))
	}
	t := &Trainer{config: c, shape: d.Shape, classes: len(d.Classes)}
	for i, f := range folds {
		p, err := d.Prepare(pre, f.Train)
		if err != nil {
			return nil, fmt.Errorf("preparing fold %d: %w", i+1, err)
		}
		fd := fold{
			train: p.Matrix(f.Train), valid: p.Matrix(f.Valid),
			targetMean: p.TargetMean, targetScale: p.TargetSD,
		}
		for _, y := range fd.valid.Targets {
			fd.targets = append(fd.targets, float64(y))
		}
		if t.classes > 0 {
			fd.balance = balance(fd.train.Labels, t.classes)
		}
		t.folds = append(t.folds, fd)
	}
	return t, nil
}

// balance returns n / (classes · n_c) for each class c: the weights that scikit-learn
// calls balanced.
func balance(labels []int32, classes int) []float64 {
	counts := make([]int, classes)
	for _, l := range labels {
		counts[l]++
	}
	w := make([]float64, classes)
	for c, n := range counts {
		w[c] = float64(len(labels)) / (float64(classes) * float64(max(1, n)))
	}
	return w
}

// Objective trains a trial on every fold: it is a [medml.Objective].
func (t *Trainer) Objective(ctx context.Context, trial medml.Trial, report medml.Report) (medml.Result, error) {
	plan, err := t.plan(trial.Params)
	if err != nil {
		return medml.Result{}, err
	}
	var result medml.Result
	weights := sha256.New()
	var values []float64
	for i := range t.folds {
		fit, err := newFit(t, plan, trial.Number, i)
		if err != nil {
			return result, err
		}
		result.WeightCount = fit.model.WeightCount()
		run, err := t.run(ctx, fit, values, report)
		result.Runs = append(result.Runs, run)
		if err != nil {
			return result, err
		}
		values = append(values, run.Value)
		weights.Write([]byte(run.Weights))
	}
	result.Weights = hex.EncodeToString(weights.Sum(nil))
	result.Value = t.aggregate(values)
	result.Low, result.High = t.interval(values)
	return result, nil
}

// run runs a fit on the configuration's threads.
func (t *Trainer) run(ctx context.Context, f *fit, before []float64, report medml.Report) (medml.Run, error) {
	defer f.model.Release()
	defer f.model.Split(max(1, t.config.Threads))()
	return f.run(ctx, before, report)
}

// aggregate makes one value of those of the folds, NaN if one of them has none.
func (t *Trainer) aggregate(values []float64) float64 {
	if slices.ContainsFunc(values, math.IsNaN) {
		return math.NaN()
	}
	switch t.config.Aggregate {
	case "median":
		s := slices.Sorted(slices.Values(values))
		return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
	case "min": // the worst fold
		if t.config.Metric.Higher {
			return slices.Min(values)
		}
		return slices.Max(values)
	case "mean-std":
		mean, sd := standardSample(values)
		if t.config.Metric.Higher {
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
	return metric.MeanInterval(values, f.train.Len(), f.valid.Len(), t.config.Metric)
}
