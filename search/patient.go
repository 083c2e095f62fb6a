package search

import (
	"fmt"
	"math"

	"github.com/c-bata/goptuna"
)

// patient prunes a trial that hasn't improved for so many steps. It compares a trial with
// itself alone.
type patient struct {
	patience int
	minDelta float64
	warmup   int // steps of a trial that are never pruned
}

func newPatient(c Config) (pruner, faults) {
	p := patient{c.Pruner.Patience, c.Pruner.MinDelta, c.Pruner.Warmup}
	if p.patience == 0 {
		p.patience = 10
	}
	about := fmt.Sprintf("patient (%s without an improvement of more than %v)", epochs(p.patience), p.minDelta)
	return pruner{about, p}, nil
}

// Prune judges the trial's whole curve.
func (p patient) Prune(_ *goptuna.Study, t goptuna.FrozenTrial) (bool, error) {
	best, waited := math.NaN(), 0
	curve := curveOf(t)
	for _, at := range curve {
		if at.value < best-p.minDelta || best != best && at.value == at.value {
			best, waited = at.value, 0
		} else {
			waited++
		}
	}
	return waited >= p.patience && curve[len(curve)-1].step > p.warmup, nil
}
