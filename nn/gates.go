package nn

import "medml/nn/internal/f32"

// gates are the weights of a cell with g maps of input and state, side by side, and what
// the maps gave for each row: kernel [I, g·H], recurrent [H, g·H] and, as in PyTorch, a
// bias of the input's map and another of the state's, both [g·H].
type gates struct {
	in, units, width int // width: g·H
	kernel           *Weight
	recurrent        *Weight
	bias             *Weight
	recurrentBias    *Weight
	z                *Buffer // [R, g·H] the gates; after stepBack their gradients
	sums             *Buffer // [g·H]
	transposed       *Buffer // [g·H, H] the recurrent kernel's transpose, for steps back
	team             *team
}

// declare declares the weights as Keras draws them: the kernel by Glorot and Bengio, the
// recurrent one orthogonal, biases 0, unless the layer says otherwise.
func (c *gates) declare(p *Plan, in, units, g, rows int, kernel, recurrent, bias Init) {
	c.in, c.units, c.width, c.team = in, units, g*units, p.team
	c.kernel = p.Weight("kernel", orInit(kernel, GlorotUniform), in, c.width)
	c.recurrent = p.Weight("recurrent_kernel", orInit(recurrent, Orthogonal(1)), units, c.width)
	c.bias = p.Weight("bias", bias, c.width)
	c.recurrentBias = p.Weight("recurrent_bias", Zeros, c.width)
	c.z, c.sums, c.transposed = p.Buffer(rows*c.width), p.Buffer(c.width), p.Buffer(units*c.width)
}

// project sets z = x·kernel for all rows; the biases come with each step.
func (c *gates) project(rows int, x []float32) {
	c.team.gemmNN(rows, c.width, c.in, x, c.in, c.kernel.Data, c.width, c.z.Data, c.width, false)
}

// rows returns z from row at on.
func (c *gates) rows(at int) []float32 { return c.z.Data[at*c.width:] }

// turn transposes the recurrent kernel.
func (c *gates) turn() { f32.Transpose(c.units, c.width, c.recurrent.Data, c.transposed.Data) }

// inputGradients adds up the kernel's gradient from z, which holds the gates' gradients,
// and sets dx.
func (c *gates) inputGradients(rows int, x, dx []float32) {
	c.team.gemmTN(c.in, c.width, rows, x, c.in, c.z.Data, c.width, c.kernel.Grad, c.width, true)
	if dx != nil {
		c.team.gemmNT(rows, c.in, c.width, c.z.Data, c.width, c.kernel.Data, c.width, dx, c.in, false)
	}
}

// stateGradients adds up the gradients of the recurrent kernel and of both biases where
// the state's map enters the gates as the input's does. The n rows of step 0 had no state.
func (c *gates) stateGradients(rows, n int, before []float32) {
	c.team.gemmTN(c.units, c.width, rows-n, before[n*c.units:], c.units, c.z.Data[n*c.width:], c.width, c.recurrent.Grad, c.width, true)
	sums := c.sums.Data
	clear(sums)
	f32.ColumnSums(rows, c.width, c.z.Data, sums)
	f32.Add(c.bias.Grad, c.bias.Grad, sums)
	f32.Add(c.recurrentBias.Grad, c.recurrentBias.Grad, sums)
}
