package experiments

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"medml"
)

var errProbed = errors.New("enough was seen")

// A probe trains for so many steps, or for so long.
const (
	probeSteps = 8
	probeTime  = 200 * time.Millisecond
)

// probe is a monitor that measures the first training steps of a trial and stops it.
type probe struct {
	clock       func() time.Time
	begun       time.Time // the training
	first, last time.Time // ends of steps
	steps       []time.Duration
	epoch       time.Duration // where an epoch ended before
}

// Step measures a training step. The first isn't measured: the model is built before it.
func (p *probe) Step() (bool, error) {
	now := p.clock()
	if p.first.IsZero() {
		p.first, p.last = now, now
		return false, nil
	}
	p.steps = append(p.steps, now.Sub(p.last))
	p.last = now
	if len(p.steps) >= probeSteps || now.Sub(p.first) > probeTime {
		return false, errProbed
	}
	return false, nil
}

// step returns the median of the steps' times: a machine that is busy with other things
// makes some of them long. It is 0 where none was measured.
func (p *probe) step() time.Duration {
	if len(p.steps) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(p.steps))[len(p.steps)/2]
}

// Report ends the probe with the first epoch.
func (p *probe) Report(int, medml.Epoch) error {
	p.epoch = p.clock().Sub(p.begun)
	return errProbed
}

func (*probe) Save([]byte) error             { return nil }
func (*probe) Resume() ([]byte, []medml.Run) { return nil, nil }

// trialTime estimates how long a trial trains that nothing stops: from the time of its
// first steps, with a third of that for as many examples that are only predicted.
func (j *Job) trialTime(ctx context.Context, t medml.Trial, clock func() time.Time) (step, whole time.Duration, err error) {
	p := &probe{clock: clock, begun: clock()}
	_, err = j.Trainer.Objective(ctx, t, p)
	if err != nil && !errors.Is(err, errProbed) {
		return 0, 0, err
	}
	train, valid := len(j.splits.Folds[0].Train), len(j.splits.Folds[0].Valid)
	batch := 1
	if v, ok := t.Params.Lookup("batch_size"); ok {
		batch = max(1, v.Int())
	}
	steps := (train + batch - 1) / batch
	epoch := p.epoch
	switch step = p.step(); {
	case step > 0:
		epoch = time.Duration(float64(step) * float64(steps) * (1 + float64(valid)/float64(3*train)))
	default:
		step = epoch / time.Duration(steps)
	}
	passes := float64(len(j.splits.Folds) * j.spec.Budget.Epochs)
	if shares := j.spec.Shares(); shares != nil {
		sum := 0.0
		for _, s := range shares {
			sum += s
		}
		passes *= sum
	}
	return step, time.Duration(math.Round(float64(epoch) * passes)), nil
}
