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
	hit, miss       float64
	logHit, logMiss float64
}

func newNominal(d *dimension, coordinates []float64, n int) *nominal {
	smoothing := 1 / float64(n+1)
	row := 1 + float64(float64(d.n)*smoothing)
	a := &nominal{d: d, values: make([]int32, len(coordinates)), hit: (1 + smoothing) / row, miss: smoothing / row}
	a.logHit, a.logMiss = elementary.Log(a.hit), elementary.Log(a.miss)
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

func (a *nominal) heights(sums []float64) {
	sums[len(a.values)] -= elementary.Log(float64(a.d.n))
}

func (a *nominal) add(sums []float64, x float64) {
	at := int32(x)
	for k, value := range a.values {
		if value == at {
			sums[k] += a.logHit
		} else {
			sums[k] += a.logMiss
		}
	}
}
