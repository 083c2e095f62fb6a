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
	zero     *Buffer // [H]
	both     *Buffer // [4H] the biases' sum
}

func (l *lstmCell) build(p *Plan, in, rows, n int) {
	h := l.layer.Units
	l.declare(p, in, h, 4, rows, l.layer.Init, l.layer.RecurrentInit, forgetBias)
	l.c, l.tanhC = p.Buffer(rows*h), p.Buffer(rows*h)
	l.dc, l.zero, l.both = p.Buffer(n*h), p.Buffer(h), p.Buffer(4*h)
}

func forgetBias(_ *rand.Rand, _ []int, w []float32) {
	clear(w)
	h := len(w) / 4
	f32.Fill(w[h:2*h], 1)
}

func (l *lstmCell) project(rows int, x []float32) {
	f32.Add(l.both.Data, l.bias.Data, l.recurrentBias.Data)
	l.projectInto(rows, x, l.both.Data)
}

func (l *lstmCell) step(at, n, prev int, before, h []float32) {
	u, w := l.units, l.width
	if prev >= 0 {
		f32.GemmNN(n, w, u, before, u, l.recurrent.Data, w, l.z.Data[at*w:], w, true)
	}
	for j := range n {
		z := l.row(at + j)
		f32.Sigmoid(z[:2*u], z[:2*u])
		f32.Tanh(z[2*u:3*u], z[2*u:3*u])
		f32.Sigmoid(z[3*u:], z[3*u:])
		c, t := l.c.Data[(at+j)*u:][:u], l.tanhC.Data[(at+j)*u:][:u]
		remember(c, l.cellBefore(prev, j), z)
		f32.Tanh(t, c)
		f32.Mul(h[j*u:][:u], z[3*u:], t)
	}
}

// cellBefore returns the cell's state of the j-th example before a step.
func (l *lstmCell) cellBefore(prev, j int) []float32 {
	if prev < 0 {
		return l.zero.Data
	}
	return l.c.Data[(prev+j)*l.units:][:l.units]
}

// remember sets c = f·before + i·g.
func remember(c, before, z []float32) {
	u := len(c)
	before, i, f, g := before[:u], z[:u], z[u:][:u], z[2*u:][:u]
	for k := range c {
		c[k] = float32(f[k]*before[k]) + float32(i[k]*g[k])
	}
}

func (l *lstmCell) clear() { clear(l.dc.Data) }

func (l *lstmCell) stepBack(at, n, prev int, _, dh []float32) {
	u, w := l.units, l.width
	for j := range n {
		lstmGradients(l.row(at+j), dh[j*u:][:u], l.dc.Data[j*u:][:u], l.cellBefore(prev, j), l.tanhC.Data[(at+j)*u:][:u])
	}
	if prev >= 0 {
		f32.GemmNT(n, u, w, l.z.Data[at*w:], w, l.recurrent.Data, w, dh, u, false)
	}
}

// lstmGradients turns one example's gates z [4H] into their gradients, given the gradient
// dh of its state, and dc of the cell's state, which becomes that of the state before.
func lstmGradients(z, dh, dc, before, tanhC []float32) {
	u := len(dh)
	dc, before, tanhC = dc[:u], before[:u], tanhC[:u]
	zi, zf, zg, zo := z[:u], z[u:][:u], z[2*u:][:u], z[3*u:][:u]
	for k, d := range dh {
		i, f, g, o, t := zi[k], zf[k], zg[k], zo[k], tanhC[k]
		dck := dc[k] + float32(float32(d*o)*(1-float32(t*t)))
		zi[k] = float32(dck*g) * float32(i*(1-i))
		zf[k] = float32(dck*before[k]) * float32(f*(1-f))
		zg[k] = float32(dck*i) * (1 - float32(g*g))
		zo[k] = float32(d*t) * float32(o*(1-o))
		dc[k] = dck * f
	}
}

func (l *lstmCell) gradients(rows, n int, x, before, dx []float32) {
	l.inputGradients(rows, x, dx)
	l.stateGradients(rows, n, before)
}
