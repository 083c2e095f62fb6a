package metric

import (
	"fmt"
	"math"
)

var accuracy = Metric{
	Name: "accuracy", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc:      "share of examples whose class is right",
	Compute:  classified(func(p Predictions) float64 { return quotient(right(p)) }),
	Interval: proportion(right),
}

var balancedAccuracy = Metric{
	Name: "balanced_accuracy", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc:     "mean over the classes of the share that is recognised",
	Compute: compared(meanRecall),
}

var sensitivity = Metric{
	Name: "sensitivity", Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
	Doc:      "share of the positives that are called positive (recall), at a probability of 0.5",
	Compute:  compared(onTwoClasses(func(p Predictions) float64 { return quotient(truePositives(p)) })),
	Interval: proportion(truePositives),
}

var specificity = Metric{
	Name: "specificity", Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
	Doc:      "share of the negatives that are called negative, at a probability of 0.5",
	Compute:  compared(onTwoClasses(func(p Predictions) float64 { return quotient(trueNegatives(p)) })),
	Interval: proportion(trueNegatives),
}

var precision = Metric{
	Name: "precision", Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
	Doc:      "share of those called positive that are (positive predictive value); undefined where nobody is called so",
	Compute:  compared(onTwoClasses(func(p Predictions) float64 { return quotient(positivesRight(p)) })),
	Interval: proportion(positivesRight),
}

var npv = Metric{
	Name: "npv", Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
	Doc:      "share of those called negative that are (negative predictive value); undefined where nobody is called so",
	Compute:  compared(onTwoClasses(func(p Predictions) float64 { return quotient(negativesRight(p)) })),
	Interval: proportion(negativesRight),
}

var f1 = named("f1", fBeta(1))

func named(name string, m Metric) Metric {
	m.Name = name
	return m
}

// fBeta is van Rijsbergen's F (1979, Information Retrieval, ch. 7): the harmonic mean of
// precision and recall, recall weighing beta times as much.
func fBeta(beta float64) Metric {
	b2 := float64(beta * beta)
	one := func(c counts, k int) float64 {
		tp := float64(c.at(k, k))
		weighted := float64((1 + b2) * tp)
		missed := float64(c.actual[k]) - tp
		wrong := float64(c.said[k]) - tp
		return weighted / (weighted + float64(b2*missed) + wrong)
	}
	return Metric{
		Task: Classification, Higher: true, Low: 0, High: 1,
		Doc: "weighted harmonic mean of precision and recall; the mean over the classes where there are more than two",
		Compute: compared(func(p Predictions) float64 {
			c := count(p)
			if p.Classes == 2 {
				return one(c, 1)
			}
			sum := 0.0
			for k := range p.Classes {
				sum += one(c, k)
			}
			return sum / float64(p.Classes)
		}),
	}
}

// counts is the table of actual against predicted classes.
type counts struct {
	n, classes   int
	cells        []int // [classes, classes]: actual, predicted
	actual, said []int // [classes]: the sums of rows and columns
}

func count(p Predictions) counts {
	k := p.Classes
	c := counts{n: len(p.Labels), classes: k, cells: make([]int, k*k), actual: make([]int, k), said: make([]int, k)}
	for i, l := range p.Labels {
		said := p.predicted(i)
		c.cells[int(l)*k+said]++
		c.actual[l]++
		c.said[said]++
	}
	return c
}

func (c counts) at(actual, said int) int { return c.cells[actual*c.classes+said] }

// trace is how many are right.
func (c counts) trace() int {
	sum := 0
	for k := range c.classes {
		sum += c.at(k, k)
	}
	return sum
}

// Each of these returns how many of how many.

func right(p Predictions) (k, n int)          { c := count(p); return c.trace(), c.n }
func truePositives(p Predictions) (k, n int)  { c := count(p); return c.at(1, 1), c.actual[1] }
func trueNegatives(p Predictions) (k, n int)  { c := count(p); return c.at(0, 0), c.actual[0] }
func positivesRight(p Predictions) (k, n int) { c := count(p); return c.at(1, 1), c.said[1] }
func negativesRight(p Predictions) (k, n int) { c := count(p); return c.at(0, 0), c.said[0] }

// quotient returns k/n, NaN for n = 0.
func quotient(k, n int) float64 {
	if n == 0 {
		return math.NaN()
	}
	return float64(k) / float64(n)
}

// meanRecall is the balanced accuracy of Brodersen et al. 2010 (ICPR): the mean over the
// classes of the share recognised.
func meanRecall(p Predictions) float64 {
	c := count(p)
	sum := 0.0
	for k := range c.classes {
		sum += quotient(c.at(k, k), c.actual[k])
	}
	return sum / float64(c.classes)
}

// onTwoClasses panics for more: such a metric isn't defined there, and Fits says so.
func onTwoClasses(f func(Predictions) float64) func(Predictions) float64 {
	return func(p Predictions) float64 {
		if p.Classes != 2 {
			panic(fmt.Sprintf("metric: %d classes for a metric of two", p.Classes))
		}
		return f(p)
	}
}
