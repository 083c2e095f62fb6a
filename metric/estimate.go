package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
)

// Estimate is a metric's value on predictions with its 95 % confidence interval. What
// can't be had is NaN here and absent in JSON, and Undefined says why.
type Estimate struct {
	// Metric is its name.
	Metric string
	// Value is NaN where the metric is undefined.
	Value float64
	// Low and High are the interval's ends, both NaN where there is none.
	Low, High float64
	// N is how many rows were judged, Patients how many patients they are of.
	N, Patients int
	// Method says how the interval was had: "wilson", "mover" of the mean of such shares,
	// "delong", "obuchowski" where patients have several rows, "wald", "inverted bootstrap",
	// "studentized bootstrap", "bca bootstrap" or, where the acceleration or the bias can't be had,
	// "percentile bootstrap"; bootstraps are followed by " over patients" where patients have
	// several rows.
	Method string
	// Draws is how many resamples a bootstrap took; those for which the metric is undefined
	// are left out and not counted.
	Draws int
	// Undefined says why there is no value, or with a value, why there is no interval; ""
	// where there are both.
	Undefined string
}

// estimateJSON is an Estimate as it stands in a report: JSON has no NaN and no infinity.
type estimateJSON struct {
	Metric    string   `json:"metric"`
	Value     *float64 `json:"value,omitempty"`
	Low       *float64 `json:"ci_low,omitempty"`
	High      *float64 `json:"ci_high,omitempty"`
	N         int      `json:"n"`
	Patients  int      `json:"patients"`
	Method    string   `json:"method,omitempty"`
	Draws     int      `json:"draws,omitempty"`
	Undefined string   `json:"undefined,omitempty"`
}

// MarshalJSON writes the fields metric, value, ci_low, ci_high, n, patients, method, draws
// and undefined, leaving out what is NaN or infinite.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(estimateJSON{e.Metric, finite(e.Value), finite(e.Low), finite(e.High),
		e.N, e.Patients, e.Method, e.Draws, e.Undefined})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Estimate) UnmarshalJSON(b []byte) error {
	var j estimateJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*e = Estimate{j.Metric, orNaN(j.Value), orNaN(j.Low), orNaN(j.High), j.N, j.Patients, j.Method, j.Draws, j.Undefined}
	return nil
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// Options are how intervals are had.
type Options struct {
	// Groups are the patient of each row, any numbers; nil makes each row its own.
	Groups []int
	// Draws is how many resamples a bootstrap takes; 0 is 2,000.
	Draws int
	// Rand is where resamples are drawn from. Nil leaves intervals out that need them.
	Rand *rand.Rand
}

func (o Options) draws() int {
	if o.Draws == 0 {
		return 2000
	}
	return o.Draws
}

// Evaluate judges predictions by each metric, with 95 % confidence intervals: where each
// patient has one row Wilson's for proportions and for their mean over the classes; for the
// area under the ROC curve of two classes DeLong's, or Obuchowski's where a patient has
// several; and the stratified bootstrap over patients for the rest (BCa: Efron 1987, JASA
// 82:171), for mse, rmse, mae and r2 of 20 patients or more studentized on the logarithm's
// scale (DiCiccio & Efron 1996, Stat. Sci. 11:189).
// A resample has as many patients of each stratum as the predictions have, drawn with
// replacement; a patient's stratum is the rarest of the classes of the patient's rows, so
// intervals are for the mix of classes at hand. All metrics see the same resamples. The
// acceleration is had by leaving patients out one by one, or, of over 1,000, block by block.
//
// The same predictions and options give the same estimates to the bit.
func Evaluate(ms []Metric, p Predictions, o Options) []Estimate {
	estimates := make([]Estimate, len(ms))
	if len(ms) == 0 {
		return estimates
	}
	sample := newSample(p, o.Groups)
	var stats []statistic
	var of, inverted []int
	for i, m := range ms {
		e := &estimates[i]
		*e = sample.estimate(m.Name)
		if e.Undefined = m.Why(p); e.Undefined != "" {
			continue
		}
		if e.Low, e.High, e.Method = m.byFormula(p, sample); e.Method != "" {
			e.Value = m.Compute(p)
			continue
		}
		if m.bins > 0 {
			inverted = append(inverted, i)
			continue
		}
		stats, of = append(stats, statistic{m.weighed(p), m.pivot(p, sample)}), append(of, i)
	}
	for j, d := range sample.bootstrap(stats, o) {
		d.describe(&estimates[of[j]])
	}
	for _, i := range inverted {
		estimates[i].invert(ms[i], p, sample, o)
	}
	for i, m := range ms {
		e := &estimates[i]
		e.Low, e.High = m.clip(e.Low), m.clip(e.High)
	}
	return estimates
}

// byFormula returns the interval and its method where there is a formula for it, else NaN
// and "".
func (m Metric) byFormula(p Predictions, s *sample) (low, high float64, method string) {
	low, high = math.NaN(), math.NaN()
	switch {
	case !s.repeated && m.Interval != nil:
		low, high = m.Interval(p)
		method = m.method
	case s.repeated && m.clustered != nil:
		low, high = m.clustered(p, s)
		method = "obuchowski"
	}
	if low != low {
		method = ""
	}
	return low, high, method
}

// weighed returns the metric as a function of the rows' weights. One that is made outside
// of this package knows only Compute and is asked about the rows themselves.
func (m Metric) weighed(p Predictions) value {
	if m.over != nil {
		return m.over(p)
	}
	return func(w []int32) float64 { return m.Compute(p.repeated(w)) }
}

// estimate returns one that has no value yet.
func (s *sample) estimate(name string) Estimate {
	return Estimate{Metric: name, Value: math.NaN(), Low: math.NaN(), High: math.NaN(),
		N: len(s.patient), Patients: s.patients}
}

// describe puts what the resamples say into an estimate.
func (d distribution) describe(e *Estimate) {
	e.Value, e.Draws = d.value, len(d.draws)
	e.Low, e.High, e.Method, e.Undefined = d.interval()
	if e.Undefined == "" && d.repeated {
		e.Method += overPatients
	}
}

// String returns the estimate as a reader would have it: "auroc 0.912 (0.874–0.941)".
func (e Estimate) String() string {
	switch {
	case e.Value != e.Value:
		return fmt.Sprintf("%s undefined: %s", e.Metric, e.Undefined)
	case e.Low != e.Low:
		return fmt.Sprintf("%s %.3f (no interval: %s)", e.Metric, e.Value, e.Undefined)
	}
	return fmt.Sprintf("%s %.3f (%.3f–%.3f)", e.Metric, e.Value, e.Low, e.High)
}
