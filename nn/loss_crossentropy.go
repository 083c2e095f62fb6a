package nn

import (
	"fmt"
	"math"

	"medml/internal/elementary"
)

// CrossEntropy is the categorical cross-entropy of logits [N, C] with Labels, as PyTorch's
// cross_entropy computes it: with z an example's logits, p = softmax(z), y its class,
// ε the smoothing, w the class weights and q_c = (1-ε)·[c=y] + ε/C,
//
//	L = Σ_n Σ_c w_c·q_c·(1-p_c)^γ·(-log p_c) / Σ_n w_y
//
// The mean is thus weighted where classes are, and Gamma > 0 makes it the focal loss (Lin
// et al. 2017, eq. 5, applied to each class's term as Keras does). The zero value is the
// plain one.
type CrossEntropy struct {
	ClassWeights   []float64 // [C]; nil: all 1
	LabelSmoothing float64   // ε in [0, 1)
	Gamma          float64   // γ ≥ 0
}

// Compute returns the mean and its gradient. It works in float64 throughout.
func (l *CrossEntropy) Compute(out *Tensor, target Target, grad *Tensor) float64 {
	n, classes := out.Len(), out.Size()
	l.check(out, target.Labels)
	total := 0.0
	for _, y := range target.Labels {
		total += l.weight(int(y))
	}
	if grad != nil {
		grad.Resize(n)
	}
	sum := 0.0
	for i, y := range target.Labels {
		z := out.Data[i*classes:][:classes]
		norm := logSumExp(z)
		sum += l.example(z, norm, int(y))
		if grad != nil {
			l.gradient(grad.Data[i*classes:][:classes], z, norm, int(y), 1/total)
		}
	}
	return sum / total
}

// example returns one example's loss.
func (l *CrossEntropy) example(z []float32, norm float64, y int) float64 {
	sum := 0.0
	for c, v := range z {
		share := l.share(c, y, len(z))
		if share == 0 {
			continue
		}
		logp := float64(v) - norm
		sum -= float64(share * float64(l.focus(elementary.Exp(logp))*logp))
	}
	return sum
}

// gradient sets g = scale·∂L/∂z. With h(p) = (1-p)^γ·(-log p) and u_c = w_c·q_c·p·h'(p),
// ∂L/∂z_j = u_j - p_j·Σ_c u_c.
func (l *CrossEntropy) gradient(g, z []float32, norm float64, y int, scale float64) {
	sum := 0.0
	for c, v := range z {
		sum += l.slope(float64(v)-norm, l.share(c, y, len(z)))
	}
	for c, v := range z {
		logp := float64(v) - norm
		u := l.slope(logp, l.share(c, y, len(z)))
		g[c] = float32(scale * (u - float64(elementary.Exp(logp)*sum)))
	}
}

// slope returns share·p·h'(p).
func (l *CrossEntropy) slope(logp, share float64) float64 {
	if l.Gamma == 0 || share == 0 {
		return -share
	}
	p := elementary.Exp(logp)
	q := -elementary.Expm1(logp) // 1-p, also where p is nearly 1
	if q <= 0 {
		return 0
	}
	f := elementary.Pow(q, l.Gamma)
	return share * (float64(float64(float64(l.Gamma*p)*logp)*(f/q)) - f)
}

// focus returns (1-p)^γ.
func (l *CrossEntropy) focus(p float64) float64 {
	if l.Gamma == 0 {
		return 1
	}
	return elementary.Pow(max(1-p, 0), l.Gamma)
}

// share returns w_c·q_c.
func (l *CrossEntropy) share(c, y, classes int) float64 {
	q := l.LabelSmoothing / float64(classes)
	if c == y {
		q += 1 - l.LabelSmoothing
	}
	return l.weight(c) * q
}

func (l *CrossEntropy) weight(c int) float64 {
	if l.ClassWeights == nil {
		return 1
	}
	return l.ClassWeights[c]
}

func (l *CrossEntropy) check(out *Tensor, labels []int32) {
	if len(out.Shape) != 2 || len(labels) != out.Len() {
		panic(fmt.Sprintf("nn: cross entropy: %d labels for logits of %v", len(labels), out.Shape))
	}
	if l.ClassWeights != nil && len(l.ClassWeights) != out.Size() {
		panic(fmt.Sprintf("nn: cross entropy: %d class weights for %d classes", len(l.ClassWeights), out.Size()))
	}
	for _, y := range labels {
		if y < 0 || int(y) >= out.Size() {
			panic(fmt.Sprintf("nn: cross entropy: a label is not one of the %d classes", out.Size()))
		}
	}
}

// logSumExp returns log Σ exp(z), with the largest taken out so that nothing overflows.
func logSumExp(z []float32) float64 {
	top := math.Inf(-1)
	for _, v := range z {
		top = math.Max(top, float64(v))
	}
	if math.IsInf(top, 0) {
		return math.NaN() // a diverged model, which the loss must show
	}
	sum := 0.0
	for _, v := range z {
		sum += elementary.Exp(float64(v) - top)
	}
	return top + elementary.Log(sum)
}
