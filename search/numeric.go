package search

import (
	"math"
	"math/rand/v2"

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
	// far is how many standard deviations from its centre a kernel counts.
	far float64
	// inverse is 1/(√2·σ) of each kernel of a continuous axis.
	inverse []float64
	// Many kernels are equal on a discrete axis: first is the first of each set of equal
	// ones, and set that of each kernel. masses are those of the values asked for so far.
	first, set []int32
	masses     map[float64][]float64
}

// reach is how many standard deviations from its centre a kernel has all but 1e-15 of its
// mass.
const reach = 8

// newNumeric returns the kernels of a mixture of so many dimensions. On each of them the
// density of a kernel is at most e^5.5 times that of the prior, and there are fewer than
// e^11 kernels of its weight or of as many in all: what is farther than far from all
// others adds less than e^-39 of the sum.
func newNumeric(d *dimension, coordinates []float64, n, dims int) *numeric {
	width := d.high - d.low
	a := &numeric{
		d: d, mu: append(coordinates, float64(d.low/2)+float64(d.high/2)),
		narrowest: width / float64(min(100, 2+n)),
		far:       math.Sqrt(50+float64(dims)*5.5) * math.Sqrt2,
		order:     sorted(d, coordinates),
		sigma:     make([]float64, len(coordinates)+1),
	}
	for place, k := range a.order {
		a.sigma[k] = min(max(a.gap(place), a.narrowest), width)
	}
	a.sigma[len(coordinates)] = width
	if d.scale == discrete {
		a.masses = map[float64][]float64{}
		a.distinguish()
		return a
	}
	a.inverse = make([]float64, len(a.sigma))
	for k, sigma := range a.sigma {
		a.inverse[k] = math.Sqrt(0.5) / sigma
	}
	return a
}

// sorted returns the order of the coordinates, by a radix sort of 32 bits of the axis;
// closer ones stay as they are.
func sorted(d *dimension, coordinates []float64) []int32 {
	keys, order := make([]uint32, len(coordinates)), make([]int32, len(coordinates))
	for i, x := range coordinates {
		keys[i] = uint32(min(max((x-d.low)/(d.high-d.low), 0), 1) * (1<<32 - 1))
		order[i] = int32(i)
	}
	next := make([]int32, len(order))
	for shift := 0; shift < 32; shift += 8 {
		var starts [257]int32
		for _, key := range keys {
			starts[key>>shift&255+1]++
		}
		for digit := range 256 {
			starts[digit+1] += starts[digit]
		}
		for _, i := range order {
			at := &starts[keys[i]>>shift&255]
			next[*at] = i
			*at++
		}
		order, next = next, order
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

func (a *numeric) add(sums []float64, x float64) {
	if a.d.scale == discrete {
		mass, ok := a.masses[x]
		if !ok {
			mass = a.massesAt(x)
			a.masses[x] = mass
		}
		for k, set := range a.set {
			sums[k] += mass[set]
		}
		return
	}
	at, mu, inverse := a.d.axis(x), a.mu[:len(sums)], a.inverse[:len(sums)]
	for k := range sums {
		z := (at - mu[k]) * inverse[k]
		sums[k] -= float64(z * z)
	}
}

// distinguish finds the sets of equal kernels.
func (a *numeric) distinguish() {
	a.set = make([]int32, len(a.mu))
	for _, k := range a.order {
		if n := len(a.first); n == 0 || a.mu[a.first[n-1]] != a.mu[k] || a.sigma[a.first[n-1]] != a.sigma[k] {
			a.first = append(a.first, k)
		}
		a.set[k] = int32(len(a.first) - 1)
	}
	prior := int32(len(a.mu) - 1)
	a.set[prior] = int32(len(a.first))
	a.first = append(a.first, prior)
}

// massesAt returns the logarithm of the mass that each set's kernels have on a value's cell.
func (a *numeric) massesAt(x float64) []float64 {
	from, to := a.d.cell(x)
	out := make([]float64, len(a.first))
	size := elementary.Log(to - from)
	narrow := elementary.Log(a.narrowest)
	for i, k := range a.first {
		sigma := a.sigma[k]
		centre, half := (float64(from/2)+float64(to/2)-a.mu[k])/sigma, (to-from)/sigma/2
		if math.Abs(centre)-half > a.far {
			out[i] = math.Inf(-1)
			continue
		}
		if half > 0.5 {
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

// logMass returns the logarithm of the standard normal mass from a to b, b - a ≥ 1.
func logMass(a, b float64) float64 {
	if a > 20 { // where φ(a)/a is nearly the mass, and what lies beyond b nearly none
		return float64(-0.5*a*a) - halfLogTwoPi - elementary.Log(a)
	}
	return elementary.Log(elementary.NormCDF(-a) - elementary.NormCDF(-b))
}

// logMiddle returns the logarithm of the standard normal density's mean from c-h to c+h
// for h up to 1/2: φ(c) times the sum of He2k(c)·h^2k/(2k+1)! over Hermite's polynomials,
// of which six terms leave less than 1e-7 as far as 4 from 0.
func logMiddle(c, h float64) float64 {
	c2, h2 := float64(c*c), float64(h*h)
	he2 := c2 - 1
	he4 := float64(c2*(c2-6)) + 3
	he6 := float64(c2*(float64(c2*(c2-15))+45)) - 15
	he8 := float64(c2*(float64(c2*(float64(c2*(c2-28))+210))-420)) + 105
	he10 := float64(c2*(float64(c2*(float64(c2*(float64(c2*(c2-45))+630))-3150))+4725)) - 945
	sum := float64(h2*he10/39916800) + he8/362880
	sum = float64(h2*sum) + he6/5040
	sum = float64(h2*sum) + he4/120
	sum = float64(h2*sum) + he2/6
	return float64(-0.5*c2) - halfLogTwoPi + elementary.Log1p(float64(h2*sum))
}
