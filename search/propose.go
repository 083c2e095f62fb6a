package search

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"github.com/c-bata/goptuna"

	"medml"
)

const (
	// redraws is how often a sampler may draw again when what it proposes has been tried.
	redraws = 8
	// uniformRedraws is how many uniform draws follow where the space is too large to list
	// what hasn't been tried.
	uniformRedraws = 256
)

// propose sets the trial of that number running and returns its parameters: those it was
// entered with, and the others drawn. What an earlier trial has is drawn again, and
// proposed a second time only when nothing else is left.
func (s *Study) propose(number int) (medml.Params, error) {
	entered, err := s.start(number)
	if err != nil {
		return nil, err
	}
	params, err := s.draw(number, entered)
	for attempt := 1; err == nil && len(params) > len(entered) && s.rejects(number, params); attempt++ {
		if attempt > redraws && (len(entered) > 0 || s.finite() || attempt > redraws+uniformRedraws) {
			params, err = s.drawUnused(number, entered, params)
			for ; err == nil && !s.meets(params); attempt++ {
				params, err = s.redrawRequired(number, entered, attempt)
			}
			break
		}
		params, err = s.redraw(number, entered, attempt)
	}
	if err != nil {
		return nil, err
	}
	s.remember(number, params)
	return params, nil
}

// start sets the trial running and returns the parameters it was entered with.
func (s *Study) start(number int) (medml.Params, error) {
	if number < s.count {
		return s.params[number], s.view.SetTrialState(number, goptuna.TrialStateRunning)
	}
	id, err := s.view.CreateNewTrial(s.study.ID)
	if err == nil && id != number {
		err = fmt.Errorf("the ledger numbers it %d", id)
	}
	return nil, err
}

// draw asks goptuna for the parameters in the order of the space.
func (s *Study) draw(number int, entered medml.Params) (medml.Params, error) {
	trial := goptuna.Trial{Study: s.study, ID: number}
	if err := trial.CallRelativeSampler(); err != nil {
		return nil, err
	}
	params := make(medml.Params, 0, len(s.dims))
	for i := range s.dims {
		d := &s.dims[i]
		if !active(d, params) {
			continue
		}
		v, ok := entered.Lookup(d.Name)
		var err error
		if ok {
			err = s.set(number, d, v)
		} else {
			v, err = d.suggest(&trial)
		}
		if err != nil {
			return nil, err
		}
		params = append(params, medml.Setting{Name: d.Name, Value: v})
	}
	return params, nil
}

// set gives a parameter to a trial without asking a sampler.
func (s *Study) set(number int, d *dimension, v medml.Value) error {
	x, err := d.internal(v)
	if err != nil || d.distribution == nil {
		return err
	}
	return s.view.SetTrialParam(number, d.Name, x, d.distribution)
}

// redraw draws again: from the sampler at first, then uniformly.
func (s *Study) redraw(number int, entered medml.Params, attempt int) (medml.Params, error) {
	if err := s.ledger.dropParams(number); err != nil {
		return nil, err
	}
	if err := s.view.SetTrialSystemAttr(number, attemptAttr, strconv.Itoa(attempt)); err != nil {
		return nil, err
	}
	if attempt > redraws {
		defer s.useSampler(uniformly(s.config.Sampler.Seed, s.dims), nil)()
	}
	return s.draw(number, entered)
}

// drawUnused draws from what no earlier trial has, or returns the duplicate where there
// is nothing such.
func (s *Study) drawUnused(number int, entered, duplicate medml.Params) (medml.Params, error) {
	if len(entered) > 0 || !s.finite() {
		return duplicate, nil
	}
	var unused []int
	for i, used := range s.combos.used(&s.view.past) {
		if !used && s.meets(s.combos.settings(i)) {
			unused = append(unused, i)
		}
	}
	if len(unused) == 0 {
		return duplicate, nil
	}
	if err := s.ledger.dropParams(number); err != nil {
		return nil, err
	}
	i := medml.Stream(s.config.Sampler.Seed, "propose unused", number).IntN(len(unused))
	defer s.useSampler(s.study.Sampler, fixed(s.combos.params(unused[i])))()
	return s.draw(number, nil)
}

// finite reports whether the combinations of the space can be listed, and lists them.
func (s *Study) finite() bool {
	if s.combos == nil {
		combos, ok := combinationsOf(s.dims)
		if !ok {
			combos = &combinations{}
		}
		s.combos = combos
	}
	return s.combos.size() > 0
}

// useSampler replaces the samplers and returns what puts them back.
func (s *Study) useSampler(independent goptuna.Sampler, relative goptuna.RelativeSampler) (restore func()) {
	s.study.Sampler, s.study.RelativeSampler = independent, relative
	return func() { s.study.Sampler, s.study.RelativeSampler = s.sampler.independent, s.sampler.relative }
}

// fixed is a sampler that proposes one configuration.
type fixed map[string]float64

// SampleRelative returns the configuration.
func (f fixed) SampleRelative(*goptuna.Study, goptuna.FrozenTrial, map[string]any) (map[string]float64, error) {
	return f, nil
}

// isDuplicate reports whether an earlier trial has the same parameters.
func (s *Study) isDuplicate(number int, params medml.Params) bool {
	first, ok := s.given[keyOf(params)]
	return ok && int(first) < number
}

// remember notes to which trial a configuration was given first.
func (s *Study) remember(number int, params medml.Params) {
	k := keyOf(params)
	if first, ok := s.given[k]; !ok || number < int(first) {
		s.given[k] = int32(number)
	}
}

// configKey is half a SHA-256 of a configuration, which only equal ones share.
type configKey [16]byte

func keyOf(params medml.Params) configKey {
	b := make([]byte, 0, 512)
	for _, setting := range params {
		v := setting.Value
		b = append(b, setting.Name...)
		b = append(b, 0, byte(v.Kind()))
		if v.Kind() == medml.StringKind {
			b = append(b, v.String()...)
		} else {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float()))
		}
		b = append(b, 0)
	}
	sum := sha256.Sum256(b)
	return configKey(sum[:16])
}
