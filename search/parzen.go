package search

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"medml/internal/elementary"
)

// parzen is the density of a parameter on an axis: a mixture of normal distributions
// truncated to the axis, one around each observation, and as the prior one as wide as the
// axis at its centre. A kernel's width is the distance to the farther of its two
// neighbours, and no less than a share of the axis that shrinks with the number of
// observations to a hundredth (the "magic clip"). On a discrete axis a value has the mass
// of its cell.
type parzen struct {
	d       *dimension
	kernels []kernel // by rising centre
	total   float64  // of the weights
}

// kernel is a normal distribution of a mixture.
type kernel struct {
	mu, sigma float64
	weight    float64
	prior     bool
	// share is the weight, divided by the part of the distribution that lies on the axis.
	share float64
}

// maxKernels is how many observations get a kernel each. Of more, those are merged that
// lie in the same of so many equal cells of the axis. A cell is a fifth of the narrowest
// kernel then, so the density is nearly the same, and a proposal takes as long after
// 10,000 trials as after 500.
const maxKernels = 512

// reach is how many standard deviations from its centre a kernel is evaluated. Beyond, it
// adds less than 1e-13 of its peak, which the prior drowns.
const reach = 8

func newParzen(d *dimension, observations []float64) *parzen {
	kernels := kernelsAt(d, observations)
	n := len(observations) + 1
	width := d.high - d.low
	narrowest := width / float64(min(100, 1+n))
	for i := range kernels {
		k := &kernels[i]
		k.sigma = min(max(gap(kernels, i), narrowest), width)
		if k.prior {
			k.sigma = width
		}
	}
	p := &parzen{d: d, kernels: joined(kernels)}
	for i := range p.kernels {
		k := &p.kernels[i]
		k.share = k.weight / k.onAxis(d)
		p.total += k.weight
	}
	return p
}

// joined makes one kernel of neighbours that are equal, of which there are many on a
// discrete axis. The density is the same.
func joined(kernels []kernel) []kernel {
	out := kernels[:1]
	for _, k := range kernels[1:] {
		if last := &out[len(out)-1]; last.mu == k.mu && last.sigma == k.sigma {
			last.weight += k.weight
		} else {
			out = append(out, k)
		}
	}
	return out
}

// kernelsAt returns kernels, as yet without a width, at the observations and the prior.
func kernelsAt(d *dimension, observations []float64) []kernel {
	n := len(observations)
	kernels := make([]kernel, 0, min(n, maxKernels)+1)
	if n <= maxKernels {
		for i, x := range observations {
			kernels = append(kernels, kernel{mu: x, weight: ageWeight(i, n)})
		}
	} else {
		kernels = mergedKernels(kernels, d, observations)
	}
	kernels = append(kernels, kernel{mu: float64(d.low/2) + float64(d.high/2), weight: 1, prior: true})
	slices.SortStableFunc(kernels, func(a, b kernel) int { return cmp.Compare(a.mu, b.mu) })
	return kernels
}

// mergedKernels appends a kernel for each cell that has observations: their total weight
// at their mean.
func mergedKernels(kernels []kernel, d *dimension, observations []float64) []kernel {
	n := len(observations)
	var weight, moment [maxKernels]float64 // moment is about low, in cells
	for i, x := range observations {
		at := float64((x-d.low)/(d.high-d.low)) * maxKernels
		cell := min(max(int(at), 0), maxKernels-1)
		w := ageWeight(i, n)
		weight[cell] += w
		moment[cell] += float64(w * at)
	}
	for cell, w := range weight {
		if w > 0 {
			at := moment[cell] / w / maxKernels
			kernels = append(kernels, kernel{mu: d.low + float64(at*(d.high-d.low)), weight: w})
		}
	}
	return kernels
}

// gap returns the distance from the i-th centre to the farther of its neighbours. The
// ends of the axis are no neighbours; a kernel alone is as wide as the clip allows.
func gap(k []kernel, i int) float64 {
	switch {
	case len(k) == 1:
		return math.Inf(1)
	case i == 0:
		return k[1].mu - k[0].mu
	case i == len(k)-1:
		return k[i].mu - k[i-1].mu
	}
	return max(k[i].mu-k[i-1].mu, k[i+1].mu-k[i].mu)
}

// onAxis returns the probability that the untruncated kernel has on the axis.
func (k *kernel) onAxis(d *dimension) float64 {
	below, above := (d.low-k.mu)/k.sigma, (d.high-k.mu)/k.sigma
	if below < -reach && above > reach {
		return 1
	}
	return elementary.NormCDF(above) - elementary.NormCDF(below)
}

// draw picks a kernel by weight and inverts its truncated distribution function.
func (p *parzen) draw(r *rand.Rand) float64 {
	u := float64(r.Float64() * p.total)
	i := 0
	for ; i < len(p.kernels)-1 && u >= p.kernels[i].weight; i++ {
		u -= p.kernels[i].weight
	}
	k := p.kernels[i]
	from, to := elementary.NormCDF((p.d.low-k.mu)/k.sigma), elementary.NormCDF((p.d.high-k.mu)/k.sigma)
	v := r.Float64()
	z := elementary.NormQuantile(float64((1-v)*from) + float64(v*to))
	return p.d.at(min(max(k.mu+float64(k.sigma*z), p.d.low), p.d.high))
}

func (p *parzen) at(x float64) float64 {
	if p.d.scale == discrete {
		return p.massAt(x)
	}
	at := p.d.axis(x)
	sum := 0.0
	for i := range p.kernels {
		k := &p.kernels[i]
		if z := (at - k.mu) / k.sigma; math.Abs(z) < reach {
			sum += float64(k.share / k.sigma * elementary.Exp(-z*z/2))
		}
	}
	return sum / p.total
}

// massAt returns the probability of a discrete value.
func (p *parzen) massAt(x float64) float64 {
	from, to := p.d.cell(x)
	sum := 0.0
	for i := range p.kernels {
		k := &p.kernels[i]
		a, b := (from-k.mu)/k.sigma, (to-k.mu)/k.sigma
		if b > -reach && a < reach {
			sum += float64(k.share * (elementary.NormCDF(b) - elementary.NormCDF(a)))
		}
	}
	return sum / p.total
}
