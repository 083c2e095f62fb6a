package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"medml/internal/elementary"
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
	// Method is "delong", "mcnemar exact", "mcnemar chi-squared" or a bootstrap's as an
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
// paired bootstrap over patients as Evaluate's. P is twice the smaller share of resamples
// whose difference is at most, or at least, 0, both counted as one more than they are.
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
	d := newSample(a, o.Groups).bootstrap([]value{func(w []int32) float64 { return of(w) - less(w) }}, o)[0]
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

// DeLongTest compares the areas under the ROC curves of two models on the same rows of two
// classes, one row a patient (DeLong, DeLong & Clarke-Pearson 1988). With several rows a
// patient use [Compare].
func DeLongTest(a, b Predictions) Comparison {
	sameTruth(a, b)
	c := noComparison("auroc")
	for _, p := range []Predictions{a, b} {
		if c.Undefined = bothClasses(p); c.Undefined != "" {
			return c
		}
	}
	pa, na := placements(a)
	pb, nb := placements(b)
	c.A, c.B = auroc.Compute(a), auroc.Compute(b)
	c.Difference = c.A - c.B
	m, n := len(pa), len(na)
	if m < 2 || n < 2 {
		c.Undefined = "fewer than two examples of a class"
		return c
	}
	variance := differing(pa, pb)/float64(m) + differing(na, nb)/float64(n)
	if variance == 0 {
		c.Undefined = "the two order every pair alike"
		return c
	}
	sd := math.Sqrt(variance)
	half := float64(elementary.NormQuantile(0.5+level/2) * sd)
	c.Low, c.High = max(-1, c.Difference-half), min(1, c.Difference+half)
	c.P = elementary.Erfc(math.Abs(c.Difference) / float64(sd*math.Sqrt2))
	c.Method = "delong"
	return c
}

// differing returns the sample variance of x - y.
func differing(x, y []float64) float64 {
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - y[i]
	}
	centre, sum := mean(d), 0.0
	for _, v := range d {
		sum += float64((v - centre) * (v - centre))
	}
	return sum / float64(len(d)-1)
}

// placements returns of each positive the share of negatives below it, and of each
// negative the share of positives above it, ties half, in the order of the rows: DeLong's
// structural components.
func placements(p Predictions) (positives, negatives []float64) {
	r := rank(p.Scores, p.Labels, 1)
	all := thresholds(p.Scores, p.Labels, 1)
	m, n := all[len(all)-1].tp, all[len(all)-1].fp
	of := make([]float64, len(p.Labels))
	at := 1
	for i, row := range r.row {
		last, now := all[at-1].point, all[at].point
		if r.positive[i] {
			of[row] = float64(2*(n-now.fp)+now.fp-last.fp) / float64(2*n)
		} else {
			of[row] = float64(2*last.tp+now.tp-last.tp) / float64(2*m)
		}
		if r.last[i] {
			at++
		}
	}
	for row, l := range p.Labels {
		if l == 1 {
			positives = append(positives, of[row])
		} else {
			negatives = append(negatives, of[row])
		}
	}
	return positives, negatives
}

// fewDiscordant is below how many rows that only one model has right McNemar's test is
// exact.
const fewDiscordant = 25

// McNemar compares the accuracies of two models on the same rows by those that only one has
// right (McNemar 1947, Psychometrika 12:153): by the binomial distribution where they are
// fewer than 25, otherwise by χ² with Edwards' continuity correction. The interval of the
// difference is Wald's, as by Agresti 2013, Categorical Data Analysis, equation 11.2. Each row
// is its own patient; otherwise use [Compare].
func McNemar(a, b Predictions) Comparison {
	sameTruth(a, b)
	c := noComparison("accuracy")
	for _, p := range []Predictions{a, b} {
		if c.Undefined = labelled(p); c.Undefined != "" {
			return c
		}
	}
	onlyA, onlyB, n := 0, 0, float64(len(a.Labels))
	for i, l := range a.Labels {
		switch ra, rb := a.predicted(i) == int(l), b.predicted(i) == int(l); {
		case ra && !rb:
			onlyA++
		case rb && !ra:
			onlyB++
		}
	}
	c.A, c.B = accuracy.Compute(a), accuracy.Compute(b)
	c.Difference = float64(onlyA-onlyB) / n
	share := float64(onlyA+onlyB) / n
	half := float64(elementary.NormQuantile(0.5+level/2) * math.Sqrt((share-float64(c.Difference*c.Difference))/n))
	c.Low, c.High = max(-1, c.Difference-half), min(1, c.Difference+half)
	c.P, c.Method = McNemarP(onlyA, onlyB)
	return c
}

// McNemarP returns the two-sided p-value of b rows that only one model has right and c that
// only the other has, and the method: "mcnemar exact" or "mcnemar chi-squared".
func McNemarP(b, c int) (p float64, method string) {
	if b < 0 || c < 0 {
		panic(fmt.Sprintf("metric: %d and %d discordant rows", b, c))
	}
	n := b + c
	if n >= fewDiscordant {
		d := math.Abs(float64(b-c)) - 1
		return elementary.Erfc(math.Sqrt(max(0, float64(d*d)/float64(2*n)))), "mcnemar chi-squared"
	}
	ways, sum := 1, 0
	for k := range min(b, c) + 1 {
		sum += ways
		ways = ways * (n - k) / (k + 1)
	}
	return min(1, float64(2*sum)/float64(int(1)<<n)), "mcnemar exact"
}
