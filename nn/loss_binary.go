package nn

import (
	"fmt"

	"medml/internal/elementary"
	"medml/nn/internal/f32"
)

// BinaryCrossEntropy is the cross-entropy of logits with Values in [0, 1] of the same
// shape, or of one logit an example with Labels 0 and 1. With x a logit, p = σ(x), w0 and
// w1 the class weights, ε the smoothing and t = (1-ε)·y + ε/2,
//
//	L = mean of w1·t·(1-p)^γ·(-log p) + w0·(1-t)·p^γ·(-log(1-p))
//
// over all elements: PyTorch's binary_cross_entropy_with_logits, whose pos_weight is
// ClassWeights {1, pos_weight}, and whose mean isn't weighted. Gamma > 0 makes it the focal
// loss (Lin et al. 2017, eq. 4). The zero value is the plain one.
type BinaryCrossEntropy struct {
	ClassWeights   []float64 // {w0, w1}; nil: both 1
	LabelSmoothing float64   // ε in [0, 1)
	Gamma          float64   // γ ≥ 0
}

// Compute returns the mean and its gradient. The plain loss computes each element in
// float32, as a decoder has many; their sum is of float64.
func (l *BinaryCrossEntropy) Compute(out *Tensor, target Target, grad *Tensor) float64 {
	x, values, labels := out.Data, target.Values, target.Labels
	if labels != nil {
		l.checkLabels(out, labels)
	} else {
		mustCover("binary cross entropy", out, values)
	}
	var g []float32
	if grad != nil {
		grad.Resize(out.Len())
		g = grad.Data[:len(x)]
	}
	if labels == nil && l.plain() {
		// L = max(x, 0) - x·t + log(1+e^-|x|), ∂L/∂x = σ(x) - t
		return f32.BinaryCrossEntropy(x, values, g, 1/float32(len(x))) / float64(len(x))
	}
	return l.general(x, target, g)
}

func (l *BinaryCrossEntropy) plain() bool {
	return l.ClassWeights == nil && l.LabelSmoothing == 0 && l.Gamma == 0
}

// general is the loss with everything, in float64.
func (l *BinaryCrossEntropy) general(x []float32, target Target, g []float32) float64 {
	w0, w1 := 1.0, 1.0
	if l.ClassWeights != nil {
		w0, w1 = l.ClassWeights[0], l.ClassWeights[1]
	}
	n := float64(len(x))
	sum := 0.0
	for i, v := range x {
		y := 0.0
		if target.Labels != nil {
			y = float64(target.Labels[i])
		} else {
			y = float64(target.Values[i])
		}
		t := float64((1-l.LabelSmoothing)*y) + l.LabelSmoothing/2
		on, don := l.term(float64(v))
		off, doff := l.term(-float64(v))
		a, b := w1*t, w0*(1-t)
		sum += float64(a*on) + float64(b*off)
		if g != nil {
			g[i] = float32((float64(a*don) - float64(b*doff)) / n)
		}
	}
	return sum / n
}

// term returns (1-p)^γ·(-log p) for p = σ(x), and its derivative with respect to x,
// -(1-p)^γ·(γ·p·(-log p) + 1-p).
func (l *BinaryCrossEntropy) term(x float64) (value, slope float64) {
	e := elementary.Exp(-max(x, -x))
	p, q := 1/(1+e), e/(1+e) // q = 1-p, exact also where p is nearly 1
	if x < 0 {
		p, q = q, p
	}
	nll := max(-x, 0) + elementary.Log1p(e)
	f := 1.0
	if l.Gamma != 0 {
		f = elementary.Pow(q, l.Gamma)
	}
	return f * nll, -f * (float64(float64(l.Gamma*p)*nll) + q)
}

func (l *BinaryCrossEntropy) checkLabels(out *Tensor, labels []int32) {
	if len(labels) != len(out.Data) {
		panic(fmt.Sprintf("nn: binary cross entropy: %d labels for an output of %v", len(labels), out.Shape))
	}
	for _, y := range labels {
		if y != 0 && y != 1 {
			panic("nn: binary cross entropy: a label is neither 0 nor 1")
		}
	}
}
