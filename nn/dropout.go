package nn

import (
	"fmt"
	"math"
	"math/rand/v2"

	"medml/nn/internal/f32"
)

// Dropout sets numbers to zero with probability Rate while training, and divides the
// others by 1-Rate, so that nothing need be done afterwards (Srivastava et al. 2014,
// "inverted"). It draws from a stream of its own.
type Dropout struct {
	Rate float64 // in [0, 1)

	stream *rand.PCG
	y      *Tensor
	mask   *Tensor // 0 or 1/(1-Rate)
	wants  bool
	off    bool // the last Forward let everything through
}

// Build declares the output and the mask.
func (l *Dropout) Build(p *Plan, in []int) []int {
	if !(l.Rate >= 0 && l.Rate < 1) {
		panic(fmt.Sprintf("nn: Dropout's rate %v isn't in [0, 1)", l.Rate))
	}
	l.wants = p.InputGrad()
	l.stream = p.Stream()
	if l.Rate > 0 {
		l.y, l.mask = p.Tensor(in...), p.Tensor(in...)
	}
	return in
}

// Forward drops while training; otherwise it returns x itself.
func (l *Dropout) Forward(x *Tensor, train bool) *Tensor {
	if l.off = !train || l.Rate == 0; l.off {
		return x
	}
	follow(l.y, x)
	follow(l.mask, x)
	l.draw(l.mask.Data)
	f32.Mul(l.y.Data, x.Data, l.mask.Data)
	return l.y
}

// draw fills the mask, two numbers a draw of 64 bits. It chooses among integers, which takes
// no branch.
func (l *Dropout) draw(mask []float32) {
	keep := math.Float32bits(float32(1 / (1 - l.Rate)))
	threshold := uint32(l.Rate * (1 << 32))
	number := func(bits uint32) float32 {
		kept := keep
		if bits < threshold {
			kept = 0
		}
		return math.Float32frombits(kept)
	}
	for ; len(mask) >= 2; mask = mask[2:] {
		bits := l.stream.Uint64()
		mask[0], mask[1] = number(uint32(bits)), number(uint32(bits>>32))
	}
	if len(mask) > 0 {
		mask[0] = number(uint32(l.stream.Uint64()))
	}
}

// Backward: dx = dy·mask.
func (l *Dropout) Backward(dy *Tensor) *Tensor {
	if !l.wants {
		return nil
	}
	if !l.off {
		f32.Mul(dy.Data, dy.Data, l.mask.Data)
	}
	return dy
}
