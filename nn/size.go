package nn

import (
	"math/rand/v2"
	"reflect"
)

// Size is what a model takes, told before it is built.
type Size struct {
	Weights int // trainable numbers
	States  int // numbers that belong to the model without being trained
	// Bytes are what the model itself takes: weights, gradients, statistics, activations
	// and workspaces. Of a model split over several threads, each beyond the first takes
	// PerThread more.
	Bytes, PerThread int64
	// Products are the multiplications, each with its addition, of one example's way
	// forward through kernels: those of dense layers, convolutions and recurrent cells. What
	// is done to each number apart, as biases and norms, is not counted.
	Products int64
}

// WeightsSize returns how many bytes AppendWeights appends for a model of this size.
func (s Size) WeightsSize() int { return headerSize + 4*(s.Weights+s.States) }

// Measure returns the size that NewModel would give a model of these parts. It makes none
// of it. The parts can't be built afterwards.
func Measure(parts Parts, in []int, batch int) Size {
	p := NewPlan(batch, rand.New(rand.NewPCG(0, 0)))
	p.measuring = true
	declare(p, parts, in)
	s := Size{Weights: p.WeightCount(), States: p.stateCount()}
	s.Bytes = int64(4*p.size()) + p.other
	for _, b := range p.scratch {
		s.PerThread += int64(4 * b.n)
	}
	for _, w := range p.weights {
		if len(w.Shape) > 1 {
			s.Products += int64(size(w.Shape)) * w.times
		}
	}
	return s
}

// array returns n numbers, which live as long as the plan's buffers. A plan that is only
// measured gives none.
func array[T any](p *Plan, n int) []T {
	p.other += int64(n) * int64(reflect.TypeFor[T]().Size())
	if p.measuring {
		return nil
	}
	return make([]T, n)
}

// repeated is a layer that multiplies with its kernels more or less often than once for an
// example of shape in.
type repeated interface{ times(in []int) int64 }

func (d *Dense) times(in []int) int64      { return int64(size(in[:len(in)-1])) }
func (l *conv) times([]int) int64          { return int64(l.geo.h.out) * int64(l.geo.w.out) }
func (l *convTranspose) times([]int) int64 { return int64(l.geo.h.out) * int64(l.geo.w.out) }
func (r *recurrent) times(in []int) int64  { return int64(in[0]) }
func (l *Embedding) times([]int) int64     { return 0 }

// count notes on the weights that a layer has declared how often each is multiplied with.
func count(l Layer, in []int, declared []*Weight) {
	r, ok := l.(repeated)
	if !ok {
		return
	}
	for _, w := range declared {
		w.times = r.times(in)
	}
}
