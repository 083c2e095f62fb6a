package metric

import (
	"fmt"
	"math"
)

// Why says in a few words why the metric is undefined on predictions, such as "no positive
// example"; "" where it is defined. Like Compute it panics on predictions whose lengths
// don't fit together, but not on a number of classes that the metric isn't for.
func (m Metric) Why(p Predictions) string {
	if m.Task == Classification && m.Binary && p.Classes != 2 {
		return fmt.Sprintf("it is for two classes, not %d", p.Classes)
	}
	if m.check != nil {
		if why := m.check(p); why != "" {
			return why
		}
	}
	if x := m.Compute(p); !math.IsNaN(x) {
		return ""
	}
	if m.undefined != "" {
		return m.undefined
	}
	return "its value is not a number"
}

// The checks: what is wrong with predictions for a metric, in a few words.

const notANumber = "a score is not a number"

// labelled is the check of a classification's predictions: at least one and none NaN.
func labelled(p Predictions) string {
	p.checkLabels()
	switch {
	case len(p.Labels) == 0:
		return "no examples"
	case anyNaN(p.Scores):
		return notANumber
	}
	return ""
}

// everyClass is labelled for what compares classes: each has an example.
func everyClass(p Predictions) string {
	if why := labelled(p); why != "" {
		return why
	}
	seen := make([]bool, p.Classes)
	for _, l := range p.Labels {
		seen[l] = true
	}
	for c, s := range seen {
		if !s {
			return "no " + p.example(c)
		}
	}
	return ""
}

// example says in words what an example of class c is.
func (p Predictions) example(c int) string {
	if p.Classes == 2 {
		return [...]string{"negative example", "positive example"}[c]
	}
	return fmt.Sprintf("example of class %d", c)
}

// bothClasses is everyClass for two classes, which it panics without: Fits says so before.
func bothClasses(p Predictions) string {
	if p.Classes != 2 {
		panic(fmt.Sprintf("metric: %d classes for a metric of two", p.Classes))
	}
	return everyClass(p)
}

// probabilities is labelled for what takes scores as such: all are in [0, 1].
func probabilities(p Predictions) string {
	if why := labelled(p); why != "" {
		return why
	}
	for _, s := range p.Scores {
		if s < 0 || s > 1 {
			return "a score is no probability"
		}
	}
	return ""
}

// numbers is the check of predicted and true numbers: at least one and none NaN.
func numbers(p Predictions) string {
	p.checkTargets()
	switch {
	case len(p.Targets) == 0:
		return "no examples"
	case anyNaN(p.Scores) || anyNaN(p.Targets):
		return "a number is missing"
	case len(p.Quantiles) > 0 && p.median() < 0:
		return "the median is not among the predicted quantiles"
	}
	return ""
}
