package nn

import (
	"fmt"
	"math"

	"medml/nn/internal/f32"
)

// Embedding looks up a vector for each number of its input, which is rounded to an index
// below Vocabulary: a [N, T] becomes [N, T, Units]. Another number panics. Indices have no
// gradient, so Backward returns nil.
type Embedding struct {
	Vocabulary int  // V, how many indices there are
	Units      int  // O
	Init       Init // default Uniform(-0.05, 0.05), as Keras

	x, y *Tensor
	w    *Weight
}

// Build declares the weight table [V, O].
func (l *Embedding) Build(p *Plan, in []int) []int {
	if l.Vocabulary < 1 || l.Units < 1 {
		panic("nn: Embedding wants a vocabulary and units of at least one")
	}
	l.w = p.Weight("table", orInit(l.Init, Uniform(-0.05, 0.05)), l.Vocabulary, l.Units)
	out := append(append([]int{}, in...), l.Units)
	l.y = p.Tensor(out...)
	return out
}

// Forward copies the rows.
func (l *Embedding) Forward(x *Tensor, _ bool) *Tensor {
	l.x = x
	follow(l.y, x)
	for i, v := range x.Data {
		copy(l.y.Data[i*l.Units:], l.row(l.w.Data, v))
	}
	return l.y
}

// Backward adds each gradient to its row.
func (l *Embedding) Backward(dy *Tensor) *Tensor {
	for i, v := range l.x.Data {
		row := l.row(l.w.Grad, v)
		f32.Add(row, row, dy.Data[i*l.Units:])
	}
	return nil
}

// row returns the row of a table that v stands for.
func (l *Embedding) row(table []float32, v float32) []float32 {
	i := math.Round(float64(v))
	if !(i >= 0 && i < float64(l.Vocabulary)) {
		panic(fmt.Sprintf("nn: Embedding of %d rows has none for %v", l.Vocabulary, v))
	}
	return table[int(i)*l.Units:][:l.Units]
}
