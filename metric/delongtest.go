package metric

import (
	"math"

	"medml/internal/elementary"
)

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
