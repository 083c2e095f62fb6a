package trainer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"

	"medml"
)

// Objective trains a trial on every fold: it is a [medml.Objective]. A repeat, a trial with
// a Seed above 0, has other weights, orders and masks than the search's own training.
//
// Without shares each run holds its epochs, with steps that count over all folds. With
// shares a model is trained anew on each fold for each share, with the same initial
// weights: so the share 1 gives what a training without shares does. Only the last share's
// models make the result; the shares are reported as epochs of fold 0 with the steps 1, 2,
// …, where Loss, ValidLoss and Value are that fold's and Report is the folds' aggregate.
//
// After ctx is done it returns within the time of one training step, of predicting one batch
// or of computing the metrics once, and of writing down the state if the monitor wants it, a
// millisecond a megabyte: less than 100 ms in all but for the largest models, of millions of
// weights.
func (t *Trainer) Objective(ctx context.Context, trial medml.Trial, m medml.Monitor) (medml.Result, error) {
	plan, err := t.plan(trial.Params)
	if err != nil {
		return medml.Result{}, err
	}
	size, err := t.measure(plan)
	if err != nil {
		return medml.Result{}, err
	}
	tr := &training{Trainer: t, trial: trial, plan: plan, size: size, monitor: m}
	if err := tr.resume(); err != nil {
		return medml.Result{}, fmt.Errorf("%w: %w", medml.ErrCheckpoint, err)
	}
	if err := tr.train(ctx); err != nil {
		return medml.Result{Runs: tr.runs(), WeightCount: size.Weights}, err
	}
	return tr.result(), nil
}

// training is a trial on its way through the shares and folds.
type training struct {
	*Trainer
	trial   medml.Trial
	plan    plan
	size    size
	monitor medml.Monitor

	share   int           // at hand; always 0 without shares
	told    []medml.Epoch // of the shares that have been reported
	done    []medml.Run   // of the folds at the share at hand
	parts   [][]byte      // of the artifact, one for each of done where it is kept
	latency []float64     // milliseconds an example, one for each of done where there is a clock
	fit     *fit          // at hand; nil between folds
}

// shares is how many times the trial trains on every fold.
func (tr *training) shares() int { return max(1, len(tr.config.Shares)) }

// train goes on from where the training stands to its end.
func (tr *training) train(ctx context.Context) error {
	for {
		for len(tr.done) < len(tr.folds) {
			if err := tr.trainFold(ctx); err != nil {
				return err
			}
		}
		if tr.config.Shares != nil {
			if err := tr.reportShare(ctx); err != nil {
				return err
			}
		}
		if tr.share++; tr.share == tr.shares() {
			return nil
		}
		tr.done, tr.parts, tr.latency = nil, nil, nil
	}
}

// trainFold trains the fold at hand to its end.
func (tr *training) trainFold(ctx context.Context) error {
	if tr.fit == nil {
		if err := ctx.Err(); err != nil {
			return tr.ended(ctx, err)
		}
		var err error
		if tr.fit, err = newFit(tr.Trainer, tr.plan, tr.trial, tr.share, len(tr.done)); err != nil {
			return err
		}
	}
	defer tr.fit.model.Release() // what is asked of the fit later isn't the model
	defer tr.fit.model.Split(max(1, tr.config.Threads))()
	for tr.fit.epoch < tr.config.Epochs {
		if err := tr.epoch(ctx); err != nil {
			return err
		}
	}
	if tr.fit.average != nil {
		tr.fit.average.Swap() // for good
	}
	tr.done = append(tr.done, tr.fit.finished())
	if tr.config.Clock != nil {
		tr.latency = append(tr.latency, tr.fit.latency(tr.config.Clock))
	}
	if tr.config.Keep && tr.share == tr.shares()-1 {
		tr.parts = append(tr.parts, tr.fit.part())
	}
	tr.fit = nil
	return nil
}

// epoch goes on with the epoch at hand to its end and reports it.
func (tr *training) epoch(ctx context.Context) error {
	f, c := tr.fit, &tr.config
	if f.at == 0 {
		f.reorder()
	}
	for f.at < len(f.order) {
		f.train()
		if err := tr.pause(ctx); err != nil {
			return err
		}
	}
	loss := f.sum / float64(len(f.order))
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return fmt.Errorf("%w: the loss is %v in epoch %d of fold %d", medml.ErrDiverged, loss, f.epoch+1, f.index+1)
	}
	valid, err := f.validate(ctx)
	if err != nil {
		return tr.ended(ctx, err)
	}
	f.rates.EpochEnded(valid)
	e := medml.Epoch{Step: f.index*c.Epochs + f.epoch + 1, Loss: loss, ValidLoss: valid, Value: c.Metric.Compute(f.predictions())}
	e.Report = tr.aggregate(append(valuesOf(tr.done), e.Value), c.Metric.Higher)
	if c.Shares == nil {
		if err := tr.monitor.Report(f.index, e); err != nil {
			if ctx.Err() == nil || errors.Is(err, medml.ErrPruned) { // it has been taken note of
				f.epochs = append(f.epochs, e)
			}
			return tr.ended(ctx, err)
		}
	}
	f.epochs = append(f.epochs, e)
	f.epoch, f.at, f.sum = f.epoch+1, 0, 0
	return nil
}

// reportShare reports the share whose folds are done.
func (tr *training) reportShare(ctx context.Context) error {
	first := tr.done[0].Epochs
	e := first[len(first)-1]
	e.Step, e.Report = tr.share+1, tr.aggregate(valuesOf(tr.done), tr.config.Metric.Higher)
	if err := tr.monitor.Report(0, e); err != nil {
		if ctx.Err() == nil || errors.Is(err, medml.ErrPruned) {
			tr.told = append(tr.told, e)
		}
		return tr.ended(ctx, err)
	}
	tr.told = append(tr.told, e)
	return nil
}

// pause gives the monitor its turn after a step: it may hold the training up, have its
// state saved, or end it.
func (tr *training) pause(ctx context.Context) error {
	if err := tr.ask(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return tr.ended(ctx, err)
	}
	return nil
}

// ask asks the monitor what to do and saves the state where that is it.
func (tr *training) ask() error {
	save, err := tr.monitor.Step()
	if save {
		if failed := tr.monitor.Save(tr.encode()); failed != nil {
			return failed
		}
	}
	return err
}

// ended returns why a training ends between steps. If that is from outside, the monitor may
// want the state that it could be gone on with from.
func (tr *training) ended(ctx context.Context, why error) error {
	if ctx.Err() == nil || errors.Is(why, medml.ErrPruned) || !tr.begun() {
		return why
	}
	if err := tr.ask(); err != nil {
		return err
	}
	return why
}

// begun reports whether anything has been trained.
func (tr *training) begun() bool {
	return tr.share > 0 || len(tr.done) > 0 || tr.fit != nil && (tr.fit.epoch > 0 || tr.fit.at > 0)
}

// runs are those of the share at hand, the last one perhaps cut short.
func (tr *training) runs() []medml.Run {
	runs := slices.Clone(tr.done)
	if tr.fit != nil {
		runs = append(runs, tr.fit.run())
	}
	if tr.config.Shares == nil {
		return runs
	}
	if len(runs) == 0 && len(tr.told) > 0 {
		runs = []medml.Run{{Value: math.NaN()}}
	}
	for i := range runs {
		runs[i].Epochs = nil
	}
	if len(runs) > 0 {
		runs[0].Epochs = slices.Clone(tr.told)
	}
	return runs
}

// result is what the finished training gives.
func (tr *training) result() medml.Result {
	r := medml.Result{Runs: tr.runs(), WeightCount: tr.size.Weights}
	values := valuesOf(tr.done)
	weights := sha256.New()
	for _, run := range tr.done {
		weights.Write([]byte(run.Weights))
	}
	r.Weights = hex.EncodeToString(weights.Sum(nil))
	r.Value = tr.aggregate(values, tr.config.Metric.Higher)
	r.Low, r.High = tr.interval(values)
	facts := tr.facts(tr.size, tr.done, tr.latency)
	for _, name := range tr.config.Objectives {
		v, _ := facts(name)
		r.Objectives = append(r.Objectives, v)
	}
	for _, c := range tr.config.Constraints {
		r.Constraints = append(r.Constraints, c.Violation(facts))
	}
	if tr.config.Keep {
		r.Artifact = tr.artifact()
	}
	return r
}

func valuesOf(runs []medml.Run) []float64 {
	values := make([]float64, len(runs), len(runs)+1)
	for i, r := range runs {
		values[i] = r.Value
	}
	return values
}
