package search

import (
	"math"

	"medml/internal/elementary"
)

// gaussianProcess is a posterior over functions of points with d coordinates, given n
// values with noise (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006).
// Its prior has the mean 0 and a Matérn kernel with ν = 5/2 over the distance
// r² = Σ wᵢ·δᵢ, where δᵢ is the squared difference of a coordinate or, of an unordered one,
// whether it differs.
type gaussianProcess struct {
	hyper    hyperparameters
	category []bool
	x        [][]float64 // [n][d]
	y        []float64   // [n]
	l        []float64   // [n, n], the Cholesky factor of the values' covariance
	alpha    []float64   // [n], covariance⁻¹·y
}

// hyperparameters are those of the kernel and the noise.
type hyperparameters struct {
	weights []float64 // w, [d], the inverse squares of the length scales
	scale   float64   // the prior's variance
	noise   float64   // the variance of a value around the function
}

// matern returns the kernel's correlation at a squared distance and its derivative by that.
func matern(r2 float64) (value, slope float64) {
	r := math.Sqrt(5 * r2)
	e := elementary.Exp(-r)
	return float64(e * (1 + r + float64(r2*(5.0/3)))), -5.0 / 6 * e * (1 + r)
}

// distance returns r².
func (g *gaussianProcess) distance(a, b []float64) float64 {
	sum := 0.0
	for i, w := range g.hyper.weights {
		d := a[i] - b[i]
		switch {
		case !g.category[i]:
			sum += float64(w * float64(d*d))
		case d != 0:
			sum += w
		}
	}
	return sum
}

// condition makes the posterior of the values. It reports whether their covariance is
// positive definite in doubles.
func (g *gaussianProcess) condition(x [][]float64, y []float64) bool {
	n := len(x)
	g.x, g.y, g.l = x, y, make([]float64, n*n)
	for i := range x {
		for j := range i {
			k, _ := matern(g.distance(x[i], x[j]))
			g.l[i*n+j] = float64(g.hyper.scale * k)
		}
		g.l[i*n+i] = g.hyper.scale + g.hyper.noise
	}
	if !cholesky(g.l, n) {
		return false
	}
	g.alpha = append([]float64(nil), y...)
	solveLower(g.l, n, g.alpha)
	solveUpper(g.l, n, g.alpha)
	return true
}

// scratch is room for what the posterior at a point takes, used again from point to point.
type scratch struct{ k, slope, q []float64 }

func (g *gaussianProcess) scratch() *scratch {
	n := len(g.x)
	return &scratch{make([]float64, n), make([]float64, n), make([]float64, n)}
}

// minVariance keeps the posterior variance, relative to the prior's, above rounding errors.
const minVariance = 1e-12

// posterior returns mean and variance of the function at a point. It leaves the covariances
// with the values and their slopes in s.k and s.slope, and L⁻¹·k in s.q.
func (g *gaussianProcess) posterior(x []float64, s *scratch) (mean, variance float64) {
	for j := range g.x {
		k, slope := matern(g.distance(x, g.x[j]))
		s.k[j], s.slope[j] = float64(g.hyper.scale*k), float64(g.hyper.scale*slope)
	}
	copy(s.q, s.k)
	solveLower(g.l, len(g.x), s.q)
	return dot(s.k, g.alpha), max(g.hyper.scale-dot(s.q, s.q), minVariance*g.hyper.scale)
}
