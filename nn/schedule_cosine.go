package nn

import (
	"math"

	"medml/internal/elementary"
)

// cosineRate falls from the rate to Floor along half a cosine over what the warm-up leaves
// of Steps, and stays there (Loshchilov & Hutter 2017, eq. 5, without restarts).
type cosineRate struct{ c ScheduleConfig }

func (s cosineRate) Rate(step int) float64 {
	span := max(s.c.Steps-s.c.Warmup, 1)
	done := 0.0
	if t := s.c.after(step); t > 0 {
		done = float64(min(t, span)) / float64(span)
	}
	part := (1 + elementary.Cos(math.Pi*done)) / 2
	return s.c.warm(step, s.c.Floor+float64((s.c.Rate-s.c.Floor)*part))
}

func (cosineRate) EpochEnded(float64) {}
