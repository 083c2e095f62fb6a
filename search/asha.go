package search

import (
	"fmt"

	"github.com/c-bata/goptuna"

	"medml"
)

// asha is asynchronous successive halving (Li et al., A System for Massively Parallel
// Hyperparameter Tuning, 2020) without promotions from a pause, as Optuna has it: when a
// trial reaches a rung, after min, min·η, min·η², … epochs, it goes on if its value is
// among the best 1/η of those that have reached the rung, itself included. Its value on a
// rung is the one with which it first reached it, and never changes; a value that isn't a
// number is worse than all.
type asha struct {
	min, eta int
}

func newASHA(c PrunerConfig, _ medml.Direction) pruner {
	a := asha{c.Min, c.ReductionFactor}
	if a.min == 0 {
		a.min = 1
	}
	if a.eta == 0 {
		a.eta = 3
	}
	return pruner{fmt.Sprintf("asha (from %s, reduction factor %d)", epochs(a.min), a.eta), a}
}

// Prune judges the trial if its last step is the first on a rung, or on several.
func (a asha) Prune(s *goptuna.Study, t goptuna.FrozenTrial) (bool, error) {
	curve := curveOf(t)
	if len(curve) == 0 {
		return false, nil
	}
	last, before := curve[len(curve)-1], 0
	if len(curve) > 1 {
		before = curve[len(curve)-2].step
	}
	for rung := a.min; rung <= last.step; rung *= a.eta {
		if before >= rung {
			continue
		}
		seen, err := pastOf(s, nil, t.Number)
		if err != nil {
			return false, err
		}
		if !a.promotes(seen, last.value, rung) {
			return true, nil
		}
	}
	return false, nil
}

// promotes reports whether own is among the best 1/η of the values with which trials
// reached the rung, or the best of them while there are fewer than η.
func (a asha) promotes(seen *past, own float64, rung int) bool {
	at := atStep{step: rung}
	ended := seen.tallyOf(at)
	reached, better := 1+ended.n+ended.nans, ended.below(own)
	for _, i := range seen.open {
		if !seen.seesWhole(int(i)) {
			continue
		}
		if v, ok := at.of(&seen.trials[i]); ok {
			reached++
			if v < own {
				better++
			}
		}
	}
	return own == own && better < max(1, reached/a.eta)
}
