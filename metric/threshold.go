package metric

import (
	"errors"
	"fmt"
	"math"
)

// Rule is how a threshold is chosen on out-of-fold predictions of two classes. Of equally
// good thresholds the highest is taken.
type Rule struct {
	// Kind is "youden": the highest sensitivity + specificity (Youden 1950, Cancer 3:32);
	// "sensitivity": the highest threshold whose sensitivity is at least At; "specificity":
	// the lowest whose specificity is at least At; "cost": the least CostFN·misses +
	// CostFP·false alarms; "fixed": At itself.
	Kind string `yaml:"kind" json:"kind"`
	// At is a share of sensitivity and specificity, the threshold of fixed.
	At float64 `yaml:"at,omitempty" json:"at,omitempty"`
	// CostFN and CostFP are what a missed positive and a false alarm cost, of cost.
	CostFN float64 `yaml:"cost_fn,omitempty" json:"cost_fn,omitempty"`
	CostFP float64 `yaml:"cost_fp,omitempty" json:"cost_fp,omitempty"`
}

// Validate returns an error unless the rule says what its kind needs, and nothing else.
func (r Rule) Validate() error {
	priced := r.CostFN != 0 || r.CostFP != 0
	switch r.Kind {
	case "youden":
		if r.At != 0 {
			return fmt.Errorf("threshold rule youden takes no at: got %v", r.At)
		}
	case "sensitivity", "specificity":
		if !(r.At > 0 && r.At <= 1) {
			return fmt.Errorf("threshold rule %s: at is %v, not above 0 and at most 1", r.Kind, r.At)
		}
	case "cost":
		if !(r.CostFN > 0 && r.CostFP > 0) || math.IsInf(r.CostFN, 0) || math.IsInf(r.CostFP, 0) || r.At != 0 {
			return fmt.Errorf("threshold rule cost: cost_fn %v and cost_fp %v are not both positive numbers, alone", r.CostFN, r.CostFP)
		}
		return nil
	case "fixed":
		if math.IsNaN(r.At) || math.IsInf(r.At, 0) {
			return fmt.Errorf("threshold rule fixed: at is %v", r.At)
		}
	default:
		return fmt.Errorf("unknown threshold rule %q: expected youden, sensitivity, specificity, cost or fixed", r.Kind)
	}
	if priced {
		return fmt.Errorf("threshold rule %s takes no costs", r.Kind)
	}
	return nil
}

// Choose returns the score from which on an example is called positive, for [Predictions.At]:
// Youden's (1950, Cancer 3:32), that of a sensitivity or a specificity, or of the least cost
// (Zweig & Campbell 1993, Clin. Chem. 39:561). It is one of the scores, or the number just above
// the highest where calling nobody positive is best. Choose it on out-of-fold predictions
// alone: on those that are judged it flatters them.
func Choose(p Predictions, r Rule) (threshold float64, err error) {
	if err := r.Validate(); err != nil {
		return math.NaN(), err
	}
	if r.Kind == "fixed" {
		return r.At, nil
	}
	if p.Classes != 2 {
		return math.NaN(), fmt.Errorf("choose a threshold among %d classes: of more than two the most probable one is said", p.Classes)
	}
	if why := everyClass(p); why != "" {
		return math.NaN(), errors.New("choose a threshold: " + why)
	}
	steps := thresholds(p.Scores, p.Labels, 1)
	best, gain := 0, math.Inf(-1)
	for i, s := range steps {
		if g := r.gain(s, steps[len(steps)-1].point); g > gain {
			best, gain = i, g
		}
	}
	return steps[best].from, nil
}

// gain is what the rule makes highest.
func (r Rule) gain(at step, all point) float64 {
	tp, fp, m, n := float64(at.tp), float64(at.fp), float64(all.tp), float64(all.fp)
	switch r.Kind {
	case "sensitivity":
		if tp/m >= r.At {
			return 0 // the first that has it is the highest
		}
		return math.Inf(-1)
	case "specificity":
		if (n-fp)/n >= r.At {
			return fp + tp // the lower the better
		}
		return math.Inf(-1)
	case "cost":
		return -(float64(r.CostFN*(m-tp)) + float64(r.CostFP*fp))
	}
	return float64(at.tp*all.fp - at.fp*all.tp) // Youden's J·m·n
}

// step is a point of the curve and the score from which on it holds.
type step struct {
	point
	from float64
}

// thresholds returns all steps from the highest score down. The first is above them all and
// calls nobody positive.
func thresholds(scores []float64, labels []int32, c int) []step {
	r := rank(scores, labels, c)
	var at point
	steps := []step{{from: math.Nextafter(r.score[0], math.Inf(1))}}
	for i, last := range r.last {
		if r.positive[i] {
			at.tp++
		} else {
			at.fp++
		}
		if last {
			steps = append(steps, step{at, r.score[i]})
		}
	}
	return steps
}
