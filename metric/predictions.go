package metric

import (
	"fmt"
	"slices"
)

// Predictions are what a model said of n rows beside the truth.
type Predictions struct {
	// Scores are, for two classes, [n] probabilities of the positive class, which is class
	// 1; for more, [n, Classes] probabilities, row-major; for numbers [n, Width] predicted
	// ones, or [n, Width, len(Quantiles)]. Of an anomaly they are [n], of two classes, and
	// needn't be probabilities.
	Scores []float64
	// Classes is the number of classes, 0 for numbers.
	Classes int
	// Labels are [n] true classes from 0 on; nil for numbers.
	Labels []int32
	// Targets are [n, Width] true numbers; nil for classes.
	Targets []float64

	// Width is how many numbers a row has: the horizon of a forecast, the pixels or samples
	// of a reconstruction. 0 is 1.
	Width int
	// Quantiles are the probabilities whose quantiles are predicted, ascending, where a
	// model predicts intervals; metrics of a single number then judge the median. Nil where
	// it predicts numbers.
	Quantiles []float64
	// Spread is [n, Width] standard deviations, where a model predicts a normal distribution
	// whose mean is the score.
	Spread []float64
	// Scale is [n] mean absolute errors of the naive forecast in the series that each row
	// goes on from, in the target's unit; mase needs it.
	Scale []float64
	// Image is the form of a row that is one; ssim needs it.
	Image Image

	// cut is the score from which on the positive class is said; nil is 0.5.
	cut *float64
}

// At returns the predictions with the positive class said from that score on instead of
// 0.5. With more than two classes it makes no difference: the most probable one is said.
func (p Predictions) At(threshold float64) Predictions {
	p.cut = &threshold
	return p
}

func (p Predictions) threshold() float64 {
	if p.cut == nil {
		return 0.5
	}
	return *p.cut
}

// rows returns n.
func (p Predictions) rows() int {
	if p.Classes > 0 {
		return len(p.Labels)
	}
	return len(p.Targets) / p.width()
}

func (p Predictions) width() int { return max(1, p.Width) }

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

// checkTargets panics unless scores, targets and width fit together.
func (p Predictions) checkTargets() {
	if len(p.Scores) != len(p.Targets)*max(1, len(p.Quantiles)) || len(p.Targets)%p.width() != 0 {
		panic(fmt.Sprintf("metric: %d predictions for %d targets in rows of %d", len(p.Scores), len(p.Targets), p.width()))
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
// positive one from the threshold on, with more the most probable, the first among equals.
func (p Predictions) predicted(i int) int {
	if p.Classes == 2 {
		if p.Scores[i] >= p.threshold() {
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

// median returns where among the predicted quantiles the median stands, -1 for nowhere.
func (p Predictions) median() int { return slices.Index(p.Quantiles, 0.5) }

// single returns one predicted number for each target: [n, Width].
func (p Predictions) single() []float64 {
	if len(p.Quantiles) == 0 {
		return p.Scores
	}
	numbers := make([]float64, len(p.Targets))
	for i := range numbers {
		numbers[i] = p.Scores[i*len(p.Quantiles)+p.median()]
	}
	return numbers
}
