package search

import (
	"math/rand/v2"

	"medml/internal/elementary"
)

// nominal is the kernels on a parameter whose values have no order. As in Optuna, the
// kernel of one of n observations is that of its value and 1/(n+1) of an observation of
// every value; the prior is uniform.
type nominal struct {
	d      *dimension
	values []int32 // of the observations, by position
	// hit is the probability of a kernel's own value, miss of each other.
	hit, miss, prior float64
}

func newNominal(d *dimension, coordinates []float64, n int) *nominal {
	smoothing := 1 / float64(n+1)
	row := 1 + float64(float64(d.n)*smoothing)
	a := &nominal{d, make([]int32, len(coordinates)), (1 + smoothing) / row, smoothing / row, 1 / float64(d.n)}
	for i, x := range coordinates {
		a.values[i] = int32(d.position(x))
	}
	return a
}

// draw draws a value: another one than the kernel's with the probability n·miss.
func (a *nominal) draw(kernel int, r *rand.Rand) float64 {
	u := r.Float64()
	if kernel < len(a.values) {
		if u < a.hit-a.miss {
			return float64(a.values[kernel])
		}
		u = (u - (a.hit - a.miss)) / (1 - (a.hit - a.miss))
	}
	return float64(min(int(u*float64(a.d.n)), a.d.n-1))
}

func (a *nominal) heights([]float64) {}

func (a *nominal) add(sums [][]float64, xs []float64) {
	hit, miss, prior := elementary.Log(a.hit), elementary.Log(a.miss), elementary.Log(a.prior)
	for i, row := range sums {
		x := int32(xs[i])
		for k, value := range a.values {
			if value == x {
				row[k] += hit
			} else {
				row[k] += miss
			}
		}
		row[len(a.values)] += prior
	}
}
