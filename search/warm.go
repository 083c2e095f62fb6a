package search

import (
	"fmt"
	"slices"

	"medml"
)

// warm returns how many trials of another study the samplers know.
func (s *Study) warm() int { return s.view.past.warm }

// learn enters the trials of another study. They are in no leaderboard and end no study;
// pruners pass them over, and their configurations may be proposed.
func (s *Study) learn(trials []medml.Trial) error {
	for _, t := range trials {
		params, err := s.warmParams(t)
		if err != nil {
			s.unused = append(s.unused, fmt.Errorf("warm trial %d: %w", t.Number, err))
			continue
		}
		t.Params, t.Runs = params, nil
		if err := s.add(t); err != nil {
			return fmt.Errorf("enter a warm trial: %w", err)
		}
	}
	s.view.past.warm, s.progress.seen = s.count, s.count
	return nil
}

// warmParams returns what the trial gives the parameters of this space. A trial is of use
// only if it is complete and has a value for each of them.
func (s *Study) warmParams(t medml.Trial) (medml.Params, error) {
	if t.State != medml.Complete || t.Value != t.Value {
		return nil, fmt.Errorf("is %v with the value %v, expected a complete one with a number", t.State, t.Value)
	}
	if n := len(s.config.Goals); n > 1 && len(t.Objectives) != n {
		return nil, fmt.Errorf("has %d objectives, expected %d", len(t.Objectives), n)
	}
	params := make(medml.Params, 0, len(s.dims))
	for i := range s.dims {
		d := &s.dims[i]
		if !active(d, params) {
			continue
		}
		v, ok := t.Params.Lookup(d.Name)
		switch {
		case !ok && d.distribution == nil:
			v = d.value(d.number(0))
		case !ok:
			return nil, fmt.Errorf("has no %s", d.Name)
		case !d.Contains(v):
			return nil, fmt.Errorf("%s=%v is no value of the parameter", d.Name, v)
		}
		params = append(params, medml.Setting{Name: d.Name, Value: v})
	}
	return params, nil
}

// Unused says of each trial of Config.Warm from which nothing can be learnt why not.
func (s *Study) Unused() []error { return slices.Clone(s.unused) }
