package metric

import (
	"fmt"
	"math"
)

// Predictions are what a model said of n examples beside the truth.
type Predictions struct {
	// Scores are, for two classes, [n] probabilities of the positive class, which is class
	// 1; for more, [n, Classes] probabilities, row-major; for a regression [n] predicted
	// numbers.
	Scores []float64
	// Classes is the number of classes, 0 for a regression.
	Classes int
	// Labels are [n] true classes from 0 on; nil for a regression.
	Labels []int32
	// Targets are [n] true numbers; nil for a classification.
	Targets []float64
}

// checkLabels panics unless scores, classes and labels fit together.
func (p Predictions) checkLabels() {
	width := p.Classes
	if p.Classes == 2 {
		width = 1
	}
	if p.Classes < 2 || len(p.Scores) != len(p.Labels)*width {
		panic(fmt.Sprintf("metric: %d scores for %d labels of %d classes", len(p.Scores), len(p.Labels), p.Classes))
	}
	for _, l := range p.Labels {
		if l < 0 || int(l) >= p.Classes {
			panic(fmt.Sprintf("metric: label %d of %d classes", l, p.Classes))
		}
	}
}

// The wrappers below make a Compute function of one that may trust its input.

// classified calls f with a classification's predictions, at least one and none NaN.
func classified(f func(Predictions) float64) func(Predictions) float64 {
	return func(p Predictions) float64 {
		p.checkLabels()
		if len(p.Labels) == 0 || anyNaN(p.Scores) {
			return math.NaN()
		}
		return f(p)
	}
}

// compared is classified for what compares classes: each has an example.
func compared(f func(Predictions) float64) func(Predictions) float64 {
	return classified(func(p Predictions) float64 {
		seen, classes := make([]bool, p.Classes), 0
		for _, l := range p.Labels {
			if !seen[l] {
				seen[l] = true
				classes++
			}
		}
		if classes < p.Classes {
			return math.NaN()
		}
		return f(p)
	})
}

// probable is classified for what takes scores as probabilities: all are in [0, 1].
func probable(f func(Predictions) float64) func(Predictions) float64 {
	return classified(func(p Predictions) float64 {
		for _, s := range p.Scores {
			if s < 0 || s > 1 {
				return math.NaN()
			}
		}
		return f(p)
	})
}

// regressed calls f with predicted and true numbers, at least one and none NaN.
func regressed(f func(predicted, truth []float64) float64) func(Predictions) float64 {
	return func(p Predictions) float64 {
		if len(p.Scores) != len(p.Targets) {
			panic(fmt.Sprintf("metric: %d predictions for %d targets", len(p.Scores), len(p.Targets)))
		}
		if len(p.Scores) == 0 || anyNaN(p.Scores) || anyNaN(p.Targets) {
			return math.NaN()
		}
		return f(p.Scores, p.Targets)
	}
}

func anyNaN(xs []float64) bool {
	for _, x := range xs {
		if x != x {
			return true
		}
	}
	return false
}

// column returns the scores of class c: [n].
func (p Predictions) column(c int) []float64 {
	if p.Classes == 2 {
		if c == 1 {
			return p.Scores
		}
		rest := make([]float64, len(p.Scores))
		for i, s := range p.Scores {
			rest[i] = 1 - s
		}
		return rest
	}
	scores := make([]float64, len(p.Labels))
	for i := range scores {
		scores[i] = p.Scores[i*p.Classes+c]
	}
	return scores
}

// predicted returns the class that the model says for example i: with two classes the
// positive one from a probability of 0.5 on, with more the most probable, the first among
// equals.
func (p Predictions) predicted(i int) int {
	if p.Classes == 2 {
		if p.Scores[i] >= 0.5 {
			return 1
		}
		return 0
	}
	row := p.Scores[i*p.Classes : (i+1)*p.Classes]
	best := 0
	for c, s := range row {
		if s > row[best] {
			best = c
		}
	}
	return best
}
