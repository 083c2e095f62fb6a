package search

import (
	"math"

	"medml/internal/elementary"
)

// improvement is the logarithm of the expected improvement on the best value (Ament,
// Daulton, Eriksson, Balandat and Bakshy, Unexpected Improvements to Expected Improvement
// for Bayesian Optimization, 2023). Where the improvement itself is 0 in doubles, and flat,
// its logarithm still says which way to go.
type improvement struct {
	process *gaussianProcess
	best    float64
	scratch *scratch
}

// at returns the improvement at a point and, unless gradient is nil, writes its gradient by
// the coordinates, 0 for those unordered.
func (a *improvement) at(x, gradient []float64) float64 {
	g, s := a.process, a.scratch
	mean, variance := g.posterior(x, s)
	sd := math.Sqrt(variance)
	u := (a.best - mean) / sd
	value, slope := logImprovement(u)
	value += elementary.Log(variance) / 2
	if gradient == nil {
		return value
	}
	// value = h(u) + log sd, u = (best - mean)/sd
	byMean := -slope / sd
	byVariance := (1 - float64(slope*u)) / (2 * variance)
	if variance <= minVariance*g.hyper.scale {
		byVariance = 0
	}
	solveUpper(g.l, len(g.x), s.q)
	clear(gradient)
	for j, row := range g.x {
		// ∂mean = Σ αⱼ·∂kⱼ, ∂variance = -2·Σ (K⁻¹k)ⱼ·∂kⱼ, ∂kⱼ = slopeⱼ·2·w·(x - xⱼ)
		c := float64(byMean*g.alpha[j]) - float64(2*byVariance*s.q[j])
		c = float64(2 * c * s.slope[j])
		for i, w := range g.hyper.weights {
			if !g.category[i] {
				gradient[i] += float64(c * float64(w*(x[i]-row[i])))
			}
		}
	}
	return value
}

const logRoot2Pi = 0.9189385332046727 // log √(2π)

// logImprovement returns the logarithm of h(u) = φ(u) + u·Φ(u), the expectation of
// max(0, u + a standard normal), and its derivative Φ(u)/h(u).
//
// Far below 0, with t = -u, Φ/φ is Laplace's continued fraction 1/(t + 1/(t + 2/(t + …))).
// With c for the part below the first t, h = φ·c/(t + c) and the derivative is 1/c, which
// leaves nothing to cancel.
func logImprovement(u float64) (value, slope float64) {
	if u > -4 {
		phi := elementary.Exp(-float64(u*u)/2 - logRoot2Pi)
		cdf := elementary.NormCDF(u)
		h := phi + float64(u*cdf)
		return elementary.Log(h), cdf / h
	}
	t := -u
	c := t
	for k := 40.0; k >= 2; k-- {
		c = t + k/c
	}
	c = 1 / c
	return -float64(t*t)/2 - logRoot2Pi + elementary.Log(c/(t+c)), 1 / c
}
