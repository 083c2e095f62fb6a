package nn

import "medml/nn/internal/f32"

// GRU is a layer of gated recurrent units (Cho et al. 2014) over [T, C], in the form of
// PyTorch and of Keras with reset_after: with maps of the input and of the state in the
// order r, z, n,
//
//	r = σ(W_xr·x(t) + b_r + W_hr·h(t-1) + b'_r),  z likewise
//	n = tanh(W_xn·x(t) + b_n + r·(W_hn·h(t-1) + b'_n))
//	h(t) = (1-z)·n + z·h(t-1)
//
// from h = 0. Its output, its directions and its way with Lengths are those of [LSTM].
type GRU struct {
	Units           int  // H
	ReturnSequences bool // give every state, not the last one
	Bidirectional   bool // also run backward in time, with weights of its own
	Init            Init // of the kernel; nil: GlorotUniform
	RecurrentInit   Init // nil: Orthogonal(1)

	recurrent
}

// Build declares kernels [I, 3H] and [H, 3H] and two biases [3H] that start at 0.
func (l *GRU) Build(p *Plan, in []int) []int {
	return l.build(p, "GRU", in, l.Units, l.ReturnSequences, l.Bidirectional,
		func() cell { return &gruCell{layer: l} })
}

type gruCell struct {
	layer *GRU
	gates
	q    *Buffer // [R, H] W_hn·h + b'_n; after stepBack its gradient
	own  *Buffer // [H] the sums of q's gradient
	both *Buffer // [3H] the biases of the input, with those of the state for r and z
}

func (l *gruCell) build(p *Plan, in, rows, _ int) {
	h := l.layer.Units
	l.declare(p, in, h, 3, rows, l.layer.Init, l.layer.RecurrentInit, Zeros)
	l.q, l.own, l.both = p.Buffer(rows*h), p.Buffer(h), p.Buffer(3*h)
}

func (l *gruCell) joint() bool { return false }

func (l *gruCell) begin() {
	u := l.units
	copy(l.both.Data, l.bias.Data)
	f32.Add(l.both.Data[:2*u], l.both.Data[:2*u], l.recurrentBias.Data[:2*u])
}

func (l *gruCell) step(at, n, prev int, _, before, h []float32) {
	u, w := l.units, l.width
	z, q := l.rows(at), l.q.Data[at*u:]
	if prev >= 0 {
		f32.GemmNN(n, 2*u, u, before, u, l.recurrent.Data, w, z, w, true)
		f32.GemmNN(n, u, u, before, u, l.recurrent.Data[2*u:], w, q, u, false)
	} else {
		clear(q[:n*u])
	}
	f32.GRU(f32.Cell{N: n, U: u}, z, l.both.Data, q, l.recurrentBias.Data[2*u:], before, h)
}

func (l *gruCell) clear(wantDx bool) {
	clear(l.own.Data)
	l.gates.clear(wantDx)
}

func (l *gruCell) stepBack(at, n, prev int, before, dh []float32) {
	u, w := l.units, l.width
	z, q := l.rows(at), l.q.Data[at*u:]
	f32.GRUGrad(f32.Cell{N: n, U: u}, z, q, dh, before)
	if prev >= 0 {
		l.team.gemmPanels(n, z, w, l.toState.Rows(0, 2*u), dh, u, true, nil)
		l.team.gemmPanels(n, q, u, l.toState.Rows(2*u, w), dh, u, true, nil)
	}
}

func (l *gruCell) gradients(at, rows, stateless int, x, before, dx []float32) {
	u, w := l.units, l.width
	l.inputGradients(at, rows, x, dx)
	z, q := l.rows(at), l.q.Data[at*u:]
	f32.ColumnSums(rows, w, z, l.sums.Data)
	f32.ColumnSums(rows, u, q, l.own.Data)
	later, z, q, n := before[stateless*u:], z[stateless*w:], q[stateless*u:], rows-stateless
	l.team.gemmTN(u, 2*u, n, later, u, z, w, l.recurrent.Grad, w, true)
	l.team.gemmTN(u, u, n, later, u, q, u, l.recurrent.Grad[2*u:], w, true)
}

func (l *gruCell) end() {
	u := l.units
	f32.Add(l.bias.Grad, l.bias.Grad, l.sums.Data)
	grad := l.recurrentBias.Grad
	f32.Add(grad[:2*u], grad[:2*u], l.sums.Data)
	f32.Add(grad[2*u:], grad[2*u:], l.own.Data)
}
