package trainer

import (
	"math"

	"medml"
	"medml/augment"
	"medml/dataset"
	"medml/nn"
	"medml/nn/arch"
)

// augmentation changes the batches that a fit trains on, and never those it is judged on. It
// draws from a stream of the trial's own, of which every step has a part: so a training goes
// on from a checkpoint with the draws that it would have had.
type augmentation struct {
	stream *augment.Stream
	each   *augment.Augmenter // of single examples; nil without
	shown  int                // numbers of an example that it changes, the first
	mixup  *mixup             // nil without
}

// mixup is what batches are mixed with: themselves, in another order.
type mixup struct {
	alpha   float64
	lambda  float64 // of the batch at hand
	partner []int
	x       *nn.Tensor
	dlogits *nn.Tensor
	labels  []int32
	values  []float32
}

// newAugmentation returns nil where nothing is asked for.
func newAugmentation(f *fit, trial medml.Trial) (*augmentation, error) {
	t, s := f.trainer, f.plan.settings
	config, alpha := augmentConfig(s), s.Float("mixup")
	if f.plan.input.shown() == 0 {
		config = augment.Config{}
	}
	if !config.On() && alpha == 0 {
		return nil, nil
	}
	a := &augmentation{stream: augment.NewStream(t.stream("augment", trial, f.index)), shown: f.plan.input.shown()}
	if config.On() {
		var err error
		if a.each, err = augment.New(config, t.shape, f.fold.levels()); err != nil {
			return nil, err
		}
	}
	if alpha > 0 {
		a.mixup = &mixup{
			alpha: alpha, partner: make([]int, f.batch),
			x: nn.NewTensor(f.x.Shape...), dlogits: nn.NewTensor(f.dlogits.Shape...),
			labels: make([]int32, f.batch), values: make([]float32, f.batch),
		}
	}
	return a, nil
}

// augmentBytes is what an augmentation takes.
func (t *Trainer) augmentBytes(p plan, features int64) int64 {
	bytes := augmentConfig(p.settings).Bytes(int(features))
	if p.settings.Float("mixup") > 0 {
		bytes += int64(p.settings.Int("batch_size")) * (4*features + 4*int64(t.outputs()) + 4 + 4 + 8)
	}
	return bytes
}

// change changes the batch that has been gathered for a step.
func (a *augmentation) change(x *nn.Tensor, target nn.Target, step int) {
	a.stream.At(step)
	if a.each != nil {
		for i := range x.Len() {
			a.each.Apply(x.Row(i)[:a.shown], a.stream.Rand)
		}
	}
	if a.mixup != nil {
		a.mixup.mix(x, target, a.stream)
	}
}

// mix mixes the batch with itself, and notes the other examples' targets.
func (m *mixup) mix(x *nn.Tensor, target nn.Target, s *augment.Stream) {
	n := x.Len()
	m.lambda = augment.Beta(m.alpha, s.Rand)
	augment.Permute(m.partner[:n], s.Rand)
	m.x.Resize(n)
	for i, j := range m.partner[:n] {
		copy(m.x.Row(i), x.Row(j))
		if target.Labels != nil {
			m.labels[i] = target.Labels[j]
		} else {
			m.values[i] = target.Values[j]
		}
	}
	augment.Mix(x.Data, m.x.Data, float32(m.lambda))
}

// compute is the loss λ·L(y) + (1-λ)·L(y of the partner), with its gradient.
func (m *mixup) compute(loss nn.Loss, logits *nn.Tensor, target nn.Target, grad *nn.Tensor) float64 {
	n := logits.Len()
	var other nn.Target
	if target.Labels != nil {
		other.Labels = m.labels[:n]
	} else {
		other.Values = m.values[:n]
	}
	m.dlogits.Resize(n)
	own, its := loss.Compute(logits, target, grad), loss.Compute(logits, other, m.dlogits)
	augment.Mix(grad.Data, m.dlogits.Data, float32(m.lambda))
	return float64(m.lambda*own) + float64((1-m.lambda)*its)
}

// levelsOf returns what the channels of a training part are like: of an image or a signal the
// last side of the shape, and of a vector each feature. Of very many numbers it looks at
// every second, third, … row.
func levelsOf(m dataset.Matrix, shape []int) augment.Levels {
	const most = 1 << 22
	channels := shape[len(shape)-1]
	stride := 1 + (m.Len()*m.Width-1)/most
	row := make([]float32, m.Width)
	size := arch.Input{Shape: shape}.Size()
	mean, square := make([]float64, channels), make([]float64, channels)
	each := func(see func(c int, x float64)) {
		for i := 0; i < m.Len(); i += stride {
			m.Copy(row, i)
			for j, x := range row[:size] {
				see(j%channels, float64(x))
			}
		}
	}
	n := float64((m.Len() + stride - 1) / stride * (size / channels))
	each(func(c int, x float64) { mean[c] += x / n })
	each(func(c int, x float64) { square[c] += float64((x-mean[c])*(x-mean[c])) / n })
	l := augment.Levels{Mean: make([]float32, channels), SD: make([]float32, channels)}
	for c := range channels {
		l.Mean[c], l.SD[c] = float32(mean[c]), float32(math.Sqrt(square[c]))
	}
	return l
}
