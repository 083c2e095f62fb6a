package problems

import (
	"errors"
	"fmt"
	"math"

	"medml"
)

// Search runs a study on the problem and returns the regret after each trial: the lowest
// value so far, less the minimum. So many trials are pending at once, in the order in which
// they were asked for: 1 tells each before the next is asked for.
func Search(study medml.Study, p Problem, trials, pending int) ([]float64, error) {
	var queue []medml.Trial
	regret := make([]float64, 0, trials)
	best := math.Inf(1)
	asked := 0
	for len(regret) < trials {
		for asked < trials && len(queue) < pending {
			t, err := study.Ask()
			if errors.Is(err, medml.ErrWait) && len(queue) > 0 {
				break
			}
			if err != nil {
				return regret, fmt.Errorf("trial %d of %s: %w", asked, p.Name, err)
			}
			queue = append(queue, t)
			asked++
		}
		t := queue[0]
		queue = queue[1:]
		t.State, t.Value = medml.Complete, p.Value(t.Params)
		if err := study.Tell(t); err != nil {
			return regret, err
		}
		best = min(best, t.Value)
		regret = append(regret, best-p.Minimum)
	}
	return regret, nil
}
