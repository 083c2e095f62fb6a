package experiments

import (
	"fmt"
	"math"

	"medml/dataset"
	"medml/metric"
	"medml/search"
)

// defined returns an error where the objective's metric has no value on a validation part
// because a class is missing there.
func (s *Spec) defined(m metric.Metric, data *dataset.Dataset, splits dataset.Splits) error {
	if s.Task != dataset.Classification {
		return nil
	}
	for k, f := range splits.Folds {
		classes := 0
		p := metric.Predictions{Classes: len(data.Classes)}
		for _, n := range data.Counts(f.Valid) {
			classes += min(n, 1)
		}
		if classes == len(data.Classes) {
			continue
		}
		for i, row := range f.Valid {
			p.Labels = append(p.Labels, int32(data.Label(row)))
			for c := range scoresOf(p.Classes) {
				p.Scores = append(p.Scores, float64(1+(i+c)%2)/4) // any that aren't all alike
			}
		}
		if math.IsNaN(m.Compute(p)) {
			return s.Place("", &search.FieldError{Field: join(s.firstObjective(), "metric"), Msg: fmt.Sprintf(
				"%s is undefined on the validation part of fold %d, which has %s", m.Name, k+1,
				map[bool]string{true: "one class alone", false: "not every class"}[classes == 1])})
		}
	}
	return nil
}

// scoresOf is how many scores an example of so many classes has.
func scoresOf(classes int) int {
	if classes > 2 {
		return classes
	}
	return 1
}
