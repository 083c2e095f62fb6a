package search

import (
	"fmt"

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
	best   float64 // of the complete ones; NaN for none
	waited int     // trials since then
	reason string  // why that was enough, or ""
}

// follow adds the next trial, which has ended.
func (s *Study) follow(g *progress) {
	i, t := g.seen, &s.ledger.history.trials[g.seen]
	g.seen++
	if g.reason != "" || t.state == goptuna.TrialStateFail {
		return
	}
	complete := t.state == goptuna.TrialStateComplete && t.value == t.value
	if goal := s.config.Goal; goal != nil && complete && t.value <= s.minimised(*goal) {
		g.reason = fmt.Sprintf("trial %d reached the goal of %v", i, *goal)
		return
	}
	if complete && !(t.value >= g.best-s.config.MinDelta) {
		g.best, g.waited = t.value, 0
	} else {
		g.waited++
	}
	if s.config.Patience > 0 && g.waited >= s.config.Patience {
		g.reason = fmt.Sprintf("no improvement of more than %v in %s", s.config.MinDelta, counted(s.config.Patience, "trial"))
	}
}
