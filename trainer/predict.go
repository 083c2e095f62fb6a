package trainer

import (
	"context"
	"slices"
	"time"

	"medml"
	"medml/internal/elementary"
	"medml/metric"
	"medml/nn"
)

// reading says how logits are read.
type reading struct {
	classes int // 0 for a regression
	// mean and scale standardise a regression's target.
	mean, scale float64
}

// outputs is how many logits and scores an example has: one for two classes or a number.
func (r reading) outputs() int {
	if r.classes > 2 {
		return r.classes
	}
	return 1
}

// score turns logits into scores: the probability of the positive class, of each class, or
// a number in the target's units.
func (r reading) score(scores []float64, logits *nn.Tensor) {
	switch k := r.classes; {
	case k == 0:
		for i, x := range logits.Data {
			scores[i] = r.mean + float64(r.scale*float64(x))
		}
	case k == 2:
		for i, x := range logits.Data {
			scores[i] = elementary.Sigmoid(float64(x))
		}
	default:
		for i := range logits.Len() {
			softmax(scores[i*k:(i+1)*k], logits.Row(i))
		}
	}
}

// softmax writes the probabilities of a row of logits.
func softmax(p []float64, logits []float32) {
	top := logits[0]
	for _, x := range logits {
		top = max(top, x)
	}
	sum := 0.0
	for i, x := range logits {
		p[i] = elementary.Exp(float64(x) - float64(top))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

// validate predicts the validation part into scores and returns the mean loss of the
// prediction, without the reconstruction's. The error is the context's.
func (f *fit) validate(ctx context.Context) (float64, error) {
	if f.average != nil {
		f.average.Swap()
		defer f.average.Swap()
	}
	m := f.fold.valid
	n := m.Len()
	sum := 0.0
	for at := 0; at < n; at += f.batch {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		batch := f.rows[:min(f.batch, n-at)]
		for i := range batch {
			batch[i] = at + i
		}
		target := f.gather(m, batch)
		f.model.Forward(f.x, false)
		logits := f.model.Logits()
		sum += float64(f.loss.Compute(logits, target, nil) * float64(len(batch)))
		f.views.score(f.model, f.x, f.fold.reading, f.scores[at*f.fold.outputs():])
	}
	return sum / float64(n), nil
}

// predictions are the scores of the last validation beside the truth.
func (f *fit) predictions() metric.Predictions {
	return metric.Predictions{Scores: f.scores, Classes: f.trainer.classes, Labels: f.fold.valid.Labels, Targets: f.fold.targets}
}

// measures are the objective's metric and the others after the last epoch.
func (f *fit) measures(value float64) []medml.Measure {
	c := f.trainer.config
	out := []medml.Measure{{Name: c.Metric.Name, Value: value}}
	for _, m := range c.Metrics {
		out = append(out, medml.Measure{Name: m.Name, Value: m.Compute(f.predictions())})
	}
	return out
}

// latency returns how many milliseconds the prediction of one example takes, alone: the
// median of several.
func (f *fit) latency(clock func() time.Time) float64 {
	const warmUp, measured = 3, 15
	var took []time.Duration
	score := make([]float64, f.fold.outputs())
	for i := range warmUp + measured {
		f.plan.input.gather(f.x, f.fold.valid, []int{i % f.fold.valid.Len()})
		began := clock()
		f.model.Forward(f.x, false)
		f.views.score(f.model, f.x, f.fold.reading, score)
		if i >= warmUp {
			took = append(took, clock().Sub(began))
		}
	}
	slices.Sort(took)
	return float64(took[measured/2]) / float64(time.Millisecond)
}
