package metric

import "math"

var ece = named("ece", eceWith(10))

// eceWith is the expected calibration error over that many bins of equal width: the mean
// over the examples of |mean probability - observed share| of the example's bin. With two
// classes it is the probability of the positive one against the share of positives
// (Naeini et al. 2015, AAAI); with more, that of the class predicted against the share
// that is right (Guo et al. 2017, ICML). A bin has its lower end; the last has both.
func eceWith(bins float64) Metric {
	return Metric{
		Task: Classification, Low: 0, High: 1,
		Doc: "expected calibration error: how far probabilities are from observed shares, in bins of equal width (10 unless said)",
		Compute: probable(func(p Predictions) float64 {
			return calibrationError(p, int(bins))
		}),
	}
}

func calibrationError(p Predictions, bins int) float64 {
	said := make([]float64, bins) // sum of probabilities
	came := make([]int, bins)     // how often it came true
	for i, l := range p.Labels {
		probability, event := 0.0, 1
		if p.Classes == 2 {
			probability = p.Scores[i]
		} else {
			event = p.predicted(i)
			probability = p.Scores[i*p.Classes+event]
		}
		b := min(bins-1, int(probability*float64(bins)))
		said[b] += probability
		if int(l) == event {
			came[b]++
		}
	}
	sum := 0.0
	for b := range bins {
		sum += math.Abs(said[b] - float64(came[b]))
	}
	return sum / float64(len(p.Labels))
}
