package metric

import (
	"math"

	"medml/internal/elementary"
)

// Temperature divides log probabilities by T and normalizes them again (Guo et al. 2017,
// ICML): above 1 it makes a model less sure of itself, below more. It never changes which
// class is the most probable, nor the order of two classes' scores.
type Temperature struct {
	T       float64 `json:"t"` // from 0.01 to 100
	Classes int     `json:"classes"`
}

// hottest bounds T and 1/T: scores that separate the classes perfectly would have T = 0,
// those that say nothing, or the contrary, infinity.
const hottest = 100

// FitTemperature returns the T, between 0.01 and 100, that makes the log loss least (Guo et al.
// 2017, ICML). The loss is convex in 1/T, whose root is bisected to the last bit but few.
func FitTemperature(scores []float64, labels []int32, classes int) (Temperature, error) {
	p, err := calibratable(scores, labels, classes)
	if err != nil {
		return Temperature{}, err
	}
	logs := p.logs()
	low, high := 1.0/hottest, float64(hottest)
	slope := func(b float64) float64 { return coolingSlope(logs, labels, classes, b) }
	switch {
	case slope(low) >= 0:
		return Temperature{1 / low, classes}, nil
	case slope(high) <= 0:
		return Temperature{1 / high, classes}, nil
	}
	for range 100 {
		middle := math.Sqrt(float64(low * high))
		if middle <= low || middle >= high {
			break
		}
		if slope(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return Temperature{1 / high, classes}, nil
}

// logs returns log probabilities: [n, classes], of two classes 0 and the log odds.
func (p Predictions) logs() []float64 {
	if p.Classes > 2 {
		logs := make([]float64, len(p.Scores))
		for i, s := range p.Scores {
			logs[i] = elementary.Log(max(0x1p-52, s))
		}
		return logs
	}
	logs := make([]float64, 2*len(p.Scores))
	for i, s := range p.Scores {
		logs[2*i+1] = logOdds(s)
	}
	return logs
}

// coolingSlope returns the derivative of the log loss by b = 1/T: Σ over the rows of the
// expected log probability less that of the actual class.
func coolingSlope(logs []float64, labels []int32, classes int, b float64) float64 {
	sum := 0.0
	for i, l := range labels {
		row := logs[i*classes : (i+1)*classes]
		highest := row[0]
		for _, z := range row {
			highest = max(highest, z)
		}
		total, expected := 0.0, 0.0
		for _, z := range row {
			e := elementary.Exp(float64(b * (z - highest)))
			total += e
			expected += float64(e * z)
		}
		sum += expected/total - row[l]
	}
	return sum
}

// Apply returns scores at the temperature.
func (t Temperature) Apply(scores []float64) []float64 {
	if t.Classes <= 2 {
		return eachColumn(scores, 1, func(_ int, s float64) float64 {
			return elementary.Sigmoid(logOdds(s) / t.T)
		})
	}
	// x^(1/T) with the highest of the row as 1, so that no row vanishes.
	raised := make([]float64, len(scores))
	for from := 0; from+t.Classes <= len(scores); from += t.Classes {
		highest := math.Inf(-1)
		for c := range t.Classes {
			highest = max(highest, elementary.Log(max(0x1p-52, scores[from+c])))
		}
		for c := range t.Classes {
			raised[from+c] = elementary.Exp((elementary.Log(max(0x1p-52, scores[from+c])) - highest) / t.T)
		}
	}
	return eachColumn(raised, t.Classes, func(_ int, x float64) float64 { return x })
}
