package nn

import (
	"fmt"

	"medml/nn/internal/f32"
)

const averageKind = 'A' // a running mean of the weights, then one of the layers' statistics

// Average is a running mean of a model's weights, and of the statistics that its layers keep,
// which often predicts better than where the weights happen to stand (Polyak & Juditsky 1992;
// exponential as in Tarvainen & Valpola 2017). After step t
//
//	mean ← d·mean + (1-d)·weights,  d = min(decay, (1+t)/(10+t))
//
// so that the first steps are soon forgotten.
type Average struct {
	model *Model
	decay float64
	data  []float32 // as the plan's numbers are appended
}

// NewAverage returns the mean of a model, 0 ≤ decay < 1, that begins with its weights.
func NewAverage(m *Model, decay float64) *Average {
	if !(decay >= 0 && decay < 1) {
		panic(fmt.Sprintf("nn: an average's decay %v isn't in [0, 1)", decay))
	}
	a := &Average{model: m, decay: decay, data: m.plan.memory.take(len(m.plan.data) + m.plan.stateCount())}
	a.each(func(mean, now []float32) { copy(mean, now) })
	return a
}

// Update takes the weights in after so many steps.
func (a *Average) Update(steps int) {
	t := float64(steps)
	rest := float32(1 - min(a.decay, (1+t)/(10+t)))
	at := a.update(0, a.model.plan.data, rest)
	for _, s := range a.model.plan.states {
		at = a.update(at, s.Data, rest)
	}
}

func (a *Average) update(at int, now []float32, rest float32) int {
	mean := a.data[at:][:len(now)]
	f32.Scale(1-rest, mean)
	f32.Axpy(rest, now, mean)
	return at + len(now)
}

// Swap exchanges the mean and what the model has, until it is called again.
func (a *Average) Swap() {
	a.each(func(mean, now []float32) {
		for i, x := range mean {
			mean[i], now[i] = now[i], x
		}
	})
}

// each calls f for the parts of the mean and what they are the means of.
func (a *Average) each(f func(mean, now []float32)) {
	p := a.model.plan
	f(a.data[:len(p.data)], p.data)
	at := len(p.data)
	for _, s := range p.states {
		f(a.data[at:at+s.n], s.Data)
		at += s.n
	}
}

// Append appends all that the mean needs to go on to the same bits.
func (a *Average) Append(to []byte) []byte {
	return appendFloats(a.model.plan.appendHeader(to, averageKind), a.data)
}

// Restore sets what Append wrote of a mean of a model of the same parts.
func (a *Average) Restore(from []byte) error {
	numbers, err := a.model.plan.body(from, averageKind, a.Size())
	if err != nil {
		return fmt.Errorf("restoring an average: %w", err)
	}
	restoreFloats(a.data, numbers)
	return nil
}

// Size returns how many bytes Append appends.
func (a *Average) Size() int { return headerSize + 4*len(a.data) }
