package search

import (
	"fmt"
	"slices"

	"medml"
)

// withInitial returns the past with those of the initial configurations that it hasn't got as
// trials that wait: the i-th is trial i, whenever the study was cut.
func (s *Study) withInitial(past []medml.Trial) []medml.Trial {
	n := len(s.config.Initial)
	if s.config.Trials > 0 {
		n = min(n, s.config.Trials)
	}
	has := make([]bool, n)
	for _, t := range past {
		if t.Number >= 0 && t.Number < n {
			has[t.Number] = true
		}
	}
	past = slices.Clone(past)
	for i, has := range has {
		if !has {
			past = append(past, medml.Trial{Number: i, Params: s.config.Initial[i]})
		}
	}
	return past
}

// initialFaults returns what is wrong with the initial configurations.
func (c Config) initialFaults(dims []dimension) (f faults) {
	for i, params := range c.Initial {
		field := fmt.Sprintf("initial[%d]", i)
		known := len(f)
		open := len(dims)
		for _, setting := range params {
			at := slices.IndexFunc(dims, func(d dimension) bool { return d.Name == setting.Name })
			if at < 0 {
				f.add(field, "%s is no parameter of the space", setting.Name)
				continue
			}
			d := &dims[at]
			if !d.Contains(setting.Value) {
				f.add(field, "%s=%v is no value of the parameter", d.Name, setting.Value)
			}
			if !active(d, params) {
				f.add(field, "%s stands without %v", d.Name, d.When)
			}
		}
		for j := range dims {
			if _, has := params.Lookup(dims[j].Name); has || !active(&dims[j], params) {
				open--
			}
		}
		if open == 0 && len(f) == known && c.Require != nil && !c.Require(params) {
			f.add(field, "is a configuration that `require` doesn't let through")
		}
	}
	return f
}
