package trainer

import (
	"fmt"

	"medml/metric"
)

// Assess judges predictions that nobody here has trained for, an ensemble's say, as a
// trial's are judged: scores holds for each fold those of its validation part, [row, Width]
// in the order of its rows. It returns the aggregate of the objective's metric over the
// folds and its 95 % interval, NaN where the aggregate isn't the mean.
func (t *Trainer) Assess(scores [][]float64) (value, low, high float64, err error) {
	if len(scores) != len(t.folds) {
		return 0, 0, 0, fmt.Errorf("assess predictions of %d folds: there are %d", len(scores), len(t.folds))
	}
	values := make([]float64, len(scores))
	for i, s := range scores {
		f := t.folds[i]
		if want := f.valid.Len() * t.outputs(); len(s) != want {
			return 0, 0, 0, fmt.Errorf("assess fold %d: %d scores, expected %d", i+1, len(s), want)
		}
		values[i] = t.config.Metric.Compute(metric.Predictions{Scores: s, Classes: t.classes, Labels: f.valid.Labels, Targets: f.targets})
	}
	low, high = t.interval(values)
	return t.aggregate(values, t.config.Metric.Higher), low, high, nil
}
