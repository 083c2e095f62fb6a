package nn

import (
	"fmt"

	"medml/nn/internal/f32"
)

// RNN is the plain recurrent layer (Elman 1990) over [T, C],
//
//	h(t) = f(W_hh·h(t-1) + b' + W_xh·x(t) + b)
//
// from h = 0. Its output, its directions and its way with Lengths are those of [LSTM].
type RNN struct {
	Units           int    // H
	Nonlinearity    string // f: "tanh" or "relu"; "" is tanh
	ReturnSequences bool   // give every state, not the last one
	Bidirectional   bool   // also run backward in time, with weights of its own
	Init            Init   // of the kernel; nil: GlorotUniform
	RecurrentInit   Init   // nil: Orthogonal(1)

	recurrent
}

// Build declares kernels [I, H] and [H, H] and two biases [H] that start at 0.
func (l *RNN) Build(p *Plan, in []int) []int {
	switch l.Nonlinearity {
	case "", "tanh", "relu":
	default:
		panic(fmt.Sprintf("nn: RNN wants the nonlinearity tanh or relu, got %q", l.Nonlinearity))
	}
	return l.build(p, "RNN", in, l.Units, l.ReturnSequences, l.Bidirectional,
		func() cell { return &rnnCell{layer: l} })
}

type rnnCell struct {
	layer *RNN
	gates
	both *Buffer // [H] the biases' sum
}

func (l *rnnCell) build(p *Plan, in, rows, _ int) {
	h := l.layer.Units
	l.declare(p, in, h, 1, rows, l.layer.Init, l.layer.RecurrentInit, Zeros)
	l.both = p.Buffer(h)
}

func (l *rnnCell) joint() bool { return false }

func (l *rnnCell) begin() { f32.Add(l.both.Data, l.bias.Data, l.recurrentBias.Data) }

func (l *rnnCell) step(at, n, prev int, _, before, h []float32) {
	u := l.units
	z := l.z.Data[at*u:][:n*u]
	if prev >= 0 {
		f32.GemmNN(n, u, u, before, u, l.recurrent.Data, u, z, u, true)
	}
	if l.layer.Nonlinearity == "relu" {
		f32.AddRowsReLU(n, u, z, l.both.Data)
	} else {
		f32.AddRows(n, u, z, l.both.Data)
		f32.Tanh(z, z)
	}
	copy(h, z)
}

func (l *rnnCell) stepBack(at, n, prev int, _, dh []float32) {
	u := l.units
	z := l.z.Data[at*u:][:n*u]
	if l.layer.Nonlinearity == "relu" {
		f32.ReLUGrad(z, dh, z)
	} else {
		f32.TanhGrad(z, dh, z)
	}
	if prev >= 0 {
		l.team.gemmPanels(n, z, u, l.toState, dh, u, false, nil)
	}
}
