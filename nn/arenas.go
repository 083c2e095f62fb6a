package nn

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// Arenas is memory that models hand on: what [Model.Release] gives back is taken by the
// models and optimizers built next. A search builds thousands of models, of which only a
// few live at once; fresh memory for each costs page faults, and waits for the garbage
// collector to be had back.
//
// At most as many pieces are kept as were in use at once, none larger than the largest that
// a model asked for. The zero value is ready for use, by many goroutines.
type Arenas struct {
	mu   sync.Mutex
	free [][]float32 // by rising size
}

// NewModel is [NewModel] in such memory. The model and its optimizer have the same bits as
// in any other.
func (a *Arenas) NewModel(parts Parts, in []int, batch int, rng *rand.Rand) *Model {
	p := NewPlan(batch, rng)
	p.memory.from = a
	return newModel(p, parts, in)
}

// Release ends the use of a model and of an optimizer of its weights: their memory goes
// back to the [Arenas] that the model was built with, if any. Neither may be used any more,
// nor anything that they gave.
func (m *Model) Release() { m.plan.release() }

// release gives the memory back, and leaves nobody in the plan a way to it.
func (p *Plan) release() {
	p.data, p.grad = nil, nil
	for _, w := range p.weights {
		w.Data, w.Grad = nil, nil
	}
	for _, t := range p.tensors {
		t.Data = nil
	}
	for _, b := range slices.Concat(p.floats, p.states) {
		b.Data = nil
	}
	for _, s := range p.scratch {
		s.data = nil
	}
	p.memory.end()
}

// lease is the memory that a model has of arenas, or of its own without any.
type lease struct {
	from  *Arenas
	taken [][]float32
}

// take returns n zeros.
func (l *lease) take(n int) []float32 {
	if l == nil || l.from == nil {
		return make([]float32, n)
	}
	x := l.from.take(n)
	l.taken = append(l.taken, x)
	return x[:n:n]
}

// end gives everything back.
func (l *lease) end() {
	for _, x := range l.taken {
		l.from.give(x)
	}
	l.taken = nil
}

// take returns n zeros with whatever capacity lies behind them: the smallest free piece
// that is large enough, or a new one in place of the largest free.
func (a *Arenas) take(n int) []float32 {
	a.mu.Lock()
	i, _ := slices.BinarySearchFunc(a.free, n, func(x []float32, n int) int { return cap(x) - n })
	found := i < len(a.free)
	var x []float32
	switch {
	case found:
		x = a.free[i]
		a.free = slices.Delete(a.free, i, i+1)
	case i > 0:
		a.free = slices.Delete(a.free, i-1, i)
	}
	a.mu.Unlock()
	if !found {
		return make([]float32, n)
	}
	x = x[:n]
	clear(x)
	return x
}

func (a *Arenas) give(x []float32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i, _ := slices.BinarySearchFunc(a.free, cap(x), func(x []float32, n int) int { return cap(x) - n })
	a.free = slices.Insert(a.free, i, x)
}
