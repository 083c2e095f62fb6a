package search

import (
	"fmt"

	"github.com/c-bata/goptuna"
)

// asha is asynchronous successive halving (Li et al., A System for Massively Parallel
// Hyperparameter Tuning, 2020) without promotions from a pause, as Optuna has it: when a
// trial reaches a rung, it goes on if its value is among the best 1/η of those that have
// reached the rung, itself included. Its value on a rung is the one with which it first
// reached it, and never changes; a value that isn't a number is worse than all. Where
// trials end there is no rung.
type asha struct{ rungs }

func newASHA(c Config) (pruner, faults) {
	r, f := c.rungs()
	return pruner{fmt.Sprintf("asha (%s)", r.about()), asha{r}}, f
}

// Prune judges the trial among all others.
func (a asha) Prune(s *goptuna.Study, t goptuna.FrozenTrial) (bool, error) {
	return a.prune(s, t, nil)
}

// prune judges the trial among those that compete with it, if its last step is the first
// on a rung, or on several.
func (a asha) prune(s *goptuna.Study, t goptuna.FrozenTrial, among competition) (bool, error) {
	curve := curveOf(t)
	if len(curve) == 0 {
		return false, nil
	}
	last, before := curve[len(curve)-1], 0
	if len(curve) > 1 {
		before = curve[len(curve)-2].step
	}
	for rung := a.first; rung <= last.step && (a.end == 0 || rung < a.end); rung = a.next(rung) {
		if before >= rung {
			continue
		}
		seen, err := pastOf(s, nil, t.Number)
		if err != nil {
			return false, err
		}
		if !a.promotes(seen, last.value, atStep{step: rung, among: among}) {
			return true, nil
		}
	}
	return false, nil
}

// promotes reports whether own is among the best 1/η of the values with which trials
// reached the rung, or the best of them while there are fewer than η.
func (a asha) promotes(seen *past, own float64, at atStep) bool {
	ended := seen.tallyOf(at)
	reached, better := 1+ended.n+ended.nans, ended.below(own)
	for _, i := range seen.open {
		if !seen.seesWhole(int(i)) {
			continue
		}
		if v, ok := seen.valueAt(at, i); ok {
			reached++
			if v < own {
				better++
			}
		}
	}
	return own == own && better < max(1, reached/a.eta)
}
