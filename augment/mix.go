package augment

import (
	"math/rand/v2"

	"medml/internal/elementary"
)

// Mix sets x = λ·x + (1-λ)·other, elementwise over len(x): the input of mixup (Zhang et al.
// 2018, eq. 1). The loss is then λ·L(y) + (1-λ)·L(y of other).
func Mix(x, other []float32, lambda float32) {
	other = other[:len(x)]
	rest := 1 - lambda
	for i, v := range x {
		x[i] = float32(lambda*v) + float32(rest*other[i])
	}
}

// Beta draws from Beta(α, α), 0 < α ≤ 2, by Jöhnk's method (1964): of U^(1/α) and V^(1/α) with
// a sum of at most 1, the first one's share of it. It reckons in logarithms, so that a small
// α doesn't underflow.
func Beta(alpha float64, r *rand.Rand) float64 {
	for {
		a := elementary.Log(1-r.Float64()) / alpha
		b := elementary.Log(1-r.Float64()) / alpha
		top, low := max(a, b), min(a, b)
		if top+elementary.Log1p(elementary.Exp(low-top)) > 0 {
			continue
		}
		return elementary.Sigmoid(a - b)
	}
}

// Permute draws an order of the numbers 0 to len(p)-1.
func Permute(p []int, r *rand.Rand) {
	for i := range p {
		p[i] = i
	}
	for i := len(p) - 1; i > 0; i-- {
		j := r.IntN(i + 1)
		p[i], p[j] = p[j], p[i]
	}
}
