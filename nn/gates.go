package nn

import "medml/nn/internal/f32"

// gates are the weights of a cell with g maps of input and state, side by side, and what
// the maps gave for each row: kernel [I, g·H], recurrent [H, g·H] and, as in PyTorch, a
// bias of the input's map and another of the state's, both [g·H].
type gates struct {
	in, units, width int // width: g·H
	xs, hs           int // from row to row of the inputs and of the states before
	kernel           *Weight
	recurrent        *Weight
	bias             *Weight
	recurrentBias    *Weight
	z                *Buffer    // [R, g·H] the gates; after stepBack their gradients
	sums             *Buffer    // [g·H]
	turned           *Buffer    // [g·H, I+H] the kernels' transposes, of the recurrent one alone where no dx is wanted
	toInput, toState f32.Panels // the parts of it
	team             *team
}

// declare declares the weights as Keras draws them: the kernel by Glorot and Bengio, the
// recurrent one orthogonal, biases 0, unless the layer says otherwise.
func (c *gates) declare(p *Plan, in, units, g, rows int, kernel, recurrent, bias Init) {
	c.in, c.units, c.width, c.team = in, units, g*units, p.team
	c.xs, c.hs = in, units
	c.kernel = p.Weight("kernel", orInit(kernel, GlorotUniform), in, c.width)
	c.recurrent = p.Weight("recurrent_kernel", orInit(recurrent, Orthogonal(1)), units, c.width)
	c.bias = p.Weight("bias", bias, c.width)
	c.recurrentBias = p.Weight("recurrent_bias", Zeros, c.width)
	c.z, c.sums = p.Buffer(rows*c.width), p.Buffer(c.width)
	turned := f32.PanelsSize(c.width, units)
	if p.InputGrad() {
		turned += f32.PanelsSize(c.width, in)
	}
	c.turned = p.Buffer(turned)
}

// project sets z = x·kernel for rows from at on; the biases come with each step.
func (c *gates) project(at, rows int, x []float32) {
	c.team.gemmNN(rows, c.width, c.in, x, c.xs, c.kernel.Data, c.width, c.rows(at), c.width, false)
}

// rows returns z from row at on.
func (c *gates) rows(at int) []float32 { return c.z.Data[at*c.width:] }

// clear transposes the kernels and begins the sums of the biases' gradient.
func (c *gates) clear(wantDx bool) {
	clear(c.sums.Data)
	c.toState = f32.NewPanels(c.width, c.units, c.turned.Data)
	c.toState.SetTransposed(c.recurrent.Data, c.width)
	if wantDx {
		c.toInput = f32.NewPanels(c.width, c.in, c.turned.Data[f32.PanelsSize(c.width, c.units):])
		c.toInput.SetTransposed(c.kernel.Data, c.width)
	}
}

// inputGradients adds up the kernel's gradient from z, which holds the gates' gradients, of
// rows from at on, and sets dx.
func (c *gates) inputGradients(at, rows int, x, dx []float32) {
	z := c.rows(at)
	c.team.gemmTN(c.in, c.width, rows, x, c.xs, z, c.width, c.kernel.Grad, c.width, true)
	if dx != nil {
		c.team.gemmPanels(rows, z, c.width, c.toInput, dx, c.in, false, nil)
	}
}

// gradients adds up the gradients of the kernels and the sums of the biases' where the
// state's map enters the gates as the input's does. The rows of step 0 had no state.
func (c *gates) gradients(at, rows, stateless int, x, before, dx []float32) {
	c.inputGradients(at, rows, x, dx)
	f32.ColumnSums(rows, c.width, c.rows(at), c.sums.Data)
	if rows == stateless {
		return
	}
	c.team.gemmTN(c.units, c.width, rows-stateless, before[stateless*c.hs:], c.hs,
		c.rows(at+stateless), c.width, c.recurrent.Grad, c.width, true)
}

// end adds the sums to the biases' gradients.
func (c *gates) end() {
	f32.Add(c.bias.Grad, c.bias.Grad, c.sums.Data)
	f32.Add(c.recurrentBias.Grad, c.recurrentBias.Grad, c.sums.Data)
}
