package metric

import "math"

var ece = named("ece", eceWith(10))

// eceWith is the expected calibration error over that many bins of equal width: the mean
// over the examples of |mean probability - observed share| of the example's bin. With two
// classes it is the probability of the positive one against the share of positives
// (Naeini et al. 2015, AAAI); with more, that of the class predicted against the share
// that is right (Guo et al. 2017, ICML). A bin has its lower end; the last has both.
func eceWith(bins float64) Metric {
	return judge(Metric{
		Task: Classification, Low: 0, High: 1,
		Doc: "expected calibration error: how far probabilities are from observed shares, in bins of equal width (10 unless said)",
	}, probabilities, calibrationError(int(bins)))
}

func calibrationError(bins int) func(Predictions) value {
	return func(p Predictions) value {
		said, came := p.events()
		bin := make([]int32, len(said))
		for i, x := range said {
			bin[i] = int32(min(bins-1, int(x*float64(bins))))
		}
		sums, events := make([]float64, bins), make([]int, bins)
		return func(w []int32) float64 {
			clear(sums)
			clear(events)
			n := 0
			for i, b := range bin {
				sums[b] += float64(float64(w[i]) * said[i])
				if came[i] {
					events[b] += int(w[i])
				}
				n += int(w[i])
			}
			sum := 0.0
			for b := range bins {
				sum += math.Abs(sums[b] - float64(events[b]))
			}
			return sum / float64(n)
		}
	}
}

// events returns what calibration is about: with two classes the probability of the
// positive one and whether the example is, with more that of the class said and whether
// it is right. [n] each.
func (p Predictions) events() (said []float64, came []bool) {
	said, came = make([]float64, len(p.Labels)), make([]bool, len(p.Labels))
	for i, l := range p.Labels {
		event := 1
		if p.Classes == 2 {
			said[i] = p.Scores[i]
		} else {
			event = p.predicted(i)
			said[i] = p.Scores[i*p.Classes+event]
		}
		came[i] = int(l) == event
	}
	return said, came
}
