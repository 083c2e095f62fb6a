package nn

import (
	"math/rand/v2"

	"medml/nn/internal/f32"
)

// LSTM is a layer of long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al.
// 2000) over [T, C]. With the four maps z = W_x·x(t) + b + W_h·h(t-1) + b' in the order
// i, f, g, o of PyTorch and Keras,
//
//	i, f, o = σ(z_i), σ(z_f), σ(z_o),  g = tanh(z_g)
//	c(t) = f·c(t-1) + i·g,  h(t) = o·tanh(c(t))
//
// from h = c = 0. It gives [H], the last state, or [T, H], and twice as wide in both
// directions: forward, then backward. It heeds Lengths: past an example's length its
// state stands still, and the outputs are 0.
type LSTM struct {
	Units           int  // H
	ReturnSequences bool // give every state, not the last one
	Bidirectional   bool // also run backward in time, with weights of its own
	Init            Init // of the kernel; nil: GlorotUniform
	RecurrentInit   Init // nil: Orthogonal(1)

	recurrent
}

// Build declares kernels [I, 4H] and [H, 4H] and two biases [4H], of which the forget
// gate's share of the first starts at 1 (Jozefowicz et al. 2015) and the rest at 0.
func (l *LSTM) Build(p *Plan, in []int) []int {
	return l.build(p, "LSTM", in, l.Units, l.ReturnSequences, l.Bidirectional,
		func() cell { return &lstmCell{layer: l} })
}

type lstmCell struct {
	layer *LSTM
	gates
	c, tanhC *Buffer // [R, H] the cell's state and its tanh
	dc       *Buffer // [N, H]
	zeros    *Buffer // [N, H] the cell's state before the first step
	both     *Buffer // [4H] the biases' sum
	kernels  *Buffer // [I+H, 4H] both kernels, in panels
	panels   f32.Panels
	apart    bool      // project multiplies the inputs, and steps the states alone
	ahead    f32.Ahead // what the step at hand fetches for the next
}

// fits is how many numbers of kernels stay in the second cache from step to step. Those of
// larger ones are multiplied for many steps at a time, the state's alone at each step.
const fits = 1 << 17

func (l *lstmCell) build(p *Plan, in, rows, n int) {
	h := l.layer.Units
	l.declare(p, in, h, 4, rows, l.layer.Init, l.layer.RecurrentInit, forgetBias)
	l.c, l.tanhC = p.Buffer(rows*h), p.Buffer(rows*h)
	l.dc, l.zeros, l.both = p.Buffer(n*h), p.Buffer(n*h), p.Buffer(4*h)
	l.xs, l.hs = in+h, in+h
	l.apart = l.xs*l.width > fits
	l.kernels = p.Buffer(f32.PanelsSize(l.xs, l.width))
}

func (l *lstmCell) joint() bool { return true }

func forgetBias(_ *rand.Rand, _ []int, w []float32) {
	clear(w)
	h := len(w) / 4
	f32.Fill(w[h:2*h], 1)
}

func (l *lstmCell) begin() {
	f32.Add(l.both.Data, l.bias.Data, l.recurrentBias.Data)
	l.panels = f32.NewPanels(l.xs, l.width, l.kernels.Data)
	if !l.apart {
		l.panels.Rows(0, l.in).Set(l.kernel.Data, l.width)
	}
	l.panels.Rows(l.in, l.xs).Set(l.recurrent.Data, l.width)
}

func (l *lstmCell) project(at, rows int, x []float32) {
	if l.apart {
		l.gates.project(at, rows, x)
	}
}

func (l *lstmCell) step(at, n, prev int, x, _, h []float32) {
	z := l.rows(at)
	u := l.units
	next := at + n
	l.ahead = f32.Ahead{ahead(l.z, next*l.width, n*l.width), ahead(l.c, next*u, n*u), ahead(l.tanhC, next*u, n*u)}
	l.multiply(n, prev, x, z)
	f32.LSTM(f32.Cell{N: n, U: u}, z, l.both.Data, l.cellBefore(prev), l.c.Data[at*u:], l.tanhC.Data[at*u:], h, l.hs)
}

// multiply computes the sums of the gates, without the biases, from inputs and states.
func (l *lstmCell) multiply(n, prev int, x, z []float32) {
	from, to := 0, l.xs
	if l.apart {
		from = l.in
	}
	if prev < 0 { // no state
		to = l.in
	}
	if from < to {
		l.team.gemmPanels(n, x[from:], l.xs, l.panels.Rows(from, to), z, l.width, l.apart, &l.ahead)
	}
}

// ahead returns n numbers of a buffer, those that there are.
func ahead(b *Buffer, at, n int) []float32 {
	return b.Data[min(max(at, 0), len(b.Data)):min(at+n, len(b.Data))]
}

// cellBefore returns the cell's state before a step.
func (l *lstmCell) cellBefore(prev int) []float32 {
	if prev < 0 {
		return l.zeros.Data
	}
	return l.c.Data[prev*l.units:]
}

func (l *lstmCell) clear(wantDx bool) {
	clear(l.dc.Data)
	l.gates.clear(wantDx)
}

func (l *lstmCell) stepBack(at, n, prev int, before, dh []float32) {
	u, w := l.units, l.width
	z := l.rows(at)
	f32.LSTMGrad(f32.Cell{N: n, U: u}, z, dh, l.dc.Data, l.cellBefore(prev), l.tanhC.Data[at*u:])
	if prev >= 0 {
		l.ahead = f32.Ahead{ahead(l.z, prev*w, n*w), ahead(l.tanhC, prev*u, n*u), ahead(l.c, (prev-n)*u, n*u), before[:(n-1)*l.hs+u]}
		l.team.gemmPanels(n, z, w, l.toState, dh, u, false, &l.ahead)
	}
}
