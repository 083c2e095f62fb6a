package metric

import (
	"fmt"
	"math"

	"medml/internal/elementary"
)

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
// only the other has, and the method: "mcnemar exact", by the binomial distribution, or from 25
// rows on "mcnemar chi-squared", (|b-c|-1)²/(b+c) (Edwards 1948, Psychometrika 13:185).
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
