package search

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"medml/internal/elementary"
)

// climb looks for the point of the highest improvement: candidates from a Sobol sequence
// and around the best trials, then, from the most promising of them, gradient steps over
// what is continuous in turn with the best value of each discrete coordinate.
type climb struct {
	points *encoding
	of     *improvement
	r      *rand.Rand
	// fine says of a coordinate that it is climbed by gradient: a number with so many
	// values that it might be continuous.
	fine []bool
	// lengths are the kernel's length scales; no longer than the axis.
	lengths []float64
	exists  []bool // scratch for settle
}

// place is a point and its improvement.
type place struct {
	x     []float64
	value float64
}

const (
	// finest is how many values a discrete number may have to be tried one by one.
	finest = 32
	// climbs is how many candidates are the start of a climb.
	climbs = 8
	// rounds is how often a climb changes between gradients and discrete steps.
	rounds = 10
)

func newClimb(s *encoding, of *improvement, r *rand.Rand) *climb {
	c := &climb{points: s, of: of, r: r, exists: make([]bool, len(s.dims))}
	for i, d := range s.dims {
		c.fine = append(c.fine, d.scale == continuous || d.scale == discrete && d.n > finest)
		c.lengths = append(c.lengths, min(1/math.Sqrt(of.process.hyper.weights[i]), 1))
	}
	return c
}

// best returns places by falling improvement, all settled.
func (c *climb) best(candidates int, around [][]float64) []place {
	places := c.candidates(candidates, around)
	starts := c.starts(places)
	climbed := make([]place, 0, len(starts)+len(places))
	for _, start := range starts {
		climbed = append(climbed, c.from(start))
	}
	slices.SortStableFunc(climbed, byImprovement)
	return append(climbed, places...)
}

func byImprovement(a, b place) int { return cmp.Compare(b.value, a.value) }

// candidates returns n points of a Sobol sequence, and a quarter as many around the points
// given, by falling improvement.
func (c *climb) candidates(n int, around [][]float64) []place {
	sequence := newSobolSequence(c.r.Uint64(), len(c.points.dims))
	places := make([]place, 0, n+n/4)
	for i := range n {
		x := make([]float64, len(c.points.dims))
		for j, d := range c.points.dims {
			u := 0.0
			if j < sobolDimensions {
				u = sequence.at(uint32(i), j)
			} else {
				u = c.r.Float64()
			}
			if d.scale == unordered {
				u = float64(int(u * float64(d.n)))
			}
			x[j] = u
		}
		places = append(places, c.settled(x))
	}
	for i := range n / 4 {
		if len(around) > 0 {
			places = append(places, c.settled(c.near(around[i%len(around)])))
		}
	}
	slices.SortStableFunc(places, byImprovement)
	return places
}

// near returns a point around x: some coordinates changed by up to a length scale, or less
// by several orders of magnitude.
func (c *climb) near(x []float64) []float64 {
	x = slices.Clone(x)
	size := elementary.Exp(-7 * c.r.Float64())
	share := max(c.r.Float64(), 1/float64(len(x)))
	for j, d := range c.points.dims {
		switch {
		case c.r.Float64() >= share:
		case d.scale == unordered:
			if c.r.Float64() < 0.5 {
				x[j] = float64(c.r.IntN(d.n))
			}
		default:
			step := c.r.Float64() + c.r.Float64() - 1
			x[j] = min(max(x[j]+float64(step*float64(size*c.lengths[j])), 0), 1)
		}
	}
	return x
}

func (c *climb) settled(x []float64) place {
	c.points.settle(x, c.exists)
	return place{x, c.of.at(x, nil)}
}

// starts picks the best candidate and others with probabilities that fall as their
// improvement does.
func (c *climb) starts(places []place) []place {
	starts := []place{places[0]}
	weights, total := make([]float64, len(places)), 0.0
	for i, p := range places[1:] {
		weights[i+1] = elementary.Exp(p.value - places[0].value)
		total += weights[i+1]
	}
	for len(starts) < climbs && total > 0 {
		u := float64(c.r.Float64() * total)
		pick := -1
		for i, w := range weights {
			if w > 0 {
				pick = i
				if u < w {
					break
				}
				u -= w
			}
		}
		if pick < 0 {
			break
		}
		starts = append(starts, places[pick])
		total -= weights[pick]
		weights[pick] = 0
	}
	return starts
}

// from climbs from a place until neither gradients nor discrete steps find better.
func (c *climb) from(p place) place {
	for range rounds {
		before := p.value
		p = c.byGradient(p)
		stepped := c.bySteps(p)
		if stepped.value == p.value || stepped.value <= before+1e-9 {
			return stepped
		}
		p = stepped
	}
	return p
}

// byGradient improves the fine coordinates that exist, measured in length scales, in which
// the kernel is the same in all directions.
func (c *climb) byGradient(p place) place {
	c.points.settle(p.x, c.exists)
	var free []int
	for j, fine := range c.fine {
		if fine && c.exists[j] {
			free = append(free, j)
		}
	}
	if len(free) == 0 {
		return p
	}
	x, gradient := slices.Clone(p.x), make([]float64, len(p.x))
	z, high := make([]float64, len(free)), make([]float64, len(free))
	for i, j := range free {
		z[i], high[i] = p.x[j]/c.lengths[j], 1/c.lengths[j]
	}
	place := func(z []float64) {
		for i, j := range free {
			x[j] = min(float64(z[i]*c.lengths[j]), 1)
		}
	}
	m := lbfgs{low: make([]float64, len(free)), high: high, steps: 60, tolerance: 1e-4,
		f: func(z, g []float64) float64 {
			place(z)
			value := c.of.at(x, gradient)
			for i, j := range free {
				g[i] = -float64(gradient[j] * c.lengths[j])
			}
			return -value
		}}
	z, _ = m.minimise(z)
	place(z)
	if found := c.settled(x); found.value > p.value {
		return found
	}
	return p
}

// bySteps sets each discrete coordinate in turn to its best value.
func (c *climb) bySteps(p place) place {
	for j, d := range c.points.dims {
		if c.fine[j] {
			continue
		}
		c.points.settle(p.x, c.exists)
		if !c.exists[j] {
			continue
		}
		for i := range d.n {
			x := slices.Clone(p.x)
			x[j] = d.unit(d.axis(d.number(i)))
			if x[j] == p.x[j] {
				continue
			}
			if found := c.settled(x); found.value > p.value {
				p = found
			}
		}
	}
	return p
}
