package search

import (
	"fmt"
	"math"

	"github.com/c-bata/goptuna"
)

// spent returns why there is to be no trial of that number whatever the others bring, or
// "".
func (s *Study) spent(number int) string {
	if s.config.Trials > 0 && number >= s.config.Trials {
		return counted(s.config.Trials, "trial") + " done"
	}
	if s.sampler.exhausted != nil {
		return s.sampler.exhausted(&s.view.past)
	}
	return ""
}

// satisfied returns why what the next trial sees is enough, or "". As it sees the same
// with any number of workers, so a study has the same number of trials with any.
func (s *Study) satisfied() string {
	if s.config.Goal == nil && s.config.Patience == 0 {
		return ""
	}
	best, waited := math.NaN(), 0
	p := &s.view.past
	for i := range p.end() {
		t := &p.trials[i]
		if !p.ended(i) || t.state == goptuna.TrialStateFail {
			continue
		}
		complete := t.state == goptuna.TrialStateComplete && t.value == t.value
		if goal := s.config.Goal; goal != nil && complete && t.value <= s.minimised(*goal) {
			return fmt.Sprintf("trial %d reached the goal of %v", i, *goal)
		}
		if complete && !(t.value >= best-s.config.MinDelta) {
			best, waited = t.value, 0
		} else {
			waited++
		}
		if s.config.Patience > 0 && waited >= s.config.Patience {
			return fmt.Sprintf("no improvement of more than %v in %s", s.config.MinDelta, counted(s.config.Patience, "trial"))
		}
	}
	return ""
}
