package nn

import "medml/nn/internal/f32"

// Softmax turns the last dimension into probabilities, eˣ/Σeˣ. Losses take logits, so
// this is for outputs and for attention, not the end of a model.
type Softmax struct {
	elementwise
	c int
}

// Build declares the output.
func (a *Softmax) Build(p *Plan, in []int) []int {
	if len(in) == 0 {
		panic("nn: Softmax wants at least one input dimension")
	}
	a.c = in[len(in)-1]
	return a.elementwise.Build(p, in)
}

// Forward returns eˣ/Σeˣ over each row, from which the row's maximum is taken first.
func (a *Softmax) Forward(x *Tensor, _ bool) *Tensor {
	from, to := a.begin(x)
	for ; len(from) > 0; from, to = from[a.c:], to[a.c:] {
		softmax(to[:a.c], from[:a.c])
	}
	return a.y
}

// Backward: dx = y·(dy - Σ y·dy) over each row.
func (a *Softmax) Backward(dy *Tensor) *Tensor {
	for i := 0; i < len(dy.Data); i += a.c {
		g, y := dy.Data[i:i+a.c], a.y.Data[i:i+a.c]
		s := f32.Dot(y, g)
		for j, p := range y {
			g[j] = p * (g[j] - s)
		}
	}
	return a.end(dy)
}

// softmax writes eˣ/Σeˣ of a row.
func softmax(to, row []float32) {
	top := row[0]
	for _, v := range row[1:] {
		top = max(top, v)
	}
	for i, v := range row {
		to[i] = v - top
	}
	f32.Exp(to, to)
	f32.Scale(1/f32.Sum(to), to)
}
