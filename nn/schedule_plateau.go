package nn

import "math"

// plateau multiplies the rate by Factor when the validation loss hasn't been Threshold
// below its best, relatively, for more than Patience epochs, as PyTorch's
// ReduceLROnPlateau does. A loss of NaN is no progress.
type plateau struct {
	c    ScheduleConfig
	rate float64
	best float64
	bad  int // epochs since the best
}

func newPlateau(c ScheduleConfig) Schedule {
	if c.Patience == 0 {
		c.Patience = 10
	}
	c.Factor, c.Threshold = or(c.Factor, 0.1), or(c.Threshold, 1e-4)
	return &plateau{c: c, rate: c.Rate, best: math.Inf(1)}
}

func (s *plateau) Rate(step int) float64 { return s.c.warm(step, s.rate) }

func (s *plateau) EpochEnded(loss float64) {
	if loss < s.best*(1-s.c.Threshold) {
		s.best, s.bad = loss, 0
		return
	}
	if s.bad++; s.bad > s.c.Patience {
		s.rate, s.bad = max(s.rate*s.c.Factor, s.c.Floor), 0
	}
}
