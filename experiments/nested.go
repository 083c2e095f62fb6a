package experiments

import (
	"fmt"

	"medml/metric"
)

// Studies loads an experiment as the studies that it stands for: one, or for a nested split
// one for each outer fold, named NAME.1, NAME.2, …
func Studies(file string, overrides []string) ([]*Spec, error) {
	spec, err := Load(file, overrides)
	if err != nil {
		return nil, err
	}
	n := spec.Data.Split.Studies()
	if n == 1 {
		return []*Spec{spec}, nil
	}
	var specs []*Spec
	for outer := 1; outer <= n; outer++ {
		sets := append(append([]string{}, overrides...),
			"name="+OuterName(spec.Name, outer), fmt.Sprintf("data.split.outer=%d", outer))
		s, err := Load(file, sets)
		if err != nil {
			return nil, err
		}
		specs = append(specs, s)
	}
	return specs, nil
}

// OuterName names the study of an outer fold, from 1.
func OuterName(name string, outer int) string { return fmt.Sprintf("%s.%d", name, outer) }

// OuterFolds returns how many outer folds a nested experiment has, 0 for any other.
func (s *Spec) OuterFolds() int {
	if s.Data.Split.Outer == 0 {
		return 0
	}
	return s.Data.Split.Folds
}

// Folded is a metric over the outer folds of a nested split.
type Folded struct {
	Metric string    `json:"metric"`
	Values []float64 `json:"values"` // by outer fold
	Mean   float64   `json:"mean"`
	// Low and High are the 95 % interval of the mean, corrected for the examples that the
	// folds' models share.
	Low  float64 `json:"ci_low"`
	High float64 `json:"ci_high"`
}

// OverFolds judges the outer folds each by itself, by the objective; nothing where it isn't
// defined on each of them.
func (j *Job) OverFolds(parts []Verdicts) (Folded, bool) {
	return overFolds(j.Trainer.Metric(), parts)
}

func overFolds(m metric.Metric, parts []Verdicts) (Folded, bool) {
	f := Folded{Metric: m.Name}
	judged := 0
	for _, p := range parts {
		v := m.Compute(p.Predictions)
		if v != v {
			return f, false
		}
		f.Values = append(f.Values, v)
		f.Mean += v / float64(len(parts))
		judged += len(p.Rows)
	}
	test := judged / len(parts)
	f.Low, f.High = metric.MeanInterval(f.Values, judged-test, test, m)
	return f, f.Low == f.Low
}
