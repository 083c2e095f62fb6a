package search

import (
	"math"

	"medml/internal/elementary"
)

// fit returns the hyperparameters of the highest posterior density given n values. It
// starts twice from length scales of 1: from much noise and from little.
func fit(category []bool, x [][]float64, y []float64) hyperparameters {
	e := newEvidence(category, x, y)
	best, bestLoss := hyperparameters{}, math.Inf(1)
	for _, start := range []hyperparameters{{nil, 1, 1e-2}, {nil, 1, 1e-4}} {
		theta := make([]float64, e.d+2)
		theta[e.d], theta[e.d+1] = elementary.Log(start.scale), elementary.Log(start.noise)
		m := lbfgs{f: e.loss, low: e.low, high: e.high, steps: 100, tolerance: 1e-2}
		if at, loss := m.minimise(theta); loss < bestLoss || best.weights == nil {
			best, bestLoss = e.hyper(at), loss
		}
	}
	return best
}

// evidence is the negative logarithm of the posterior density of the hyperparameters, as a
// function of the logarithms of the weights, the variance and the noise.
type evidence struct {
	n, d      int
	y         []float64
	delta     []float64 // [n·(n-1)/2, d], the δ of each pair
	low, high []float64
	l, k      []float64 // [n, n]
	slope     []float64 // by pair, of the kernel
}

func newEvidence(category []bool, x [][]float64, y []float64) *evidence {
	n, d := len(x), len(category)
	e := &evidence{n: n, d: d, y: y, l: make([]float64, n*n), k: make([]float64, n*n), slope: make([]float64, n*n/2)}
	for i := range x {
		for j := range i {
			for c := range d {
				diff := x[i][c] - x[j][c]
				if category[c] && diff != 0 {
					diff = 1
				}
				e.delta = append(e.delta, diff*diff)
			}
		}
	}
	for range d {
		e.low, e.high = append(e.low, -12), append(e.high, 14)
	}
	e.low, e.high = append(e.low, -7, elementary.Log(minNoise)), append(e.high, 7, 2)
	return e
}

// minNoise keeps the covariance positive definite in doubles.
const minNoise = 1e-6

func (e *evidence) hyper(theta []float64) hyperparameters {
	h := hyperparameters{make([]float64, e.d), elementary.Exp(theta[e.d]), elementary.Exp(theta[e.d+1])}
	for i := range h.weights {
		h.weights[i] = elementary.Exp(theta[i])
	}
	return h
}

// loss returns the function's value and writes its gradient (Rasmussen and Williams 2006,
// Equations 5.8 and 5.9).
func (e *evidence) loss(theta, gradient []float64) float64 {
	h, n := e.hyper(theta), e.n
	e.fill(h)
	copy(e.l, e.k)
	if !cholesky(e.l, n) {
		return math.Inf(1)
	}
	alpha := append([]float64(nil), e.y...)
	solveLower(e.l, n, alpha)
	value := dot(alpha, alpha) / 2
	for i := range n {
		value += elementary.Log(e.l[i*n+i])
	}
	solveUpper(e.l, n, alpha)
	e.differentiate(h, alpha, gradient)
	return value + e.penalty(theta, h, gradient)
}

// fill computes the lower triangle of the covariance of the values, and the kernel's slopes.
func (e *evidence) fill(h hyperparameters) {
	pair := 0
	for i := range e.n {
		row := e.k[i*e.n : i*e.n+e.n]
		for j := range i {
			k, slope := matern(dot(h.weights, e.delta[pair*e.d:pair*e.d+e.d]))
			row[j], e.slope[pair] = float64(h.scale*k), float64(h.scale*slope)
			pair++
		}
		row[i] = h.scale + h.noise
	}
}

// differentiate writes the gradient of the likelihood's negative logarithm: for each
// hyperparameter half the trace of (K⁻¹ - α·αᵀ)·∂K.
func (e *evidence) differentiate(h hyperparameters, alpha, gradient []float64) {
	inv := inverse(e.l, e.n)
	clear(gradient)
	pair, diagonal := 0, 0.0
	byScale := 0.0
	for i := range e.n {
		for j := range i {
			w := inv[i*e.n+j] - float64(alpha[i]*alpha[j])
			byScale += float64(w * e.k[i*e.n+j])
			addScaled(gradient[:e.d], float64(w*e.slope[pair]), e.delta[pair*e.d:pair*e.d+e.d])
			pair++
		}
		diagonal += inv[i*e.n+i] - float64(alpha[i]*alpha[i])
	}
	for c, w := range h.weights {
		gradient[c] *= w
	}
	gradient[e.d] = byScale + float64(diagonal*h.scale)/2
	gradient[e.d+1] = float64(diagonal*h.noise) / 2
}

// penalty returns the negative logarithm of the prior density, up to a constant, and adds
// its gradient. The prior is the one that Optuna's GPSampler found good: a weight w has the
// density exp(-0.1/w - 0.1·w), which keeps length scales off both extremes; the variance a
// gamma density with shape 2 and rate 1; the noise one with shape 1.1 and rate 30, which
// lets it all but vanish.
func (e *evidence) penalty(theta []float64, h hyperparameters, gradient []float64) (sum float64) {
	for i, w := range h.weights {
		sum += 0.1/w + float64(0.1*w)
		gradient[i] += float64(0.1*w) - 0.1/w
	}
	sum += h.scale - theta[e.d]
	gradient[e.d] += h.scale - 1
	sum += float64(30*h.noise) - float64(0.1*theta[e.d+1])
	gradient[e.d+1] += float64(30*h.noise) - 0.1
	return sum
}
