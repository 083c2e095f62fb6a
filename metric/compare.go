package metric

import (
	"encoding/json"
	"math"
	"slices"
)

// Comparison is how a metric of predictions a differs from that of predictions b of the
// same rows. What can't be had is NaN, absent in JSON, and Undefined says why.
type Comparison struct {
	Metric string
	// A and B are the two values, Difference is A - B with its 95 % interval.
	A, B                  float64
	Difference, Low, High float64
	// P is the two-sided p-value of no difference.
	P float64
	// Method is "delong", "obuchowski", "mcnemar exact", "mcnemar chi-squared" or a bootstrap's as an
	// Estimate's is.
	Method    string
	Draws     int
	Undefined string
}

// MarshalJSON writes metric, a, b, difference, ci_low, ci_high, p, method, draws and
// undefined, leaving out what is NaN.
func (c Comparison) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Metric     string   `json:"metric"`
		A          *float64 `json:"a,omitempty"`
		B          *float64 `json:"b,omitempty"`
		Difference *float64 `json:"difference,omitempty"`
		Low        *float64 `json:"ci_low,omitempty"`
		High       *float64 `json:"ci_high,omitempty"`
		P          *float64 `json:"p,omitempty"`
		Method     string   `json:"method,omitempty"`
		Draws      int      `json:"draws,omitempty"`
		Undefined  string   `json:"undefined,omitempty"`
	}{c.Metric, finite(c.A), finite(c.B), finite(c.Difference), finite(c.Low), finite(c.High), finite(c.P), c.Method, c.Draws, c.Undefined})
}

func noComparison(metric string) Comparison {
	nan := math.NaN()
	return Comparison{Metric: metric, A: nan, B: nan, Difference: nan, Low: nan, High: nan, P: nan}
}

// sameTruth panics unless a and b are of the same rows.
func sameTruth(a, b Predictions) {
	if a.Classes != b.Classes || !slices.Equal(a.Labels, b.Labels) || !slices.Equal(a.Targets, b.Targets) {
		panic("metric: compared predictions are of different rows")
	}
}

// Compare takes the difference of a metric on two predictions of the same rows, with a
// paired bootstrap over patients as Evaluate's (BCa: Efron 1987, JASA 82:171). P is twice the
// smaller share of resamples whose difference is at most, or at least, 0, both counted as one
// more than they are (as Davison & Hinkley 1997, Bootstrap Methods, equation 4.11, do).
func Compare(m Metric, a, b Predictions, o Options) Comparison {
	sameTruth(a, b)
	c := noComparison(m.Name)
	for _, p := range []Predictions{a, b} {
		if c.Undefined = m.Why(p); c.Undefined != "" {
			return c
		}
	}
	c.A, c.B = m.Compute(a), m.Compute(b)
	of, less := m.weighed(a), m.weighed(b)
	d := newSample(a, o.Groups).bootstrap([]statistic{{value: func(w []int32) float64 { return of(w) - less(w) }}}, o)[0]
	e := Estimate{}
	d.describe(&e)
	c.Difference, c.Low, c.High, c.Method, c.Draws, c.Undefined = e.Value, e.Low, e.High, e.Method, e.Draws, e.Undefined
	if len(d.draws) > 0 && c.Undefined == "" {
		c.P = d.signTest()
	}
	return c
}

// signTest returns the share of resamples on the rarer side of 0, doubled.
func (d distribution) signTest() float64 {
	below, above := 1, 1
	for _, x := range d.draws {
		if x <= 0 {
			below++
		}
		if x >= 0 {
			above++
		}
	}
	return min(1, 2*float64(min(below, above))/float64(len(d.draws)+1))
}
