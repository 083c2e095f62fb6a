// Package trainer fits one model on one split: it is the objective of a study.
//
// A [Trainer] holds a dataset's folds, prepared once and shared by all trials. Its
// [Trainer.Objective] builds the architecture that a trial names, trains it on each fold
// for a fixed number of epochs, reports the objective's metric after every epoch, and
// aggregates the folds. A fold's value is the metric after its last epoch: choosing the
// best epoch by the validation part would flatter it.
//
// A training can be interrupted after any step: what its monitor is given to save then
// makes another process go on to the same bits. [Trainer.Need] and [Trainer.Cost] tell
// what a trial takes before it starts, and [OpenArtifact] reads the models that a trial
// kept.
//
// It knows no study, no disk, no screen and no clock of its own. Everything random comes
// from [medml.Stream] by study seed, trial and fold, so a trial gives the same bits on any
// worker, today and when it is reproduced.
package trainer

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"medml/augment"
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
	// Shares, rising and at most 1, have a trial train on ever more of the training parts,
	// each time anew and on every fold, and report once a share; nil trains on everything
	// and reports every epoch. See [Trainer.Objective].
	Shares []float64
	// Objectives are the names of all objectives of a study with several, Metric's first:
	// of recorded metrics and of [Facts].
	Objectives []string
	// Constraints are the study's.
	Constraints []Constraint
	// Keep has the result hold an artifact: the folds' trained models, and what they
	// predict for the validation parts.
	Keep bool
	// Threads is how many threads a training is split over, which changes no result; 0: 1.
	Threads int
	// Clock is what the fact inference_ms is measured by. It must be nil where nothing
	// measured may enter a study.
	Clock func() time.Time
}

// Trainer trains trials on the folds of a dataset. It may be used by many goroutines.
type Trainer struct {
	config   Config
	folds    []fold
	shape    []int
	features []string
	beside   []string          // names of the covariates
	names    []string          // of the classes
	classes  int               // 0 for a regression
	memory   *nn.Arenas        // of the models, one fold's after the other's
	digest   [sha256.Size]byte // of the folds
}

// fold is a prepared split. It is read only.
type fold struct {
	train, valid dataset.Matrix
	rows         []int // of the dataset, that valid is made of
	prepared     *dataset.Preparation
	reading
	// targets are the validation part's, as the metrics take them.
	targets []float64
	// balance are the class weights that give each class equal weight.
	balance []float64
	// levels are what the training part's channels are like.
	levels func() augment.Levels
	// subsets are the rows of train that each of the configuration's shares has.
	subsets [][]int
}

// New prepares the folds: what preprocessing learns, it learns from each training part
// alone. The test part is not touched.
func New(c Config, d *dataset.Dataset, folds []dataset.Fold, pre dataset.Preprocess) (*Trainer, error) {
	if c.Epochs < 1 || len(folds) == 0 {
		return nil, fmt.Errorf("training needs epochs and folds: got %d and %d", c.Epochs, len(folds))
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	t := &Trainer{config: c, shape: d.Shape, features: d.Features, beside: d.Covariates, names: d.Classes, classes: len(d.Classes), memory: new(nn.Arenas)}
	for i, f := range folds {
		p, err := d.Prepare(pre, f.Train)
		if err != nil {
			return nil, fmt.Errorf("preparing fold %d: %w", i+1, err)
		}
		fd := fold{
			train: p.Matrix(f.Train), valid: p.Matrix(f.Valid), rows: f.Valid, prepared: p,
			reading: reading{classes: t.classes, mean: p.TargetMean, scale: p.TargetSD},
		}
		for _, y := range fd.valid.Targets {
			fd.targets = append(fd.targets, float64(y))
		}
		if t.classes > 0 {
			fd.balance = balance(fd.train.Labels, t.classes)
		}
		fd.levels = sync.OnceValue(func() augment.Levels { return levelsOf(fd.train, t.shape) })
		fd.subsets = c.subsets(fd.train, t.classes, i)
		t.folds = append(t.folds, fd)
	}
	t.digest = hashData(d, folds, t.folds)
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
