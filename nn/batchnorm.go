package nn

import (
	"math"

	"medml/nn/internal/f32"
)

// BatchNorm normalises each channel, the last dimension, over the batch and all places,
// and then scales and shifts it: y = γ·(x-μ)/√(σ²+ε) + β (Ioffe & Szegedy 2015). While
// training μ and σ² are the batch's, σ² the biased one; otherwise they are running means
// of the batches' μ and unbiased σ², as in PyTorch. Padding of signals of unequal lengths
// counts as data.
type BatchNorm struct {
	Momentum float64 // share of the newest batch in the running means; default 0.1, as PyTorch
	Epsilon  float64 // ε; default 1e-5

	c           int
	x, y        *Tensor
	gamma, beta *Weight
	mean, vari  *Buffer // running
	mu, inv     *Buffer // μ and 1/√(σ²+ε) of the last Forward
	a, b        []float64
	wants       bool

	sum, product, gain *Buffer // of Backward: means of dy and of dy·x̂, and γ/√(σ²+ε)
}

// Build declares the weights gamma [C] and beta [C] and the running statistics.
func (l *BatchNorm) Build(p *Plan, in []int) []int {
	if len(in) == 0 {
		panic("nn: BatchNorm wants at least one input dimension")
	}
	if l.Momentum == 0 {
		l.Momentum = 0.1
	}
	if l.Epsilon == 0 {
		l.Epsilon = 1e-5
	}
	l.c = in[len(in)-1]
	l.gamma, l.beta = p.Weight("gamma", Ones, l.c), p.Weight("beta", Zeros, l.c)
	l.mean, l.vari = p.State(l.c, 0), p.State(l.c, 1)
	l.mu, l.inv = p.Buffer(l.c), p.Buffer(l.c)
	l.sum, l.product, l.gain = p.Buffer(l.c), p.Buffer(l.c), p.Buffer(l.c)
	l.a, l.b = array[float64](p, l.c), array[float64](p, l.c)
	l.y, l.wants = p.Tensor(in...), p.InputGrad()
	return in
}

// Forward normalises x.
func (l *BatchNorm) Forward(x *Tensor, train bool) *Tensor {
	l.x = x
	follow(l.y, x)
	if train {
		l.measure(x.Data)
	} else {
		copy(l.mu.Data, l.mean.Data)
		for c, v := range l.vari.Data {
			l.inv.Data[c] = float32(1 / math.Sqrt(float64(v)+l.Epsilon))
		}
	}
	f32.Normalize(len(x.Data)/l.c, l.c, l.y.Data, x.Data, l.mu.Data, l.inv.Data, l.gamma.Data, l.beta.Data)
	return l.y
}

// measure takes the batch's statistics, in float64, and moves the running ones.
func (l *BatchNorm) measure(x []float32) {
	rows := float64(len(x) / l.c)
	mean, square := l.a, l.b
	f32.Moments(len(x)/l.c, l.c, x, mean, square)
	for c, m := range mean {
		biased := square[c] / rows
		l.mu.Data[c] = float32(m)
		l.inv.Data[c] = float32(1 / math.Sqrt(biased+l.Epsilon))
		l.mean.Data[c] = l.moved(l.mean.Data[c], m)
		l.vari.Data[c] = l.moved(l.vari.Data[c], square[c]/max(rows-1, 1))
	}
}

// moved returns a running statistic after a batch's.
func (l *BatchNorm) moved(running float32, batch float64) float32 {
	return float32(float64((1-l.Momentum)*float64(running)) + float64(l.Momentum*batch))
}

// Backward, with x̂ = (x-μ)/√(σ²+ε) and means over rows:
//
//	dγ += Σ dy·x̂,  dβ += Σ dy,  dx = γ/√(σ²+ε)·(dy - mean(dy) - x̂·mean(dy·x̂))
func (l *BatchNorm) Backward(dy *Tensor) *Tensor {
	rows := len(dy.Data) / l.c
	sum, product := l.a, l.b
	f32.NormalizedSums(rows, l.c, dy.Data, l.x.Data, l.mu.Data, l.inv.Data, sum, product)
	for c := range sum {
		l.beta.Grad[c] += float32(sum[c])
		l.gamma.Grad[c] += float32(product[c])
	}
	if !l.wants {
		return nil
	}
	for c := range sum {
		l.sum.Data[c], l.product.Data[c] = float32(sum[c]/float64(rows)), float32(product[c]/float64(rows))
		l.gain.Data[c] = l.gamma.Data[c] * l.inv.Data[c]
	}
	f32.NormalizeGrad(rows, l.c, dy.Data, l.x.Data, l.mu.Data, l.inv.Data, l.sum.Data, l.product.Data, l.gain.Data)
	return dy
}
