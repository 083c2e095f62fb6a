package trainer

import (
	"medml"
	"medml/nn"
)

// Need returns how many bytes the training of a trial takes at most at once: the model with
// its gradients and workspaces, the optimizer's moments, the batches and scores, and a
// checkpoint; with Keep, the trained models too. The data, which all trials share, isn't
// counted. It takes microseconds and makes nothing of it.
func (t *Trainer) Need(trial medml.Trial) (int64, error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return 0, err
	}
	size, err := t.measure(p)
	if err != nil {
		return 0, err
	}
	trained := 4 * int64(size.Weights+size.States)
	checkpoint := trained + t.momentBytes(p, size)
	if p.settings.Float("ema") > 0 {
		checkpoint += trained
	}
	need := t.fitBytes(p, size) + checkpoint
	if t.config.Keep {
		// The models of the folds before, once more in a checkpoint or in the artifact.
		need += 2 * (int64(len(t.folds))*trained + t.predictedBytes())
	}
	return need, nil
}

// Cost returns how many trainable numbers a trial's model has, and how many
// multiplications, each with its addition, one example's prediction takes in its dense
// layers, convolutions and recurrent cells.
func (t *Trainer) Cost(trial medml.Trial) (weights int, flops int64, err error) {
	p, err := t.plan(trial.Params)
	if err != nil {
		return 0, 0, err
	}
	size, err := t.measure(p)
	return size.Weights, size.Products, err
}

// size is what a trial's model takes.
type size struct {
	nn.Size
	reconstructs bool
}

// measure returns the size of a trial's model.
func (t *Trainer) measure(p plan) (size, error) {
	built, err := p.arch.Build(p.settings, p.input.Input, t.outputs())
	if err != nil {
		return size{}, err
	}
	measured := nn.Measure(built.Parts, p.input.Tensor(), p.settings.Int("batch_size"))
	measured.Products *= viewCount(p.settings.Text("tta"))
	return size{measured, built.ReconstructionWeight > 0}, nil
}

// fitBytes is what a fit takes; see its fields.
func (t *Trainer) fitBytes(p plan, size size) int64 {
	features := int64(p.input.Size() + p.input.Covariates)
	example := 4*features + 4*int64(t.outputs()) + 4 + 4 + 8 // x, dlogits, labels, values, rows
	if size.reconstructs {
		example += 4 * features
	}
	train, valid := 0, 0
	for _, f := range t.folds {
		train, valid = max(train, f.train.Len()), max(valid, f.valid.Len())
	}
	data := 8*int64(train) + 8*int64(valid*t.outputs()) // order, scores
	if p.settings.Text("sampling") == "balanced" {
		data += 8 * int64(train) // once more, by class
	}
	if p.settings.Float("ema") > 0 {
		data += 4 * int64(size.Weights+size.States)
	}
	data += viewBytes(p.settings.Text("tta"), p.input, p.settings.Int("batch_size"), t.outputs())
	data += t.augmentBytes(p, features)
	threads := int64(max(1, t.config.Threads) - 1)
	return size.Bytes + threads*size.PerThread + t.momentBytes(p, size) + int64(p.settings.Int("batch_size"))*example + data
}

// momentBytes is what the optimizer remembers, told by what it does of a single number.
func (t *Trainer) momentBytes(p plan, size size) int64 {
	one := []*nn.Weight{{Data: make([]float32, 1)}}
	o, err := nn.NewOptimizer(p.settings.Text("optimizer"), one, optimizerConfig(p))
	if err != nil {
		return 0 // the training will say so
	}
	return 4 * int64(len(o.State())) * int64(size.Weights)
}

// predictedBytes is what the scores of all folds and the preparations take.
func (t *Trainer) predictedBytes() int64 {
	n := int64(0)
	for _, f := range t.folds {
		n += 8*int64(len(f.rows)*(1+t.outputs())) + 3*8*int64(len(t.features)+len(t.beside))
	}
	return n
}
