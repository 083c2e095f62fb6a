package metric

import (
	"fmt"
	"math"
)

// shareOf says how many of how many examples of a table.
type shareOf func(counts) (k, n int)

// proportion makes the metric that is a share of the examples, with Wilson's interval.
func proportion(m Metric, check func(Predictions) string, of shareOf) Metric {
	m.Higher, m.Low, m.High, m.method = true, 0, 1, "wilson"
	m.Interval = func(p Predictions) (low, high float64) {
		if check(p) != "" {
			return math.NaN(), math.NaN()
		}
		return Wilson(of(count(p)))
	}
	return judge(m, check, counted(func(c counts) float64 { return quotient(of(c)) }))
}

const (
	nobodyPositive = "nobody is called positive"
	nobodyNegative = "nobody is called negative"
)

// Sensitivity and specificity are Altman & Bland's (1994, BMJ 308:1552), as are the predictive
// values (1994, BMJ 309:102).

var accuracy = proportion(Metric{
	Name: "accuracy", Task: Classification,
	Doc: "share of examples whose class is right",
}, labelled, counts.right)

var sensitivity = proportion(Metric{
	Name: "sensitivity", Task: Classification, Binary: true,
	Doc: "share of the positives that are called positive (recall), at a probability of 0.5",
}, bothClasses, of(1, counts.found))

var specificity = proportion(Metric{
	Name: "specificity", Task: Classification, Binary: true,
	Doc: "share of the negatives that are called negative, at a probability of 0.5",
}, bothClasses, of(1, counts.cleared))

var precision = proportion(Metric{
	Name: "precision", Task: Classification, Binary: true, undefined: nobodyPositive,
	Doc: "share of those called positive that are (positive predictive value); undefined where nobody is called so",
}, bothClasses, of(1, counts.rightlySaid))

var npv = proportion(Metric{
	Name: "npv", Task: Classification, Binary: true, undefined: nobodyNegative,
	Doc: "share of those called negative that are (negative predictive value); undefined where nobody is called so",
}, bothClasses, of(1, counts.rightlyDenied))

// of is a share of one class's examples.
func of(class int, share func(c counts, class int) (k, n int)) shareOf {
	return func(c counts) (k, n int) { return share(c, class) }
}

// ofClass makes the share of a class that a name sets, as in "sensitivity@class=3".
func ofClass(share func(c counts, class int) (k, n int), doc, undefined string) func(x float64) Metric {
	return func(x float64) Metric {
		class := int(x)
		return proportion(Metric{Task: Classification, class: class, Doc: doc, undefined: undefined},
			hasClass(class), of(class, share))
	}
}

// hasClass is everyClass for a metric of one class, which there must be.
func hasClass(class int) func(Predictions) string {
	return func(p Predictions) string {
		if class >= p.Classes {
			return fmt.Sprintf("there is no class %d among %d", class, p.Classes)
		}
		return everyClass(p)
	}
}

// The means over the classes.

var balancedAccuracy = recallMean("balanced_accuracy", "mean over the classes of the share that is recognised")
var sensitivityMacro = recallMean("sensitivity_macro", "mean over the classes of the share that is recognised: balanced accuracy by its other name")

// recallMean is the balanced accuracy of Brodersen et al. 2010 (ICPR).
func recallMean(name, doc string) Metric {
	interval := func(p Predictions) (low, high float64) {
		if everyClass(p) != "" {
			return math.NaN(), math.NaN()
		}
		return recallInterval(count(p))
	}
	return judge(Metric{Name: name, Task: Classification, Higher: true, Low: 0, High: 1, Doc: doc, Interval: interval, method: "mover"},
		everyClass, compared(overClasses(func(c counts, k int) float64 { return quotient(c.found(k)) })))
}

// recallInterval is that of the mean of the classes' independent shares, from Wilson's of
// each: mean ∓ √Σ(share - end)²/classes (MOVER: Zou & Donner 2008, Stat. Med. 27:1693;
// of two classes Newcombe's 1998 for a difference, Stat. Med. 17:873, method 10).
// Unlike resamples of a few examples, which take few values, it has a width where all are
// right.
func recallInterval(c counts) (low, high float64) {
	sum, below, above := 0.0, 0.0, 0.0
	for k := range c.classes {
		share := quotient(c.found(k))
		l, h := Wilson(c.found(k))
		sum += share
		below += float64((share - l) * (share - l))
		above += float64((h - share) * (h - share))
	}
	n := float64(c.classes)
	return max(0, (sum-math.Sqrt(below))/n), min(1, (sum+math.Sqrt(above))/n)
}

var specificityMacro = judge(Metric{
	Name: "specificity_macro", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc: "mean over the classes of the share of the others that isn't taken for it",
}, everyClass, compared(overClasses(func(c counts, k int) float64 { return quotient(c.cleared(k)) })))

// The macro averages are of Sokolova & Lapalme 2009 (Inf. Process. Manag. 45:427, table 3).

var precisionMacro = judge(Metric{
	Name: "precision_macro", Task: Classification, Higher: true, Low: 0, High: 1, undefined: "a class is never said",
	Doc: "mean over the classes of the share of those called it that are; undefined where a class is never said",
}, everyClass, compared(overClasses(func(c counts, k int) float64 { return quotient(c.rightlySaid(k)) })))
