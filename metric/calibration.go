package metric

import "math"

var ece = named("ece", eceWith(10))

// eceWith is the expected calibration error over that many bins of equal width: the mean
// over the examples of |mean probability - observed share| of the example's bin. With two
// classes it is the probability of the positive one against the share of positives
// (Naeini et al. 2015, AAAI); with more, that of the class predicted against the share
// that is right (Guo et al. 2017, ICML). A bin has its lower end; the last has both.
func eceWith(bins float64) Metric {
	m := judge(Metric{
		Task: Classification, Low: 0, High: 1,
		Doc: "expected calibration error: how far probabilities are from observed shares, in bins of equal width (10 unless said)",
	}, probabilities, calibrationError(int(bins)))
	m.bins = int(bins)
	return m
}

func calibrationError(bins int) func(Predictions) value {
	return func(p Predictions) value {
		g := newBinned(p, bins)
		return func(w []int32) float64 {
			n := g.fill(w)
			sum := 0.0
			for _, x := range g.sums {
				sum += math.Abs(x)
			}
			return sum / n
		}
	}
}

// binned sums up probabilities less events in bins of equal width: the gaps between both.
type binned struct {
	said []float64 // of each row
	came []bool
	bin  []int32

	sums   []float64 // of each bin
	events []int
}

func newBinned(p Predictions, bins int) *binned {
	g := &binned{sums: make([]float64, bins), events: make([]int, bins)}
	g.said, g.came = p.events()
	g.bin = make([]int32, len(g.said))
	for i, x := range g.said {
		g.bin[i] = int32(min(bins-1, int(x*float64(bins))))
	}
	return g
}

// fill sums up rows that count as often as the weights say, and returns how many they are.
func (g *binned) fill(w []int32) float64 {
	clear(g.sums)
	clear(g.events)
	n := 0
	for i, b := range g.bin {
		g.sums[b] += float64(float64(w[i]) * g.said[i])
		if g.came[i] {
			g.events[b] += int(w[i])
		}
		n += int(w[i])
	}
	for b := range g.sums {
		g.sums[b] -= float64(g.events[b])
	}
	return float64(n)
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
