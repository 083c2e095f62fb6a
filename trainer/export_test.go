package trainer

import (
	"context"
	"math/rand/v2"
	"slices"

	"medml"
	"medml/augment"
	"medml/dataset"
	"medml/nn"
)

// TrainLabels returns the classes of a fold's training part.
func (t *Trainer) TrainLabels(fold int) []int32 { return t.folds[fold].train.Labels }

// Subset returns a share's rows of it.
func (t *Trainer) Subset(fold, share int) []int { return t.folds[fold].order(share) }

// Valid returns a fold's validation part.
func (t *Trainer) Valid(fold int) dataset.Matrix { return t.folds[fold].valid }

// Spoil changes a row of it.
func (t *Trainer) Spoil(fold, row int) {
	m := t.folds[fold].train
	m.X[row*m.Width] += 3
}

// Steps returns a function that makes a training step on the first fold of a trial.
func (t *Trainer) Steps(trial medml.Trial, m medml.Monitor) (step func() error, err error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return nil, err
	}
	tr := &training{Trainer: t, trial: trial, plan: p, monitor: m}
	if tr.fit, err = newFit(t, p, trial, 0, 0); err != nil {
		return nil, err
	}
	return func() error {
		if tr.fit.at == len(tr.fit.order) {
			tr.fit.at = 0
		}
		tr.fit.train()
		return tr.pause(context.Background())
	}, nil
}

// Stream returns what a trial draws from on a fold.
func (t *Trainer) Stream(purpose string, trial medml.Trial, fold int) *rand.Rand {
	return t.stream(purpose, trial, fold)
}

// Pause returns what comes after every step.
func (t *Trainer) Pause(ctx context.Context, m medml.Monitor) func() error {
	tr := &training{Trainer: t, monitor: m}
	return func() error { return tr.pause(ctx) }
}

// WeightCount builds a trial's model and counts.
func (t *Trainer) WeightCount(trial medml.Trial) (int, error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return 0, err
	}
	f, err := newFit(t, p, trial, 0, 0)
	if err != nil {
		return 0, err
	}
	return f.model.WeightCount(), nil
}

// Checkpoint returns a function that encodes the state of a trial's first fold.
func (t *Trainer) Checkpoint(trial medml.Trial) (encode func() []byte, err error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return nil, err
	}
	tr := &training{Trainer: t, trial: trial, plan: p}
	tr.fit, err = newFit(t, p, trial, 0, 0)
	return tr.encode, err
}

// Fit builds what the training of a trial's first fold takes, and a checkpoint of it.
func (t *Trainer) Fit(trial medml.Trial) (keep any, err error) {
	encode, err := t.Checkpoint(trial)
	if err != nil {
		return nil, err
	}
	return [...]any{encode, encode()}, nil
}

// Orders returns the rows that the first epochs of a trial take on the first fold.
func (t *Trainer) Orders(trial medml.Trial, epochs int) (orders [][]int, err error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return nil, err
	}
	f, err := newFit(t, p, trial, 0, 0)
	if err != nil {
		return nil, err
	}
	for range epochs {
		f.reorder()
		orders = append(orders, slices.Clone(f.order))
	}
	return orders, nil
}

// MixedLoss is a batch's loss under mixup, with its gradient: λ of its own labels and the
// rest of the others.
func MixedLoss(loss nn.Loss, logits *nn.Tensor, labels, others []int32, lambda float64, grad *nn.Tensor) float64 {
	m := &mixup{lambda: lambda, labels: others, dlogits: nn.NewTensor(logits.Shape...)}
	return m.compute(loss, logits, nn.Target{Labels: labels}, grad)
}

// Inputs are what a model is given of a fold: all rows of its two parts.
func (t *Trainer) Inputs(fold int) (all []float32) {
	for _, m := range []dataset.Matrix{t.folds[fold].train, t.folds[fold].valid} {
		for i := range m.Len() {
			all = append(all, m.Row(i)...)
		}
	}
	return all
}

// Augmented is the first batch of a trial as its model is given it.
func (t *Trainer) Augmented(trial medml.Trial) ([]float32, error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return nil, err
	}
	f, err := newFit(t, p, trial, 0, 0)
	if err != nil {
		return nil, err
	}
	f.update(f.order[:f.batch])
	return f.x.Data, nil
}

// Prepared is a fold's validation part as its model is given it.
func (t *Trainer) Prepared(fold int) dataset.Matrix { return t.folds[fold].valid }

// Levels are what the channels of a fold's training part are like.
func (t *Trainer) Levels(fold int) augment.Levels { return t.folds[fold].levels() }

// Train returns a fold's training part.
func (t *Trainer) Train(fold int) dataset.Matrix { return t.folds[fold].train }

// Weighted returns the weights of two classes with the positive's multiplied.
func Weighted(weights []float64, positive float64) []float64 { return weighted(weights, positive) }

// OptimizerConfig is what a trial's optimizer is made with.
func (t *Trainer) OptimizerConfig(trial medml.Trial) (nn.OptimizerConfig, error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return nn.OptimizerConfig{}, err
	}
	return optimizerConfig(p), nil
}

// ValueOf is valueOf.
var ValueOf = valueOf
