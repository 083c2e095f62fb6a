package search

import (
	"math"
	"math/rand/v2"
	"slices"

	"medml/internal/elementary"
)

// numeric is the kernels on a parameter whose values have an order: normal distributions
// truncated to the axis. A kernel's width is the distance to the farther of its two
// neighbours among the observations, and no less than a share of the axis that shrinks
// with the number of observations to a hundredth (the "magic clip"); the prior is as wide
// as the axis. On a discrete axis a value has the mass of its cell.
type numeric struct {
	d         *dimension
	mu, sigma []float64
	narrowest float64
	order     []int32 // the observations by rising coordinate
}

// reach is how many standard deviations from its centre a kernel has all but 1e-15 of its
// mass.
const reach = 8

func newNumeric(d *dimension, coordinates []float64, n int) *numeric {
	width := d.high - d.low
	a := &numeric{
		d: d, mu: append(coordinates, float64(d.low/2)+float64(d.high/2)),
		narrowest: width / float64(min(100, 2+n)),
		order:     sorted(d, coordinates),
		sigma:     make([]float64, len(coordinates)+1),
	}
	for place, k := range a.order {
		a.sigma[k] = min(max(a.gap(place), a.narrowest), width)
	}
	a.sigma[len(coordinates)] = width
	return a
}

// sorted returns the order of the coordinates. They are compared to 51 bits of the axis,
// and equal ones stay as they are.
func sorted(d *dimension, coordinates []float64) []int32 {
	const bits = 12
	scale := float64(1<<51) / (d.high - d.low)
	keys := make([]uint64, len(coordinates))
	for i, x := range coordinates {
		at := min(max(float64((x-d.low)*scale), 0), 1<<51)
		keys[i] = uint64(at)<<bits | uint64(i)
	}
	slices.Sort(keys)
	order := make([]int32, len(keys))
	for i, key := range keys {
		order[i] = int32(key & (1<<bits - 1))
	}
	return order
}

// gap returns the distance of the observation at a place of the order to the farther of
// its neighbours. The ends of the axis are neighbours of one that is alone.
func (a *numeric) gap(place int) float64 {
	at := a.mu[a.order[place]]
	if len(a.order) == 1 {
		return max(at-a.d.low, a.d.high-at)
	}
	gap := 0.0
	if place > 0 {
		gap = at - a.mu[a.order[place-1]]
	}
	if place+1 < len(a.order) {
		gap = max(gap, a.mu[a.order[place+1]]-at)
	}
	return gap
}

// onAxis returns where the axis lies in the untruncated kernel's distribution function.
func (a *numeric) onAxis(k int) (from, to float64) {
	below, above := (a.d.low-a.mu[k])/a.sigma[k], (a.d.high-a.mu[k])/a.sigma[k]
	to = 1
	if below > -reach {
		from = elementary.NormCDF(below)
	}
	if above < reach {
		to = elementary.NormCDF(above)
	}
	return from, to
}

// draw inverts the truncated distribution function.
func (a *numeric) draw(k int, r *rand.Rand) float64 {
	from, to := a.onAxis(k)
	v := r.Float64()
	z := elementary.NormQuantile(float64((1-v)*from) + float64(v*to))
	return a.d.at(min(max(a.mu[k]+float64(a.sigma[k]*z), a.d.low), a.d.high))
}

// heights adds -log of the mass on the axis, and on a continuous axis of the width, once
// the distribution is one of the standard normal.
func (a *numeric) heights(sums []float64) {
	narrow := elementary.Log(a.narrowest)
	for k, sigma := range a.sigma {
		if from, to := a.onAxis(k); to-from < 1 {
			sums[k] -= elementary.Log(to - from)
		}
		switch {
		case a.d.scale != continuous:
		case sigma == a.narrowest:
			sums[k] -= narrow
		default:
			sums[k] -= elementary.Log(sigma)
		}
	}
}

func (a *numeric) add(sums [][]float64, xs []float64) {
	if a.d.scale == discrete {
		a.addMasses(sums, xs)
		return
	}
	inverse := make([]float64, len(a.sigma))
	for k, sigma := range a.sigma {
		inverse[k] = math.Sqrt(0.5) / sigma
	}
	for i, row := range sums {
		at, mu := a.d.axis(xs[i]), a.mu[:len(row)]
		for k, by := range inverse[:len(row)] {
			z := (at - mu[k]) * by
			row[k] -= float64(z * z)
		}
	}
}

// addMasses adds the logarithms of the cells' masses. Many kernels are equal on a discrete
// axis, and many points: each pair is looked at once.
func (a *numeric) addMasses(sums [][]float64, xs []float64) {
	first, of := a.distinct()
	masses := map[float64][]float64{}
	for i, row := range sums {
		mass, ok := masses[xs[i]]
		if !ok {
			mass = a.masses(xs[i], first)
			masses[xs[i]] = mass
		}
		for k, j := range of {
			row[k] += mass[j]
		}
	}
}

// distinct returns the first of each set of equal kernels, and of each kernel its set.
func (a *numeric) distinct() (first, of []int32) {
	of = make([]int32, len(a.mu))
	for _, k := range a.order {
		if n := len(first); n == 0 || a.mu[first[n-1]] != a.mu[k] || a.sigma[first[n-1]] != a.sigma[k] {
			first = append(first, k)
		}
		of[k] = int32(len(first) - 1)
	}
	prior := int32(len(a.mu) - 1)
	of[prior] = int32(len(first))
	return append(first, prior), of
}

// masses returns the logarithm of the mass that kernels have on a value's cell.
func (a *numeric) masses(x float64, kernels []int32) []float64 {
	from, to := a.d.cell(x)
	out := make([]float64, len(kernels))
	size := elementary.Log(to - from)
	narrow := elementary.Log(a.narrowest)
	for i, k := range kernels {
		sigma := a.sigma[k]
		centre, half := (float64(from/2)+float64(to/2)-a.mu[k])/sigma, (to-from)/sigma/2
		if half > 0.25 {
			out[i] = logMass(math.Abs(centre)-half, math.Abs(centre)+half)
			continue
		}
		width := narrow
		if sigma != a.narrowest {
			width = elementary.Log(sigma)
		}
		out[i] = size - width + logMiddle(centre, half)
	}
	return out
}

const halfLogTwoPi = 0.91893853320467274178

// logMass returns the logarithm of the standard normal mass from a to b, b - a ≥ 1/2.
func logMass(a, b float64) float64 {
	if a > 20 { // where φ(a)/a is nearly the mass, and what lies beyond b nearly none
		return float64(-0.5*a*a) - halfLogTwoPi - elementary.Log(a)
	}
	return elementary.Log(elementary.NormCDF(-a) - elementary.NormCDF(-b))
}

// logMiddle returns the logarithm of the standard normal density's mean from c-h to c+h
// for h up to 1/4: φ(c) times the sum of He2k(c)·h^2k/(2k+1)! over Hermite's polynomials,
// of which four terms leave less than 1e-7 as far as 4 from 0.
func logMiddle(c, h float64) float64 {
	c2, h2 := float64(c*c), float64(h*h)
	he2 := c2 - 1
	he4 := float64(c2*(c2-6)) + 3
	he6 := float64(c2*(float64(c2*(c2-15))+45)) - 15
	sum := float64(h2 * (he2/6 + float64(h2*(he4/120+float64(h2*he6/5040)))))
	return float64(-0.5*c2) - halfLogTwoPi + elementary.Log1p(sum)
}
