package search

import (
	"fmt"
	"slices"

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
		for s.count < t.Number+s.warm() {
			if err := s.enter(medml.Trial{}); err != nil {
				return err
			}
		}
		if err := s.enter(t); err != nil {
			return fmt.Errorf("replay trial %d: %w", t.Number, err)
		}
	}
	s.settle()
	return nil
}

// enter adds a past trial of the study to the ledger, with the next number.
func (s *Study) enter(t medml.Trial) error {
	number := s.count
	if err := s.add(t); err != nil {
		return err
	}
	if len(t.Params) > 0 {
		s.remember(number, t.Params)
	}
	return nil
}

// add adds a trial to the ledger, with the next number. One that hasn't ended waits, and
// what it had reported is dropped.
func (s *Study) add(t medml.Trial) error {
	row, err := s.internals(t.Params)
	if err != nil {
		return err
	}
	state, ended := endStates[t.State]
	var curve []point
	if ended {
		if curve, err = s.curve(t); err != nil {
			return err
		}
	}
	h := s.ledger.history
	number := h.add()
	for _, p := range row {
		h.set(number, p.dim, p.internal)
	}
	if ended {
		h.trials[number].value = s.minimised(t.Value)
		h.trials[number].outcome = s.outcomeOf(t)
		h.replaceCurve(number, curve)
		h.setState(number, state)
	} else {
		s.queue, s.params[number] = append(s.queue, number), t.Params
	}
	s.count++
	return nil
}

// entry is a searched parameter of a trial in its internal form.
type entry struct {
	dim      int
	internal float64
}

// internals returns the searched parameters of a past trial.
func (s *Study) internals(params medml.Params) ([]entry, error) {
	row := make([]entry, 0, len(params))
	for _, setting := range params {
		i, ok := s.ledger.history.index[setting.Name]
		if !ok {
			return nil, fmt.Errorf("%s is no parameter of the space", setting.Name)
		}
		d := &s.dims[i]
		x, err := d.internal(setting.Value)
		if err != nil {
			return nil, err
		}
		if d.When != nil && !active(d, params) {
			return nil, fmt.Errorf("%s stands without %v", d.Name, d.When)
		}
		if d.distribution != nil {
			row = append(row, entry{i, x})
		}
	}
	return row, nil
}
