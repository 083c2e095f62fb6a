package search

import (
	"fmt"

	"github.com/c-bata/goptuna"
)

// random draws every parameter uniformly, on a logarithmic scale where it has one
// (Bergstra and Bengio, Random Search for Hyper-Parameter Optimization, 2012). Both ends
// of a range belong to it.
type random struct {
	seed uint64
	dims []dimension
	// index is the place of a parameter in the space.
	index map[string]int
}

func newRandom(c Config, dims []dimension) (sampler, faults) {
	return sampler{about: "random", independent: uniformly(c.Sampler.Seed, dims)}, nil
}

func uniformly(seed uint64, dims []dimension) *random {
	r := &random{seed: seed, dims: dims, index: map[string]int{}}
	for i, d := range dims {
		r.index[d.Name] = i
	}
	return r
}

// Sample draws a parameter.
func (r *random) Sample(_ *goptuna.Study, t goptuna.FrozenTrial, name string, _ any) (float64, error) {
	i, ok := r.index[name]
	if !ok {
		return 0, fmt.Errorf("sample %q: no parameter of the space", name)
	}
	return r.dims[i].uniform(streamOf(r.seed, t, i)), nil
}
