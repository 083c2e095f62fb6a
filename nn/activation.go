package nn

import "medml/nn/internal/f32"

// elementwise is what activations share: an output of the input's shape. Their backward
// passes turn dy into dx in place.
type elementwise struct {
	x, y  *Tensor
	wants bool
}

// Build declares the output.
func (e *elementwise) Build(p *Plan, in []int) []int {
	e.y, e.wants = p.Tensor(in...), p.InputGrad()
	return in
}

// begin remembers x and returns the slices to read and to write.
func (e *elementwise) begin(x *Tensor) (from, to []float32) {
	e.x = x
	follow(e.y, x)
	return x.Data, e.y.Data
}

// end returns what a backward pass has made of dy.
func (e *elementwise) end(dy *Tensor) *Tensor {
	if !e.wants {
		return nil
	}
	return dy
}

// ReLU is max(x, 0); its slope at 0 is 0.
type ReLU struct {
	elementwise
	absorbed bool // by the layer before
}

// Build declares the output.
func (a *ReLU) Build(p *Plan, in []int) []int {
	if a.absorbed {
		return in
	}
	return a.elementwise.Build(p, in)
}

// Forward returns max(x, 0).
func (a *ReLU) Forward(x *Tensor, _ bool) *Tensor {
	if a.absorbed {
		return x
	}
	from, to := a.begin(x)
	f32.ReLU(to, from)
	return a.y
}

// Backward: dx = dy where y > 0.
func (a *ReLU) Backward(dy *Tensor) *Tensor {
	if a.absorbed {
		return dy
	}
	f32.ReLUGrad(dy.Data, dy.Data, a.y.Data)
	return a.end(dy)
}

// LeakyReLU is x above 0 and Slope·x below (Maas et al. 2013).
type LeakyReLU struct {
	Slope float32 // default 0.01, as PyTorch

	elementwise
}

// Build declares the output.
func (a *LeakyReLU) Build(p *Plan, in []int) []int {
	if a.Slope == 0 {
		a.Slope = 0.01
	}
	return a.elementwise.Build(p, in)
}

// Forward returns x or Slope·x.
func (a *LeakyReLU) Forward(x *Tensor, _ bool) *Tensor {
	from, to := a.begin(x)
	for i, v := range from {
		if v < 0 {
			v *= a.Slope
		}
		to[i] = v
	}
	return a.y
}

// Backward: dx = dy or Slope·dy.
func (a *LeakyReLU) Backward(dy *Tensor) *Tensor {
	x := a.x.Data
	for i, g := range dy.Data {
		if x[i] <= 0 {
			dy.Data[i] = g * a.Slope
		}
	}
	return a.end(dy)
}

// Tanh is the hyperbolic tangent.
type Tanh struct{ elementwise }

// Forward returns tanh x.
func (a *Tanh) Forward(x *Tensor, _ bool) *Tensor {
	from, to := a.begin(x)
	f32.Tanh(to, from)
	return a.y
}

// Backward: dx = dy·(1-y²).
func (a *Tanh) Backward(dy *Tensor) *Tensor {
	f32.TanhGrad(dy.Data, dy.Data, a.y.Data)
	return a.end(dy)
}

// Sigmoid is the logistic function 1/(1+e⁻ˣ).
type Sigmoid struct{ elementwise }

// Forward returns 1/(1+e⁻ˣ).
func (a *Sigmoid) Forward(x *Tensor, _ bool) *Tensor {
	from, to := a.begin(x)
	f32.Sigmoid(to, from)
	return a.y
}

// Backward: dx = dy·y·(1-y).
func (a *Sigmoid) Backward(dy *Tensor) *Tensor {
	f32.SigmoidGrad(dy.Data, dy.Data, a.y.Data)
	return a.end(dy)
}

// SiLU is x·sigmoid(x), also called swish (Elfwing et al. 2018).
type SiLU struct{ elementwise }

// Forward returns x·sigmoid(x).
func (a *SiLU) Forward(x *Tensor, _ bool) *Tensor {
	from, to := a.begin(x)
	f32.Sigmoid(to, from)
	f32.Mul(to, to, from)
	return a.y
}

// Backward: dx = dy·s·(1 + x·(1-s)), s = sigmoid(x).
func (a *SiLU) Backward(dy *Tensor) *Tensor {
	s := a.y.Data // y isn't needed any more
	f32.Sigmoid(s, a.x.Data)
	for i, x := range a.x.Data {
		dy.Data[i] *= s[i] * (1 + float32(x*(1-s[i])))
	}
	return a.end(dy)
}
