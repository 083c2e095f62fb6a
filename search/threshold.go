package search

import (
	"fmt"
	"math"

	"github.com/c-bata/goptuna"

	"medml"
)

// threshold prunes a trial whose intermediate value leaves the bounds or isn't a number.
type threshold struct {
	lower, upper float64 // of the minimised value
	warmup       int     // steps of a trial that are never pruned
}

func newThreshold(config Config) (pruner, faults) {
	c := config.Pruner
	lower, upper := math.Inf(-1), math.Inf(1)
	if c.Lower != nil {
		lower = *c.Lower
	}
	if c.Upper != nil {
		upper = *c.Upper
	}
	about := fmt.Sprintf("threshold (%v to %v, %s of warm-up)", lower, upper, epochs(c.Warmup))
	if config.Direction == medml.Maximize {
		lower, upper = -upper, -lower
	}
	return pruner{about, threshold{lower, upper, c.Warmup}}, nil
}

// Prune judges the trial's last value.
func (p threshold) Prune(_ *goptuna.Study, t goptuna.FrozenTrial) (bool, error) {
	curve := curveOf(t)
	if len(curve) == 0 || curve[len(curve)-1].step <= p.warmup {
		return false, nil
	}
	last := curve[len(curve)-1].value
	return !(last >= p.lower && last <= p.upper), nil
}
