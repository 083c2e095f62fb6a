package search

import (
	"fmt"
	"math/rand/v2"

	"medml"
)

// probes is how many uniform draws look for a configuration that a study's Require lets
// through, where the space can't be listed: when the study is made, and for a proposal when
// the sampler finds none.
const probes = 10_000

// meets reports whether a configuration may be proposed.
func (s *Study) meets(params medml.Params) bool {
	return s.config.Require == nil || s.config.Require(params)
}

// rejects reports whether a proposal is to be drawn again: it may not be proposed, or an
// earlier trial has the same parameters.
func (s *Study) rejects(number int, params medml.Params) bool {
	return s.isDuplicate(number, params) || !s.meets(params)
}

// redrawRequired draws once more a trial for which nothing new was found that may be
// proposed: uniformly, and from the allowed combinations where they can be listed. It gives
// up after so many attempts.
func (s *Study) redrawRequired(number int, entered medml.Params, attempt int) (medml.Params, error) {
	if len(entered) == 0 && s.finite() {
		return s.drawAllowed(number)
	}
	if attempt > probes {
		return nil, fmt.Errorf("none of %d random configurations is one that `require` lets through", probes)
	}
	return s.redraw(number, entered, attempt)
}

// drawAllowed draws from the combinations of a finite space that may be proposed, although
// earlier trials have them all.
func (s *Study) drawAllowed(number int) (medml.Params, error) {
	var allowed []int
	for i := range s.combos.size() {
		if s.meets(s.combos.settings(i)) {
			allowed = append(allowed, i)
		}
	}
	if len(allowed) == 0 {
		return nil, fmt.Errorf("none of the %d combinations of the space is one that `require` lets through", s.combos.size())
	}
	if err := s.ledger.dropParams(number); err != nil {
		return nil, err
	}
	i := medml.Stream(s.config.Sampler.Seed, "propose allowed", number).IntN(len(allowed))
	defer s.useSampler(s.study.Sampler, fixed(s.combos.params(allowed[i])))()
	return s.draw(number, nil)
}

// requireFaults returns the fault of a Require that nothing meets: of all combinations, or
// of so many random configurations where they can't be listed.
func (c Config) requireFaults(dims []dimension) (f faults) {
	if c.Require == nil {
		return nil
	}
	r := medml.Stream(c.Sampler.Seed, "require")
	for range probes {
		if c.Require(uniformParams(dims, r)) {
			return nil
		}
	}
	combos, finite := combinationsOf(dims)
	if !finite {
		f.add("require", "none of %d random configurations meets it", probes)
		return f
	}
	for i := range combos.size() {
		if c.Require(combos.settings(i)) {
			return nil
		}
	}
	f.add("require", "none of the %d combinations of the space meets it", combos.size())
	return f
}

// uniformParams draws a configuration.
func uniformParams(dims []dimension, r *rand.Rand) medml.Params {
	params := make(medml.Params, 0, len(dims))
	for i := range dims {
		d := &dims[i]
		if !active(d, params) {
			continue
		}
		x := d.number(0)
		if d.distribution != nil {
			x = d.uniform(r)
		}
		params = append(params, medml.Setting{Name: d.Name, Value: d.value(x)})
	}
	return params
}

// keep leaves only the combinations that may be proposed.
func (c *combinations) keep(require func(medml.Params) bool) {
	if require == nil {
		return
	}
	kept := &combinations{dims: c.dims, index: map[string]int{}}
	width := len(c.dims)
	for i := range c.size() {
		if row := c.positions[i*width : (i+1)*width]; require(c.settings(i)) {
			kept.index[string(rowKey(nil, row))] = len(kept.index)
			kept.positions = append(kept.positions, row...)
		}
	}
	*c = *kept
}
