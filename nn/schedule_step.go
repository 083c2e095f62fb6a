package nn

// steppedRate multiplies the rate by Factor after each Every updates.
type steppedRate struct{ c ScheduleConfig }

func (s steppedRate) Rate(step int) float64 {
	every := s.c.Every
	if every == 0 {
		every = max(s.c.Steps/3, 1)
	}
	rate, factor := s.c.Rate, or(s.c.Factor, 0.1)
	for range s.c.after(step) / every {
		rate *= factor
		if rate <= s.c.Floor {
			rate = s.c.Floor
			break
		}
	}
	return s.c.warm(step, rate)
}

func (steppedRate) EpochEnded(float64) {}
