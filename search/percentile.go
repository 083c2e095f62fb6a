package search

import (
	"fmt"
	"math"

	"github.com/c-bata/goptuna"
)

// percentile prunes a trial whose best intermediate value so far is worse than that
// percentile of the complete trials' intermediate values at the same step (the median
// stopping rule of Golovin et al., Google Vizier, 2017, as Optuna has it). A trial all of
// whose values aren't numbers is pruned.
type percentile struct {
	keep    float64 // percent of the trials
	startup int     // complete trials before anything is pruned
	warmup  int     // steps of a trial that are never pruned
}

func newMedian(c Config) (pruner, faults) {
	p := percentile{50, c.Pruner.startup(), c.Pruner.Warmup}
	return pruner{fmt.Sprintf("median (%s)", p.about()), p}, nil
}

func newPercentile(c Config) (pruner, faults) {
	p := percentile{c.Pruner.Percentile, c.Pruner.startup(), c.Pruner.Warmup}
	if p.keep == 0 {
		p.keep = 25
	}
	return pruner{fmt.Sprintf("percentile (keeps %v %%, %s)", p.keep, p.about()), p}, nil
}

func (c PrunerConfig) startup() int {
	if c.Startup == 0 {
		return 5
	}
	return c.Startup
}

func (p percentile) about() string {
	return counted(p.startup, "startup trial") + ", " + epochs(p.warmup) + " of warm-up"
}

// Prune judges the trial at its last step.
func (p percentile) Prune(s *goptuna.Study, t goptuna.FrozenTrial) (bool, error) {
	curve := curveOf(t)
	if len(curve) == 0 || curve[len(curve)-1].step <= p.warmup {
		return false, nil
	}
	seen, err := pastOf(s, nil, t.Number)
	if err != nil {
		return false, err
	}
	others := seen.tallyOf(atStep{step: curve[len(curve)-1].step, complete: true})
	if seen.complete < max(p.startup, 1) {
		return false, nil
	}
	best := lowest(curve)
	if best != best {
		return true, nil
	}
	return best > others.quantile(p.keep/100), nil
}

// lowest returns the lowest number among the values, NaN if there is none.
func lowest(curve []point) float64 {
	low := math.NaN()
	for _, p := range curve {
		if !(p.value >= low) && p.value == p.value {
			low = p.value
		}
	}
	return low
}

// quantile returns the q-quantile with linear interpolation (definition 7 of Hyndman and
// Fan 1996), NaN if there are no numbers.
func (t *tally) quantile(q float64) float64 {
	if t.n == 0 {
		return math.NaN()
	}
	at := float64(q * float64(t.n-1))
	i := int(at)
	share := at - float64(i)
	if share == 0 || i+1 == t.n {
		return t.at(i)
	}
	return float64((1-share)*t.at(i)) + float64(share*t.at(i+1))
}
