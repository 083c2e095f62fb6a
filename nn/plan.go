package nn

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Weight is a trainable tensor with its gradient.
type Weight struct {
	Name  string
	Shape []int
	Data  []float32
	Grad  []float32
	// Decay says whether weight decay applies: to kernels, not to biases and norms.
	Decay bool

	init   Init
	team   *team  // the plan's
	memory *lease // likewise

	// overwrites says that the layer sets Grad, the first time it is called in a way back
	// while fresh is set, so that nobody needs to zero it.
	overwrites, fresh bool

	times int64 // that an example is multiplied with it
}

// Plan collects the weights and buffers that layers ask for while they are built, and
// then lays them out: all weights in one vector, all gradients in another, all buffers in
// an arena. What a layer gets from it has no data before [Plan.Allocate].
type Plan struct {
	batch     int
	rng       *rand.Rand
	inputGrad bool

	weights []*Weight
	tensors []*Tensor
	floats  []*Buffer
	states  []*Buffer
	streams []*rand.PCG
	scratch []*scratch
	path    []string
	team    *team // shares the layers' work; of one thread unless the model is split

	memory     lease
	data, grad []float32 // the weights and gradients, flat

	measuring bool  // nothing is to be made
	other     int64 // bytes that layers have made themselves
}

// Buffer is scratch memory of a layer that has no batch dimension.
type Buffer struct {
	Data  []float32
	n     int
	start float32
}

// scratch is a buffer of which each thread of a split model has its own.
type scratch struct {
	n    int
	data [][]float32
}

// of returns a worker's.
func (s *scratch) of(worker int) []float32 { return s.data[worker] }

// NewPlan returns a plan for batches of up to batch examples. The weights are drawn, and
// dropout's masks seeded, from rng in the order of the layers.
func NewPlan(batch int, rng *rand.Rand) *Plan {
	if batch < 1 {
		panic("nn: a plan needs room for at least one example")
	}
	return &Plan{batch: batch, rng: rng, team: newTeam()}
}

// Batch returns the largest number of examples in a batch.
func (p *Plan) Batch() int { return p.batch }

// WantInputGrad makes the first layers compute the gradient with respect to the model's
// input, which training doesn't need. It is called before any Build.
func (p *Plan) WantInputGrad() { p.inputGrad = true }

// InputGrad reports, during Build, whether the layer's Backward must return the gradient
// with respect to its input: false where nothing trainable comes before it.
func (p *Plan) InputGrad() bool { return p.inputGrad }

// Weight declares a trainable tensor. Kernels, of two or more dimensions, decay.
func (p *Plan) Weight(name string, init Init, shape ...int) *Weight {
	for i := len(p.path) - 1; i >= 0; i-- {
		name = p.path[i] + "." + name
	}
	w := &Weight{
		Name: name, Shape: slices.Clone(shape), Decay: len(shape) > 1,
		init: init, team: p.team, times: 1, memory: &p.memory,
	}
	p.weights = append(p.weights, w)
	return w
}

// Tensor declares a tensor of [batch, shape...].
func (p *Plan) Tensor(shape ...int) *Tensor {
	t := &Tensor{Shape: append([]int{p.batch}, shape...), full: size(shape)}
	p.tensors = append(p.tensors, t)
	return t
}

// Buffer declares n numbers of scratch memory.
func (p *Plan) Buffer(n int) *Buffer {
	b := &Buffer{n: n}
	p.floats = append(p.floats, b)
	return b
}

// perThread declares n numbers of scratch memory for each thread.
func (p *Plan) perThread(n int) *scratch {
	s := &scratch{n: n}
	p.scratch = append(p.scratch, s)
	return s
}

// split shares the layers' work between so many threads, until stop.
func (p *Plan) split(threads int) (stop func()) {
	for _, s := range p.scratch {
		for len(s.data) < threads {
			s.data = append(s.data, make([]float32, s.n))
		}
	}
	return p.team.start(threads)
}

// State declares n numbers that belong to the trained model without being trained, such
// as running statistics. They are part of its hash and its checkpoints, and start at value.
func (p *Plan) State(n int, value float32) *Buffer {
	b := &Buffer{n: n, start: value}
	p.states = append(p.states, b)
	return b
}

// startGradients sets all gradients to 0, or leaves that to their layers.
func (p *Plan) startGradients() {
	for _, w := range p.weights {
		if w.fresh = w.overwrites; !w.fresh {
			p.team.clear(w.Grad)
		}
	}
}

// endGradients zeroes those that no layer has set.
func (p *Plan) endGradients() {
	for _, w := range p.weights {
		if w.fresh {
			w.fresh = false
			p.team.clear(w.Grad)
		}
	}
}

// Stream returns a random stream of its own for a layer that draws while training.
// Where it stands is part of the model's state.
func (p *Plan) Stream() *rand.PCG {
	s := rand.NewPCG(p.rng.Uint64(), p.rng.Uint64())
	p.streams = append(p.streams, s)
	return s
}

// scoped builds a part of a layer under a name of its own.
func (p *Plan) scoped(name string, l Layer, in []int) []int {
	p.path = append(p.path, name)
	from := len(p.weights)
	out := l.Build(p, in)
	count(l, in, p.weights[from:])
	p.path = p.path[:len(p.path)-1]
	return out
}

// trainable reports whether any weight has been declared so far.
func (p *Plan) trainable() bool { return len(p.weights) > 0 }

// Allocate lays everything out and draws the initial weights, in the order of their
// declaration.
func (p *Plan) Allocate() {
	n := p.WeightCount()
	arena := p.memory.take(p.size())
	take := func(n int) []float32 {
		s := arena[:n:n]
		arena = arena[padded(n):]
		return s
	}
	p.data, p.grad = take(n), take(n)
	at := 0
	for _, w := range p.weights {
		end := at + size(w.Shape)
		w.Data, w.Grad = p.data[at:end:end], p.grad[at:end:end]
		at = end
		w.init(p.rng, w.Shape, w.Data)
	}
	for _, s := range p.states {
		s.Data = take(s.n)
		for i := range s.Data {
			s.Data[i] = s.start
		}
	}
	for _, t := range p.tensors {
		t.Data = take(p.batch * t.full)
	}
	for _, b := range p.floats {
		b.Data = take(b.n)
	}
	for _, s := range p.scratch {
		s.data = [][]float32{take(s.n)}
	}
}

// WeightCount returns the number of trainable numbers.
func (p *Plan) WeightCount() int {
	n := 0
	for _, w := range p.weights {
		n += size(w.Shape)
	}
	return n
}

// Bytes estimates the memory that weights, gradients, two moments of an optimizer,
// statistics and buffers take.
func (p *Plan) Bytes() int {
	return 4*(p.size()+2*p.WeightCount()) + int(p.other)
}

// size is how many numbers the plan lays out.
func (p *Plan) size() int { return 2*padded(p.WeightCount()) + p.bufferSize() }

func (p *Plan) bufferSize() int {
	n := 0
	for _, s := range p.states {
		n += padded(s.n)
	}
	for _, t := range p.tensors {
		n += padded(p.batch * t.full)
	}
	for _, b := range p.floats {
		n += padded(b.n)
	}
	for _, s := range p.scratch {
		n += padded(s.n)
	}
	return n
}

// padded rounds up to a cache line of 16 float32.
func padded(n int) int { return (n + 15) &^ 15 }

// mustRank panics unless one example of a layer's input has so many dimensions.
func mustRank(layer string, in []int, rank int, want string) {
	if len(in) != rank {
		panic(fmt.Sprintf("nn: %s wants %s, got %v", layer, want, in))
	}
}
