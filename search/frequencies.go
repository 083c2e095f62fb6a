package search

import "math/rand/v2"

// frequencies is the density of a parameter whose values have no order: smoothed counts.
// As in Optuna, each observation is a distribution of its own, that of its value and 1/n
// of an observation of every value, and the prior, uniform, weighs as much as an
// observation.
type frequencies struct {
	d    *dimension
	p    []float64 // by position; they sum to 1
	last int       // the last position
}

func newFrequencies(d *dimension, observations []float64) *frequencies {
	n := len(observations)
	smoothing := 1 / float64(n+1)
	f := &frequencies{d: d, p: make([]float64, d.n), last: d.n - 1}
	total := 0.0
	for i, x := range observations {
		w := ageWeight(i, n)
		f.p[d.position(x)] += w
		total += w
	}
	row := 1 + float64(float64(d.n)*smoothing)
	for i, count := range f.p {
		observed := (count + float64(total*smoothing)) / row
		f.p[i] = (observed + 1/float64(d.n)) / (total + 1)
	}
	return f
}

func (f *frequencies) draw(r *rand.Rand) float64 {
	u := r.Float64()
	for i, p := range f.p {
		if u < p {
			return float64(i)
		}
		u -= p
	}
	return float64(f.last)
}

func (f *frequencies) at(x float64) float64 { return f.p[f.d.position(x)] }
