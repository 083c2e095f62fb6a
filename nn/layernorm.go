package nn

import (
	"math"

	"medml/nn/internal/f32"
)

// LayerNorm normalises the last dimension of each place by its own mean and biased
// variance, and then scales and shifts it: y = γ·(x-μ)/√(σ²+ε) + β (Ba et al. 2016).
type LayerNorm struct {
	Epsilon float64 // ε; default 1e-5, as PyTorch

	c           int
	y, hat, inv *Tensor // inv: 1/√(σ²+ε) of each place; hat: x̂ = (x-μ)·inv
	gamma, beta *Weight
	row         *Buffer
	wants       bool
}

// Build declares the weights gamma [C] and beta [C].
func (l *LayerNorm) Build(p *Plan, in []int) []int {
	if len(in) == 0 {
		panic("nn: LayerNorm wants at least one input dimension")
	}
	if l.Epsilon == 0 {
		l.Epsilon = 1e-5
	}
	l.c = in[len(in)-1]
	l.gamma, l.beta = p.Weight("gamma", Ones, l.c), p.Weight("beta", Zeros, l.c)
	l.y, l.hat, l.inv = p.Tensor(in...), p.Tensor(in...), p.Tensor(size(in)/l.c)
	l.row = p.Buffer(l.c)
	l.wants = p.InputGrad()
	return in
}

// Forward normalises each place of x.
func (l *LayerNorm) Forward(x *Tensor, _ bool) *Tensor {
	follow(l.y, x)
	follow(l.hat, x)
	l.inv.Resize(x.Len())
	n := float32(l.c)
	for i := range l.inv.Data {
		from, hat, to := l.at(x, i), l.at(l.hat, i), l.at(l.y, i)
		mean := f32.Sum(from) / n
		for c, v := range from {
			hat[c] = v - mean
		}
		variance := f32.SumSquares(hat) / n
		inv := float32(1 / math.Sqrt(float64(variance)+l.Epsilon))
		l.inv.Data[i] = inv
		f32.Scale(inv, hat)
		for c, v := range hat {
			to[c] = float32(v*l.gamma.Data[c]) + l.beta.Data[c]
		}
	}
	return l.y
}

// Backward, with g = γ·dy and means over a place's channels:
//
//	dγ += Σ dy·x̂,  dβ += Σ dy,  dx = (g - mean(g) - x̂·mean(g·x̂))/√(σ²+ε)
func (l *LayerNorm) Backward(dy *Tensor) *Tensor {
	f32.ColumnSums(len(l.inv.Data), l.c, dy.Data, l.beta.Grad)
	n := float32(l.c)
	for i := range l.inv.Data {
		g, hat := l.at(dy, i), l.at(l.hat, i)
		f32.Mul(l.row.Data, g, hat)
		f32.Add(l.gamma.Grad, l.gamma.Grad, l.row.Data)
		if !l.wants {
			continue
		}
		f32.Mul(g, g, l.gamma.Data)
		mean, product := f32.Sum(g)/n, f32.Dot(g, hat)/n
		for c, h := range hat {
			g[c] = (g[c] - mean - float32(h*product)) * l.inv.Data[i]
		}
	}
	if !l.wants {
		return nil
	}
	return dy
}

// at returns the channels of place i.
func (l *LayerNorm) at(t *Tensor, i int) []float32 { return t.Data[i*l.c:][:l.c] }
