package search

import (
	"fmt"

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
	p := &s.view.past
	for s.progress.seen < p.end() && p.ended(s.progress.seen) {
		s.follow(&s.progress)
	}
	rest := s.progress
	for rest.seen < p.end() {
		if p.ended(rest.seen) {
			s.follow(&rest)
		} else {
			rest.seen++
		}
	}
	return rest.reason
}

// progress is what the trials below a number have brought.
type progress struct {
	seen   int
	best   float64 // of the complete ones that meet the constraints; NaN for none
	front  front   // of them, with several objectives
	waited int     // trials since the best or the front was improved
	reason string  // why that was enough, or ""
}

// follow adds the next trial, which has ended.
func (s *Study) follow(g *progress) {
	i, t := g.seen, &s.ledger.history.trials[g.seen]
	g.seen++
	if g.reason != "" || t.state == goptuna.TrialStateFail {
		return
	}
	complete := t.class() == completeClass
	if goal := s.config.Goal; goal != nil && complete && t.value <= s.minimised(*goal) {
		g.reason = fmt.Sprintf("trial %d reached the goal of %v", i-s.warm(), *goal)
		return
	}
	better := complete && !(t.value >= g.best-s.config.MinDelta)
	if s.view.past.goals > 1 {
		better = complete && g.front.add(t.objectives)
	}
	if g.waited++; better {
		g.best, g.waited = t.value, 0
	}
	if s.config.Patience > 0 && g.waited >= s.config.Patience {
		g.reason = s.impatience()
	}
}

// impatience says that the study ends for want of improvements.
func (s *Study) impatience() string {
	trials := counted(s.config.Patience, "trial")
	if len(s.config.Goals) > 1 {
		return "no improvement of the Pareto front in " + trials
	}
	return fmt.Sprintf("no improvement of more than %v in %s", s.config.MinDelta, trials)
}
