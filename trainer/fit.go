package trainer

import (
	"encoding/hex"
	"math"
	"math/rand/v2"

	"medml"
	"medml/dataset"
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
	order   []int // rows of the training part
	shuffle *rand.Rand
	step    int

	sampling
	views        views
	average      *nn.Average   // that is judged and kept instead of the weights; nil without
	augmentation *augmentation // nil where examples are trained on as they are

	// Where the training stands: at examples of the epoch at hand have been trained, with so
	// much loss in sum; epochs are those that have been reported.
	epoch, at int
	sum       float64
	epochs    []medml.Epoch

	// A batch, and the gradients of the loss with respect to what the model gives for it.
	batch                    int
	x, dlogits, dreconstruct *nn.Tensor
	labels                   []int32
	values                   []float32
	rows                     []int // of the validation part
	reconstructionWeight     float64
	clip                     float64

	scores []float64 // of the validation part
}

// A plateau of the validation loss is three epochs long, and halves the learning rate; a
// step, after each third of the steps, takes it to a tenth.
const plateauPatience = 3

var scheduleFactor = map[string]float64{"plateau": 0.5, "step": 0.1}

// newFit builds a trial's model for a fold, its weights drawn anew, to be trained on a
// share of it.
func newFit(t *Trainer, p plan, trial medml.Trial, share, index int) (*fit, error) {
	s, fd := p.settings, t.folds[index]
	built, err := p.arch.Build(s, p.input.Input, t.outputs())
	if err != nil {
		return nil, err
	}
	f := &fit{
		trainer: t, plan: p, fold: fd, index: index,
		loss:    t.loss(s, fd),
		shuffle: t.stream("shuffle", trial, index),
		batch:   s.Int("batch_size"), clip: s.Float("clip_norm"),
		reconstructionWeight: built.ReconstructionWeight,
	}
	f.buffers(share)
	f.views = newViews(s.Text("tta"), p.input, f.batch, t.outputs())
	f.sampling = newSampling(s.Text("sampling"), f.order, fd.train.Labels, t.classes)
	if f.augmentation, err = newAugmentation(f, trial); err != nil {
		return nil, err
	}
	f.model = t.memory.NewModel(built.Parts, p.input.Tensor(), f.batch, t.stream("weights", trial, index))
	f.optim, err = nn.NewOptimizer(s.Text("optimizer"), f.model.Weights(), optimizerConfig(p))
	if err != nil {
		return nil, err
	}
	if decay := s.Float("ema"); decay > 0 {
		f.average = nn.NewAverage(f.model, decay)
	}
	steps := f.stepsAnEpoch()
	f.rates, err = nn.NewSchedule(s.Text("schedule"), nn.ScheduleConfig{
		Rate: s.Float("learning_rate"), Steps: steps * t.config.Epochs,
		Warmup:   int(s.Float("warmup") * float64(steps*t.config.Epochs)),
		Patience: plateauPatience, Factor: scheduleFactor[s.Text("schedule")],
	})
	return f, err
}

func optimizerConfig(p plan) nn.OptimizerConfig {
	s := p.settings
	c := nn.OptimizerConfig{WeightDecay: s.Float("weight_decay")}
	if s.Text("optimizer") == "sgd" {
		c.Momentum, c.Nesterov = s.Float("momentum"), s.Float("momentum") > 0
	}
	return c
}

// stream returns what a trial draws from on a fold. A repeat has streams of its own.
func (t *Trainer) stream(purpose string, trial medml.Trial, fold int) *rand.Rand {
	at := []int{trial.Number, fold}
	if trial.Seed > 0 {
		at = append(at, trial.Seed)
	}
	return medml.Stream(t.config.Seed, purpose, at...)
}

// buffers makes what the batches and the scores are kept in, once.
func (f *fit) buffers(share int) {
	t := f.trainer
	f.x = f.plan.input.batch(f.batch)
	f.dlogits = nn.NewTensor(f.batch, t.outputs())
	if f.reconstructionWeight > 0 {
		f.dreconstruct = nn.NewTensor(f.batch, f.x.Size())
	}
	f.labels, f.values, f.rows = make([]int32, f.batch), make([]float32, f.batch), make([]int, f.batch)
	f.order = f.fold.order(share)
	f.scores = make([]float64, f.fold.valid.Len()*t.outputs())
}

// stepsAnEpoch is how many batches the training part has.
func (f *fit) stepsAnEpoch() int { return (len(f.order) + f.batch - 1) / f.batch }

// reorder begins an epoch.
func (f *fit) reorder() { f.sampling.reorder(f.order, f.shuffle) }

// train makes the next step of the epoch.
func (f *fit) train() {
	batch := f.order[f.at:min(f.at+f.batch, len(f.order))]
	f.sum += float64(f.update(batch) * float64(len(batch)))
	f.at += len(batch)
}

// update makes one step on a batch and returns its mean loss.
func (f *fit) update(batch []int) float64 {
	target := f.gather(f.fold.train, batch)
	if f.augmentation != nil {
		f.augmentation.change(f.x, target, f.step)
	}
	f.model.Forward(f.x, true)
	f.dlogits.Resize(len(batch))
	loss := f.compute(f.model.Logits(), target)
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
	if f.average != nil {
		f.average.Update(f.step)
	}
	return loss
}

// compute is the loss of a batch that is trained on, and its gradient.
func (f *fit) compute(logits *nn.Tensor, target nn.Target) float64 {
	if f.augmentation != nil && f.augmentation.mixup != nil {
		return f.augmentation.mixup.compute(f.loss, logits, target, f.dlogits)
	}
	return f.loss.Compute(logits, target, f.dlogits)
}

// gather copies the examples of a batch into x and returns their targets.
func (f *fit) gather(m dataset.Matrix, batch []int) nn.Target {
	f.plan.input.gather(f.x, m, batch)
	if f.trainer.classes == 0 {
		for i, row := range batch {
			f.values[i] = float32((float64(m.Targets[row]) - f.fold.mean) / f.fold.scale)
		}
		return nn.Target{Values: f.values[:len(batch)]}
	}
	for i, row := range batch {
		f.labels[i] = m.Labels[row]
	}
	return nn.Target{Labels: f.labels[:len(batch)]}
}

// run is what has been trained so far.
func (f *fit) run() medml.Run {
	return medml.Run{Fold: f.index, Epochs: f.epochs, Value: math.NaN()}
}

// finished is the run after the last epoch.
func (f *fit) finished() medml.Run {
	run := f.run()
	run.Value = run.Epochs[len(run.Epochs)-1].Value
	run.Measures = f.measures(run.Value)
	run.Weights = f.model.Hash()
	return run
}

// part is what an artifact keeps of the fold.
func (f *fit) part() []byte {
	hash, err := hex.DecodeString(f.model.Hash())
	if err != nil {
		panic(err) // it is hexadecimal
	}
	preparation, err := f.fold.prepared.AppendBinary(nil)
	if err != nil {
		panic("trainer: " + err.Error()) // it has none
	}
	p := part{
		preparation: preparation, rows: f.fold.rows, scores: f.scores,
		hash: hash, weights: f.model.AppendWeights(nil),
	}
	return p.encode()
}
