package nn

import "medml/nn/internal/f32"

// Dense is a fully connected layer, y = x·W + b, on the last dimension of its input: a
// [N, I] becomes [N, Units], a [N, T, I] becomes [N, T, Units].
type Dense struct {
	Units  int  // O, the size of the output's last dimension
	Init   Init // of the kernel; default GlorotUniform, as Keras
	NoBias bool

	i    int
	x, y *Tensor
	dx   *Tensor // nil where the plan doesn't want it
	w, b *Weight
	relu bool // of what follows
	team *team
}

func (d *Dense) absorb(next []Layer) {
	if relu := reluOf(next); relu != nil {
		d.relu, relu.absorbed = true, true
	}
}

// Build declares the weights kernel [I, O] and bias [O].
func (d *Dense) Build(p *Plan, in []int) []int {
	if len(in) == 0 || d.Units < 1 {
		panic("nn: Dense wants at least one input dimension and one unit")
	}
	d.i, d.team = in[len(in)-1], p.team
	out := withLast(in, d.Units)
	d.w = p.Weight("kernel", orInit(d.Init, GlorotUniform), d.i, d.Units)
	d.w.overwrites = true
	if !d.NoBias {
		d.b = p.Weight("bias", Zeros, d.Units)
	}
	d.y = p.Tensor(out...)
	if p.InputGrad() {
		d.dx = p.Tensor(in...)
	}
	return out
}

// Forward multiplies each row of x [N, …, I] by the kernel and adds the bias.
func (d *Dense) Forward(x *Tensor, _ bool) *Tensor {
	d.x = x
	follow(d.y, x)
	rows := len(x.Data) / d.i
	d.team.gemmNN(rows, d.Units, d.i, x.Data, d.i, d.w.Data, d.Units, d.y.Data, d.Units, false)
	addBias(d.y.Data, d.b, d.relu)
	return d.y
}

// addBias adds a bias, where there is one, to the rows of y, and takes the ReLU.
func addBias(y []float32, b *Weight, relu bool) {
	switch {
	case b == nil && relu:
		f32.ReLU(y, y)
	case b != nil && relu:
		f32.AddRowsReLU(len(y)/len(b.Data), len(b.Data), y, b.Data)
	case b != nil:
		f32.AddRows(len(y)/len(b.Data), len(b.Data), y, b.Data)
	}
}

// Backward: dW += xᵀ·dy, db += Σ dy, dx = dy·Wᵀ.
func (d *Dense) Backward(dy *Tensor) *Tensor {
	rows := len(dy.Data) / d.Units
	if d.relu {
		f32.ReLUGrad(dy.Data, dy.Data, d.y.Data)
	}
	d.team.gemmTN(d.i, d.Units, rows, d.x.Data, d.i, dy.Data, d.Units, d.w.Grad, d.Units, !d.w.fresh)
	d.w.fresh = false
	if d.b != nil {
		f32.ColumnSums(rows, d.Units, dy.Data, d.b.Grad)
	}
	if d.dx == nil {
		return nil
	}
	follow(d.dx, dy)
	d.team.gemmNT(rows, d.i, d.Units, dy.Data, d.Units, d.w.Data, d.Units, d.dx.Data, d.i, false)
	return d.dx
}

// follow gives t as many examples as like has, and its lengths.
func follow(t, like *Tensor) {
	t.Resize(like.Len())
	t.Lengths = like.Lengths
}

// withLast returns a copy of shape whose last dimension is n.
func withLast(shape []int, n int) []int {
	out := make([]int, len(shape))
	copy(out, shape)
	out[len(out)-1] = n
	return out
}

// orInit returns the initialiser chosen, or the default.
func orInit(chosen, standard Init) Init {
	if chosen == nil {
		return standard
	}
	return chosen
}
