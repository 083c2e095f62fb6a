package nn

import "medml/nn/internal/f32"

// GELU is x·Φ(x), Φ being the normal distribution function (Hendrycks & Gimpel 2016).
type GELU struct {
	// Tanh takes the approximation x·(1+tanh(√(2/π)·(x+0.044715x³)))/2 instead of the
	// error function.
	Tanh bool

	elementwise
	t *Tensor // erf or tanh of the last Forward
}

const (
	rootHalf      = 0.70710678118654752440 // 1/√2
	densityAtZero = 0.39894228040143267794 // 1/√(2π)
	rootTwoOverPi = 0.79788456080286535588 // √(2/π)
	geluCubic     = 0.044715
)

// Build declares the output and the inner function's value.
func (a *GELU) Build(p *Plan, in []int) []int {
	a.t = p.Tensor(in...)
	return a.elementwise.Build(p, in)
}

// Forward returns x·Φ(x).
func (a *GELU) Forward(x *Tensor, _ bool) *Tensor {
	from, to := a.begin(x)
	follow(a.t, x)
	t := a.t.Data
	for i, v := range from {
		if a.Tanh {
			t[i] = rootTwoOverPi * (v + float32(geluCubic*v*v*v))
		} else {
			t[i] = rootHalf * v
		}
	}
	if a.Tanh {
		f32.Tanh(t, t)
	} else {
		f32.Erf(t, t)
	}
	for i, v := range from {
		to[i] = 0.5 * v * (1 + t[i])
	}
	return a.y
}

// Backward: dx = dy·(Φ(x) + x·φ(x)), φ the density; or the approximation's derivative.
func (a *GELU) Backward(dy *Tensor) *Tensor {
	for i, x := range a.x.Data {
		t := a.t.Data[i]
		var slope float32
		if a.Tanh {
			inner := rootTwoOverPi * (1 + float32(3*geluCubic*x*x))
			slope = float32(0.5 * x * (1 - float32(t*t)) * inner)
		} else {
			slope = float32(densityAtZero * x * f32.Exp1(-0.5*x*x))
		}
		dy.Data[i] *= float32(0.5*(1+t)) + slope
	}
	return a.end(dy)
}
