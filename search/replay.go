package search

import (
	"fmt"
	"slices"

	"github.com/c-bata/goptuna"

	"medml"
)

// replay enters the trials there already are. A number that is left out, as after a crash
// between two trials that started at once, is a trial that waits.
func (s *Study) replay(past []medml.Trial) error {
	past = slices.Clone(past)
	slices.SortFunc(past, func(a, b medml.Trial) int { return a.Number - b.Number })
	for i, t := range past {
		if t.Number < 0 || i > 0 && past[i-1].Number == t.Number {
			return fmt.Errorf("replay trial %d: the number is negative or stands twice", t.Number)
		}
		t.Number += s.warm()
		for len(s.params) < t.Number {
			if err := s.enter(medml.Trial{Number: len(s.params)}); err != nil {
				return err
			}
		}
		if err := s.enter(t); err != nil {
			return fmt.Errorf("replay trial %d: %w", t.Number-s.warm(), err)
		}
	}
	s.settle()
	return nil
}

// enter adds a past trial to the ledger, with the next number.
func (s *Study) enter(t medml.Trial) error {
	base, err := s.frozen(t)
	if err != nil {
		return err
	}
	if _, err := s.ledger.CloneTrial(ledgerStudy, base); err != nil {
		return err
	}
	if t.State.Finished() {
		s.ledger.history.trials[t.Number].outcome = s.outcomeOf(t)
	}
	s.params = append(s.params, t.Params)
	if !t.State.Finished() {
		s.queue = append(s.queue, t.Number)
	}
	if len(t.Params) > 0 {
		s.remember(t.Number, t.Params)
	}
	return nil
}

// frozen returns a past trial in goptuna's form. One that hasn't ended waits, and what it
// had reported is dropped.
func (s *Study) frozen(t medml.Trial) (goptuna.FrozenTrial, error) {
	f := goptuna.FrozenTrial{
		State:          goptuna.TrialStateWaiting,
		InternalParams: map[string]float64{},
		Params:         map[string]any{},
		Distributions:  map[string]any{},
	}
	for _, setting := range t.Params {
		i, ok := s.ledger.history.index[setting.Name]
		if !ok {
			return f, fmt.Errorf("%s is no parameter of the space", setting.Name)
		}
		d := &s.dims[i]
		x, err := d.internal(setting.Value)
		if err != nil {
			return f, err
		}
		if d.When != nil && !active(d, t.Params) {
			return f, fmt.Errorf("%s stands without %s=%v", d.Name, d.When.Param, d.When.Equals)
		}
		if d.distribution == nil {
			continue
		}
		f.InternalParams[d.Name], f.Distributions[d.Name] = x, d.distribution
		if f.Params[d.Name], err = goptuna.ToExternalRepresentation(d.distribution, x); err != nil {
			return f, err
		}
	}
	if state, ended := endStates[t.State]; ended {
		values, err := s.intermediateValues(t)
		if err != nil {
			return f, err
		}
		f.State, f.Value, f.IntermediateValues = state, s.minimised(t.Value), values
	}
	return f, nil
}
