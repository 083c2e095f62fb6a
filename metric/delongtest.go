package metric

import (
	"math"

	"medml/internal/elementary"
)

// DeLongTest compares the areas under the ROC curves of two models on the same rows of two
// classes (DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837). Groups are the patient
// of each row, any numbers; nil makes each row its own. Where a patient has several, it is
// the test of Obuchowski 1997 (Biometrics 53:567), by the covariances of both
// models' sums over patients.
func DeLongTest(a, b Predictions, groups []int) Comparison {
	sameTruth(a, b)
	c := noComparison("auroc")
	for _, p := range []Predictions{a, b} {
		if c.Undefined = bothClasses(p); c.Undefined != "" {
			return c
		}
	}
	c.A, c.B = auroc.Compute(a), auroc.Compute(b)
	c.Difference = c.A - c.B
	s := newSample(a, groups)
	// The variance of a difference is that of the differences of what each row adds.
	adds, other := centred(a.placements(), c.A), centred(b.placements(), c.B)
	for i, x := range other {
		adds[i] -= x
	}
	variance, _ := a.clusteredVariance(adds, s)
	switch {
	case variance != variance && s.repeated:
		c.Undefined = "fewer than two patients with an example of a class"
		return c
	case variance != variance:
		c.Undefined = "fewer than two examples of a class"
		return c
	case variance == 0:
		c.Undefined = "the two order every pair alike"
		return c
	}
	sd := math.Sqrt(variance)
	half := float64(elementary.NormQuantile(0.5+level/2) * sd)
	c.Low, c.High = max(-1, c.Difference-half), min(1, c.Difference+half)
	c.P = elementary.Erfc(math.Abs(c.Difference) / float64(sd*math.Sqrt2))
	c.Method = "delong"
	if s.repeated {
		c.Method = "obuchowski"
	}
	return c
}
