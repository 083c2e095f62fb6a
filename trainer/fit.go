package trainer

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"medml"
	"medml/dataset"
	"medml/internal/elementary"
	"medml/metric"
	"medml/nn"
)

// fit trains one model on one fold.
type fit struct {
	trainer *Trainer
	plan    plan
	fold    fold
	index   int // of the fold
	model   *nn.Model
	loss    nn.Loss
	optim   nn.Optimizer
	rates   nn.Schedule
	order   []int
	shuffle *rand.Rand
	step    int

	// A batch, and the gradients of the loss with respect to what the model gives for it.
	batch                    int
	x, dlogits, dreconstruct *nn.Tensor
	labels                   []int32
	values                   []float32
	reconstructionWeight     float64
	clip                     float64

	scores []float64 // of the validation part
}

// A plateau of the validation loss is three epochs long, and halves the learning rate; a
// step, after each third of the steps, takes it to a tenth.
const plateauPatience = 3

var scheduleFactor = map[string]float64{"plateau": 0.5, "step": 0.1}

// newFit builds a trial's model for a fold, its weights drawn anew.
func newFit(t *Trainer, p plan, trial, index int) (*fit, error) {
	s, fd := p.settings, t.folds[index]
	built, err := p.arch.Build(s, t.shape, t.outputs())
	if err != nil {
		return nil, err
	}
	seed := t.config.Seed
	f := &fit{
		trainer: t, plan: p, fold: fd, index: index,
		loss:    t.loss(s, fd),
		shuffle: medml.Stream(seed, "shuffle", trial, index),
		batch:   s.Int("batch_size"), clip: s.Float("clip_norm"),
		reconstructionWeight: built.ReconstructionWeight,
	}
	f.model = t.memory.NewModel(built.Parts, t.shape, f.batch, medml.Stream(seed, "weights", trial, index))
	oc := nn.OptimizerConfig{WeightDecay: s.Float("weight_decay")}
	if s.Text("optimizer") == "sgd" {
		oc.Momentum, oc.Nesterov = s.Float("momentum"), s.Float("momentum") > 0
	}
	f.optim, err = nn.NewOptimizer(s.Text("optimizer"), f.model.Weights(), oc)
	if err != nil {
		return nil, err
	}
	steps := (fd.train.Len() + f.batch - 1) / f.batch
	f.rates, err = nn.NewSchedule(s.Text("schedule"), nn.ScheduleConfig{
		Rate: s.Float("learning_rate"), Steps: steps * t.config.Epochs,
		Warmup:   int(s.Float("warmup") * float64(steps*t.config.Epochs)),
		Patience: plateauPatience, Factor: scheduleFactor[s.Text("schedule")],
	})
	if err != nil {
		return nil, err
	}
	f.buffers()
	return f, nil
}

// buffers makes what the batches and the scores are kept in, once.
func (f *fit) buffers() {
	t := f.trainer
	f.x = nn.NewTensor(append([]int{f.batch}, t.shape...)...)
	f.dlogits = nn.NewTensor(f.batch, t.outputs())
	if f.reconstructionWeight > 0 {
		f.dreconstruct = nn.NewTensor(f.batch, f.x.Size())
	}
	f.labels, f.values = make([]int32, f.batch), make([]float32, f.batch)
	f.order = make([]int, f.fold.train.Len())
	for i := range f.order {
		f.order[i] = i
	}
	f.scores = make([]float64, f.fold.valid.Len()*t.outputs())
}

// run trains for all epochs and reports each. before are the values of the folds before.
func (f *fit) run(ctx context.Context, before []float64, report medml.Report) (medml.Run, error) {
	c := f.trainer.config
	run := medml.Run{Fold: f.index, Value: math.NaN()}
	for epoch := range c.Epochs {
		loss, err := f.epoch(ctx)
		if err == nil && (math.IsNaN(loss) || math.IsInf(loss, 0)) {
			err = fmt.Errorf("%w: the loss is %v in epoch %d of fold %d", medml.ErrDiverged, loss, epoch+1, f.index+1)
		}
		if err != nil {
			return run, err
		}
		valid := f.validate()
		f.rates.EpochEnded(valid)
		e := medml.Epoch{Step: f.index*c.Epochs + epoch + 1, Loss: loss, ValidLoss: valid, Value: c.Metric.Compute(f.predictions())}
		e.Report = f.trainer.aggregate(append(before[:len(before):len(before)], e.Value))
		run.Epochs = append(run.Epochs, e)
		if err := report(f.index, e); err != nil {
			return run, err
		}
	}
	run.Value = run.Epochs[len(run.Epochs)-1].Value
	run.Measures = f.measures(run.Value)
	run.Weights = f.model.Hash()
	return run, nil
}

// epoch trains once over the training part in a new order, and returns the mean loss.
func (f *fit) epoch(ctx context.Context) (float64, error) {
	f.shuffle.Shuffle(len(f.order), func(i, j int) { f.order[i], f.order[j] = f.order[j], f.order[i] })
	sum := 0.0
	for at := 0; at < len(f.order); at += f.batch {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		batch := f.order[at:min(at+f.batch, len(f.order))]
		sum += float64(f.train(batch) * float64(len(batch)))
	}
	return sum / float64(len(f.order)), nil
}

// train makes one step on a batch and returns its mean loss.
func (f *fit) train(batch []int) float64 {
	target := f.gather(f.fold.train, batch)
	f.model.Forward(f.x, true)
	f.dlogits.Resize(len(batch))
	loss := f.loss.Compute(f.model.Logits(), target, f.dlogits)
	if f.dreconstruct != nil {
		f.dreconstruct.Resize(len(batch))
		rec := nn.MSE{}.Compute(f.model.Reconstruction(), nn.Target{Values: f.x.Data}, f.dreconstruct)
		w := float32(f.reconstructionWeight)
		for i, g := range f.dreconstruct.Data {
			f.dreconstruct.Data[i] = w * g
		}
		loss += float64(f.reconstructionWeight * rec)
	}
	f.model.Backward(f.dlogits, f.dreconstruct)
	if f.clip > 0 {
		nn.ClipNorm(f.model.Weights(), f.clip)
	}
	f.optim.Step(f.rates.Rate(f.step))
	f.step++
	return loss
}

// gather copies the examples of a batch into x and returns their targets.
func (f *fit) gather(m dataset.Matrix, batch []int) nn.Target {
	f.x.Resize(len(batch))
	size := f.x.Size()
	for i, row := range batch {
		copy(f.x.Row(i), m.X[row*size:(row+1)*size])
	}
	if f.trainer.classes == 0 {
		for i, row := range batch {
			f.values[i] = float32((float64(m.Targets[row]) - f.fold.targetMean) / f.fold.targetScale)
		}
		return nn.Target{Values: f.values[:len(batch)]}
	}
	for i, row := range batch {
		f.labels[i] = m.Labels[row]
	}
	return nn.Target{Labels: f.labels[:len(batch)]}
}

// validate predicts the validation part into scores and returns the mean loss of the
// prediction, without the reconstruction's.
func (f *fit) validate() float64 {
	m := f.fold.valid
	n := m.Len()
	sum := 0.0
	index := make([]int, f.batch)
	for at := 0; at < n; at += f.batch {
		batch := index[:min(f.batch, n-at)]
		for i := range batch {
			batch[i] = at + i
		}
		target := f.gather(m, batch)
		f.model.Forward(f.x, false)
		logits := f.model.Logits()
		sum += float64(f.loss.Compute(logits, target, nil) * float64(len(batch)))
		f.score(logits, at)
	}
	return sum / float64(n)
}

// score turns logits of the rows from at on into scores: the probability of the positive
// class, of each class, or a number in the target's units.
func (f *fit) score(logits *nn.Tensor, at int) {
	switch k := f.trainer.classes; {
	case k == 0:
		for i, x := range logits.Data {
			f.scores[at+i] = f.fold.targetMean + float64(f.fold.targetScale*float64(x))
		}
	case k == 2:
		for i, x := range logits.Data {
			f.scores[at+i] = elementary.Sigmoid(float64(x))
		}
	default:
		for i := range logits.Len() {
			softmax(f.scores[(at+i)*k:(at+i+1)*k], logits.Row(i))
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
