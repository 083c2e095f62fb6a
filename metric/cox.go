package metric

import (
	"math"
	"slices"

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

// Recalibrate returns calibration slope and intercepts (Cox 1958, Biometrika 45:562) with their
// intervals: Wald's, or the bootstrap over patients where these have several rows. Log odds
// count within ±36.
func Recalibrate(p Predictions, o Options) Recalibration {
	r := &recalibrator{}
	if bothClassesKnown(p) == "" {
		r = newRecalibrator(p)
	}
	e := Evaluate([]Metric{
		r.metric("calibration_slope", slopeOf),
		r.metric("calibration_intercept", interceptOf),
		r.metric("calibration_in_the_large", largeOf),
	}, p, o)
	return Recalibration{e[0], e[1], e[2]}
}

// recalibrator fits lines to the rows as they are weighed. The slope and the intercept of a
// resample are those of one line, which it remembers.
type recalibrator struct {
	x, y  []float64 // [n] log odds and labels
	start line      // the line of all rows, near which those of resamples lie
	seen  []int32
	at    line
	bend  curvature
}

func newRecalibrator(p Predictions) *recalibrator {
	r := &recalibrator{x: make([]float64, len(p.Scores)), y: make([]float64, len(p.Scores))}
	for i, s := range p.Scores {
		r.x[i], r.y[i] = logOdds(s), float64(p.Labels[i])
	}
	if at, _, ok := fitLine(r.x, r.y, nil, line{}); ok {
		r.start = at
	}
	return r
}

// metric makes a metric of one coefficient, though no value of it is the best.
func (r *recalibrator) metric(name string, of coefficient) Metric {
	m := judge(Metric{
		Name: name, Task: Classification, Binary: true, Low: math.Inf(-1), High: math.Inf(1),
		undefined: "no finite line fits: the probabilities separate the classes, or are all alike",
	}, bothClassesKnown, func(Predictions) value {
		return func(w []int32) float64 {
			at, _ := of(r, w)
			return at
		}
	})
	m.method = "wald"
	m.Interval = func(Predictions) (low, high float64) {
		at, sd := of(r, nil)
		half := float64(elementary.NormQuantile(0.5+level/2) * sd)
		return at - half, at + half
	}
	return m
}

// coefficient returns one of a line through the rows as weighed, and its standard deviation
// where the weights are nil.
type coefficient func(r *recalibrator, w []int32) (value, sd float64)

// bothClassesKnown is bothClasses for probabilities.
func bothClassesKnown(p Predictions) string {
	if p.Classes != 2 {
		return "it is for two classes"
	}
	if why := everyClass(p); why != "" {
		return why
	}
	return probabilities(p)
}

// fit returns the line of the rows as weighed, NaN where there is none.
func (r *recalibrator) fit(w []int32) (line, curvature) {
	if w != nil && slices.Equal(w, r.seen) {
		return r.at, r.bend
	}
	at, bend, ok := fitLine(r.x, r.y, w, r.start)
	if !ok {
		at = line{math.NaN(), math.NaN()}
	}
	r.at, r.bend, r.seen = at, bend, append(r.seen[:0], w...)
	return at, bend
}

func slopeOf(r *recalibrator, w []int32) (value, sd float64) {
	at, h := r.fit(w)
	return at.b, math.Sqrt(h.aa / (float64(h.aa*h.bb) - float64(h.ab*h.ab)))
}

func interceptOf(r *recalibrator, w []int32) (value, sd float64) {
	at, h := r.fit(w)
	return at.a, math.Sqrt(h.bb / (float64(h.aa*h.bb) - float64(h.ab*h.ab)))
}

// largeOf solves Σ w·(p - y) = 0 for a, with p's log odds a + x: by Newton's method between
// ends, halving where it would leave them. It is NaN where a class is missing.
func largeOf(r *recalibrator, w []int32) (value, sd float64) {
	positives, n := 0.0, 0.0
	for i, y := range r.y {
		positives += float64(weight(w, i) * y)
		n += weight(w, i)
	}
	if positives == 0 || positives == n {
		return math.NaN(), math.NaN()
	}
	low, high, a := -2.0*farthest, 2.0*farthest, 0.0
	for range 200 {
		g, bend := r.gap(w, a)
		if g < 0 {
			low = a
		} else {
			high = a
		}
		next := a - g/bend
		if !(next > low && next < high) {
			next = low + float64((high-low)/2)
		}
		moved := math.Abs(next - a)
		a = next
		if moved <= still*max(1, math.Abs(a)) {
			if w == nil {
				_, bend = r.gap(w, a)
			}
			return a, 1 / math.Sqrt(bend)
		}
	}
	return a, math.NaN()
}

// gap returns Σ w·(p - y) with p's log odds a + x, and its derivative by a.
func (r *recalibrator) gap(w []int32, a float64) (sum, bend float64) {
	for i, v := range r.x {
		times := weight(w, i)
		if times == 0 {
			continue
		}
		p := elementary.Sigmoid(a + v)
		sum += float64(times * (p - r.y[i]))
		bend += float64(times * float64(p*(1-p)))
	}
	return sum, bend
}
