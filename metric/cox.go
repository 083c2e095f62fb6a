package metric

import (
	"math"

	"medml/internal/elementary"
)

// Recalibration is how the truth hangs on the log odds of the probabilities, of two classes
// (Cox 1958, Biometrika 45:562; Van Calster et al. 2019, BMC Med. 17:230).
type Recalibration struct {
	// Slope is b of log odds(y) = a + b·log odds(p): 1 is right, below 1 the probabilities
	// are too extreme, as an overfitted model's.
	Slope Estimate `json:"slope"`
	// Intercept is a of the same line: 0 is right.
	Intercept Estimate `json:"intercept"`
	// InTheLarge is a with b held at 1: above 0 the probabilities are too low on average.
	InTheLarge Estimate `json:"in_the_large"`
}

// Recalibrate returns calibration slope and intercepts with their intervals: Wald's, or
// the bootstrap over patients where these have several rows. Log odds count within ±36.
func Recalibrate(p Predictions, o Options) Recalibration {
	e := Evaluate([]Metric{coxMetric("calibration_slope", slopeOf), coxMetric("calibration_intercept", interceptOf),
		coxMetric("calibration_in_the_large", largeOf)}, p, o)
	return Recalibration{e[0], e[1], e[2]}
}

// coxMetric makes a metric of one coefficient, though no value of it is the best.
func coxMetric(name string, of func(x, y []float64, w []int32) (value, sd float64)) Metric {
	m := judge(Metric{
		Name: name, Task: Classification, Binary: true, Low: math.Inf(-1), High: math.Inf(1),
		undefined: "no finite line fits: the probabilities separate the classes, or are all alike",
	}, coxCheck, func(p Predictions) value {
		x, y := p.odds()
		return func(w []int32) float64 {
			at, _ := of(x, y, w)
			return at
		}
	})
	m.method = "wald"
	m.Interval = func(p Predictions) (low, high float64) {
		x, y := p.odds()
		at, sd := of(x, y, nil)
		half := float64(elementary.NormQuantile(0.5+level/2) * sd)
		return at - half, at + half
	}
	return m
}

// coxCheck is bothClasses for probabilities.
func coxCheck(p Predictions) string {
	if why := bothClasses(p); why != "" {
		return why
	}
	return probabilities(p)
}

// odds returns the log odds of the probabilities and the labels as numbers: [n] each.
func (p Predictions) odds() (x, y []float64) {
	x, y = make([]float64, len(p.Scores)), make([]float64, len(p.Scores))
	for i, s := range p.Scores {
		x[i], y[i] = logOdds(s), float64(p.Labels[i])
	}
	return x, y
}

func slopeOf(x, y []float64, w []int32) (value, sd float64) {
	at, h, ok := fitLine(x, y, w)
	if !ok {
		return math.NaN(), math.NaN()
	}
	return at.b, math.Sqrt(h.aa / (float64(h.aa*h.bb) - float64(h.ab*h.ab)))
}

func interceptOf(x, y []float64, w []int32) (value, sd float64) {
	at, h, ok := fitLine(x, y, w)
	if !ok {
		return math.NaN(), math.NaN()
	}
	return at.a, math.Sqrt(h.bb / (float64(h.aa*h.bb) - float64(h.ab*h.ab)))
}

// largeOf bisects the a for which Σ w·(p - y) is 0 with p's log odds a + x.
func largeOf(x, y []float64, w []int32) (value, sd float64) {
	gap := func(a float64) (sum, bend float64) {
		for i, v := range x {
			p := elementary.Sigmoid(a + v)
			times := weight(w, i)
			sum += float64(times * (p - y[i]))
			bend += float64(times * float64(p*(1-p)))
		}
		return sum, bend
	}
	low, high := -2.0*farthest, 2.0*farthest
	if under, _ := gap(low); under >= 0 {
		return math.NaN(), math.NaN()
	}
	if over, _ := gap(high); over <= 0 {
		return math.NaN(), math.NaN()
	}
	a := 0.0
	for range 200 { // Newton's step where it stays between the ends, halves otherwise
		g, bend := gap(a)
		if g < 0 {
			low = a
		} else {
			high = a
		}
		next := a - g/bend
		if !(next > low && next < high) {
			next = low + float64((high-low)/2)
		}
		if math.Abs(next-a) <= 1e-15*max(1, math.Abs(a)) || next <= low || next >= high {
			_, bend = gap(next)
			return next, 1 / math.Sqrt(bend)
		}
		a = next
	}
	return a, math.NaN()
}
