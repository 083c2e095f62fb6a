package search

import (
	"fmt"
	"math"

	"github.com/c-bata/goptuna"
)

// spent returns why there is to be no trial of that number whatever the others bring, or
// "".
func (s *Study) spent(number int) string {
	if s.config.Trials > 0 && number-s.warm() >= s.config.Trials {
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
	var front front
	p := &s.view.past
	for i := s.warm(); i < p.end(); i++ {
		t := &p.trials[i]
		if !p.ended(i) || t.state == goptuna.TrialStateFail {
			continue
		}
		complete := t.class() == completeClass
		if goal := s.config.Goal; goal != nil && complete && t.value <= s.minimised(*goal) {
			return fmt.Sprintf("trial %d reached the goal of %v", i-s.warm(), *goal)
		}
		better := complete && !(t.value >= best-s.config.MinDelta)
		if p.goals > 1 {
			better = complete && front.add(t.objectives)
		}
		if waited++; better {
			best, waited = t.value, 0
		}
		if s.config.Patience > 0 && waited >= s.config.Patience {
			return s.impatience()
		}
	}
	return ""
}

// impatience says that the study ends for want of improvements.
func (s *Study) impatience() string {
	trials := counted(s.config.Patience, "trial")
	if len(s.config.Goals) > 1 {
		return "no improvement of the Pareto front in " + trials
	}
	return fmt.Sprintf("no improvement of more than %v in %s", s.config.MinDelta, trials)
}
