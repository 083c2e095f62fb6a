package search

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/c-bata/goptuna"

	"medml"
)

// sobol proposes the points of a scrambled Sobol sequence, which fill a space more evenly
// than random ones: of the first 2^m, exactly one lies in each 2^m-th of every axis, and
// nearly as even are the projections on two (Sobol 1967; direction numbers of Joe and Kuo
// 2008). The scrambling is that of Owen (Randomly permuted (t,m,s)-nets, 1995), by the
// study's seed.
//
// Trial n gets point n, so nothing of the others is needed. Every parameter has its dimension whether
// it exists in a trial or not, so the branches of a space don't shift one another. A point
// that has been tried, and what the 160 dimensions with direction numbers don't cover, is
// drawn at random instead.
type sobol struct {
	*random
	points *sobolSequence
}

func newSobol(c Config, dims []dimension) (sampler, faults) {
	s := &sobol{uniformly(c.Sampler.Seed, dims), newSobolSequence(c.Sampler.Seed, len(dims))}
	about := "sobol"
	if len(dims) > sobolDimensions {
		about += fmt.Sprintf(" (parameters beyond the %dth at random)", sobolDimensions)
	}
	return sampler{about: about, independent: s}, nil
}

// Sample draws a parameter.
func (s *sobol) Sample(study *goptuna.Study, t goptuna.FrozenTrial, name string, dist any) (float64, error) {
	i, ok := s.index[name]
	if !ok || i >= sobolDimensions || t.SystemAttrs[attemptAttr] != "" {
		return s.random.Sample(study, t, name, dist)
	}
	p, err := pastOf(study, s.dims, t.Number)
	if err != nil {
		return 0, err
	}
	return s.dims[i].quantile(s.points.at(uint32(t.Number-p.warm), i)), nil
}

// quantile returns the internal number at a share u of the parameter's values, 0 ≤ u < 1:
// all are equally probable, on a logarithmic scale if it has one.
func (d *dimension) quantile(u float64) float64 {
	if d.scale != continuous && !d.Log {
		return d.number(min(int(u*float64(d.n)), d.n-1))
	}
	return d.at(float64((1-u)*d.low) + float64(u*d.high))
}

// sobolSequence is a scrambled Sobol sequence. It has no state: a point is found by its
// index.
type sobolSequence struct {
	numbers [][32]uint32 // by dimension, for each bit of the index
	keys    []uint64     // of the scrambling
}

func newSobolSequence(seed uint64, dims int) *sobolSequence {
	s := &sobolSequence{}
	for i := range min(dims, sobolDimensions) {
		s.numbers = append(s.numbers, directions[i].numbers())
		s.keys = append(s.keys, medml.Stream(seed, "sobol", i).Uint64())
	}
	return s
}

// numbers returns the direction numbers as binary fractions, from the recurrence of Bratley
// and Fox (Algorithm 659, 1988, Equation 2).
func (d direction) numbers() (v [32]uint32) {
	degree := bits.Len32(d.polynomial) - 1
	for k := range v {
		switch {
		case degree == 0:
			v[k] = 1 << (31 - k)
		case k < degree:
			v[k] = d.m[k] << (31 - k)
		default:
			v[k] = v[k-degree] ^ v[k-degree]>>degree
			for j := 1; j < degree; j++ {
				if d.polynomial>>(degree-j)&1 == 1 {
					v[k] ^= v[k-j]
				}
			}
		}
	}
	return v
}

// at returns a coordinate of a point, in [0, 1).
func (s *sobolSequence) at(index uint32, dim int) float64 {
	x, rest := scramble(s.plain(index, dim), s.keys[dim])
	return math.Ldexp(float64(x), -32) + math.Ldexp(float64(rest>>44), -52)
}

// plain returns a coordinate before the scrambling, as a multiple of 2⁻³².
func (s *sobolSequence) plain(index uint32, dim int) (x uint32) {
	for k := 0; index>>k != 0; k++ {
		if index>>k&1 == 1 {
			x ^= s.numbers[dim][k]
		}
	}
	return x
}

// scramble flips each bit by a hash of the bits above it, so that halves, quarters, eighths
// … of the axis change places at random (Owen 1995). It returns random bits for the places
// below, too.
func scramble(x uint32, key uint64) (uint32, uint64) {
	flips := uint32(0)
	for k := range 32 {
		above := uint64(x) >> (32 - k)
		flips |= uint32(mix(key^(uint64(k)<<32|above))>>63) << (31 - k)
	}
	return x ^ flips, mix(key ^ 1<<40 ^ uint64(x))
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
