package search

import (
	"errors"
	"fmt"
	"slices"

	"github.com/c-bata/goptuna"
)

// grid proposes every combination of a finite space once, the last parameter changing
// fastest. It has no cursor: the next combination is the first that no earlier trial has,
// so trials that were enqueued or warm-started are not repeated.
type grid struct {
	dims  []dimension
	combo *combinations
}

func newGrid(c Config, dims []dimension) (sampler, faults) {
	var f faults
	for _, d := range dims {
		if d.distribution != nil && d.scale == continuous {
			f.add("space."+d.Name, "is a float without a step; the grid sampler needs one")
		}
	}
	if len(f) > 0 {
		return sampler{}, f
	}
	combo, ok := combinationsOf(dims)
	if !ok {
		f.add("sampler.name", "the grid has more than %d combinations; use random or tpe", maxCombinations)
		return sampler{}, f
	}
	combo.keep(c.Require)
	g := &grid{dims, combo}
	return sampler{
		about:       fmt.Sprintf("grid (%d combinations)", combo.size()),
		independent: uniformly(c.Sampler.Seed, dims), // never asked: the grid gives all
		relative:    g,
		exhausted: func(p *past) string {
			if _, left := g.next(p); left {
				return ""
			}
			return fmt.Sprintf("all %d combinations of the grid tried", combo.size())
		},
	}, nil
}

var errExhausted = errors.New("all combinations of the grid have been tried")

// SampleRelative returns the next combination.
func (g *grid) SampleRelative(s *goptuna.Study, t goptuna.FrozenTrial, _ map[string]any) (map[string]float64, error) {
	p, err := pastOf(s, g.dims, t.Number)
	if err != nil {
		return nil, err
	}
	i, left := g.next(p)
	if !left {
		return nil, errExhausted
	}
	return g.combo.params(i), nil
}

// next returns the first combination that no trial before has.
func (g *grid) next(p *past) (int, bool) {
	i := slices.Index(g.combo.used(p), false)
	return i, i >= 0
}
