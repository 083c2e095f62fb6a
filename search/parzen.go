package search

import (
	"math"
	"math/rand/v2"
	"slices"

	"medml/internal/elementary"
)

// parzen is the joint density of some parameters: a mixture of kernels, each the product
// of one distribution a parameter. There is a kernel around each observation and, as the
// prior, a wide one at the centre (Falkner, Klein and Hutter, BOHB, 2018; Watanabe,
// Tree-Structured Parzen Estimator, 2023). What a kernel is on one parameter say
// [numeric] and [nominal].
type parzen struct {
	dims []*dimension
	axes []axis
	// weights are those of the kernels, the prior's last; total is their sum.
	weights []float64
	total   float64
	// heights are the logarithms of the kernels' shares of the weight and of what does not
	// depend on the point.
	heights []float64
}

// axis is the kernels of a mixture on one of its dimensions, the prior last.
type axis interface {
	// draw returns the internal form of a value drawn from a kernel.
	draw(kernel int, r *rand.Rand) float64
	// heights adds the logarithm of each kernel's constant factor.
	heights(sums []float64)
	// add adds the logarithm of each kernel at a value's internal form, up to the constant
	// factor.
	add(sums []float64, x float64)
}

// points are the observations of a density: for each dimension the coordinates, and the
// weight of each observation.
type points struct {
	coordinates [][]float64 // [dimension][observation]
	weights     []float64
	n           int // how many observations the points stand for
}

// newParzen estimates the density of the dimensions from observations.
func newParzen(dims []*dimension, at points) *parzen {
	p := &parzen{dims: dims, weights: append(slices.Clip(at.weights), 1)}
	for _, w := range p.weights {
		p.total += w
	}
	p.heights = make([]float64, len(p.weights))
	for k, w := range p.weights {
		p.heights[k] = elementary.Log(w / p.total)
	}
	for i, d := range dims {
		var a axis
		if d.scale == unordered {
			a = newNominal(d, at.coordinates[i], at.n)
		} else {
			a = newNumeric(d, at.coordinates[i], at.n, len(dims))
		}
		a.heights(p.heights)
		p.axes = append(p.axes, a)
	}
	return p
}

// draw draws a point: its internal form on each dimension.
func (p *parzen) draw(r *rand.Rand) []float64 {
	u := float64(r.Float64() * p.total)
	k := 0
	for ; k < len(p.weights)-1 && u >= p.weights[k]; k++ {
		u -= p.weights[k]
	}
	point := make([]float64, len(p.axes))
	for i, a := range p.axes {
		point[i] = a.draw(k, r)
	}
	return point
}

// logAt returns the logarithm of the density at a point in its internal form, up to a
// summand that all densities of the dimensions share. It is always a number.
func (p *parzen) logAt(point []float64) float64 {
	sums := make([]float64, len(p.heights))
	copy(sums, p.heights)
	for i, a := range p.axes {
		a.add(sums, point[i])
	}
	return logSum(sums)
}

// logSum returns the logarithm of the sum of the exponentials, of which the first digits
// count: summands below 1e-17 of the highest are left out.
func logSum(terms []float64) float64 {
	highest := math.Inf(-1)
	for _, t := range terms {
		if t > highest {
			highest = t
		}
	}
	sum := 0.0
	for _, t := range terms {
		if t > highest-39 {
			sum += elementary.Exp(t - highest)
		}
	}
	return highest + elementary.Log(sum)
}
