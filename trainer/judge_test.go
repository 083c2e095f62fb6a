package trainer_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"
)

// atLeast is met where a value is.
type atLeast struct {
	name  string
	least float64
}

func (c atLeast) Names() []string { return []string{c.name} }

func (c atLeast) Violation(values func(string) (float64, bool)) float64 {
	v, ok := values(c.name)
	if !ok {
		return math.NaN()
	}
	return c.least - v
}

// judged makes a trainer whose metrics are auroc, and brier and accuracy beside it.
func judged(t *testing.T, change func(*trainer.Config)) *trainer.Trainer {
	return configured(t, dataset.Classification, table(120, twoClasses), "auroc", 2, func(c *trainer.Config) {
		c.Metrics = nil
		for _, name := range []string{"brier", "accuracy"} {
			m, err := metric.Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			c.Metrics = append(c.Metrics, m)
		}
		change(c)
	})
}

func TestObjectivesAndConstraintsAreOfTheFoldsTogether(t *testing.T) {
	for _, aggregate := range []string{"mean", "median", "min", "mean-std"} {
		tr := judged(t, func(c *trainer.Config) {
			c.Aggregate = aggregate
			c.Objectives = []string{"auroc", "brier", "parameters", "flops", "epochs"}
			c.Constraints = []trainer.Constraint{atLeast{"accuracy", 0.5}, atLeast{"brier", 0.1}, atLeast{"parameters", 1e6}}
		})
		r := train(t, tr, trials[0])
		fold := func(name string) (values []float64) {
			for _, run := range r.Runs {
				for _, m := range run.Measures {
					if m.Name == name {
						values = append(values, m.Value)
					}
				}
			}
			return values
		}
		weights, flops, err := tr.Cost(trials[0])
		if err != nil {
			t.Fatal(err)
		}
		brier := together(aggregate, fold("brier"), false)
		want := []float64{r.Value, brier, float64(weights), float64(flops), 6}
		for i, w := range want {
			if math.Abs(r.Objectives[i]-w) > 1e-15 {
				t.Errorf("%s: objective %d is %v, want %v", aggregate, i, r.Objectives[i], w)
			}
		}
		want = []float64{0.5 - together(aggregate, fold("accuracy"), true), 0.1 - brier, 1e6 - float64(weights)}
		for i, w := range want {
			if math.Abs(r.Constraints[i]-w) > 1e-9 {
				t.Errorf("%s: constraint %d is %v, want %v", aggregate, i, r.Constraints[i], w)
			}
		}
	}
}

// together is an aggregate of three folds, written plainly.
func together(aggregate string, v []float64, higher bool) float64 {
	sign := 1.0
	if !higher {
		sign = -1
	}
	mean := (v[0] + v[1] + v[2]) / 3
	low, high := min(v[0], v[1], v[2]), max(v[0], v[1], v[2])
	switch aggregate {
	case "median":
		return v[0] + v[1] + v[2] - low - high
	case "min":
		if higher {
			return low
		}
		return high
	case "mean-std":
		sd := math.Sqrt((math.Pow(v[0]-mean, 2) + math.Pow(v[1]-mean, 2) + math.Pow(v[2]-mean, 2)) / 2)
		return mean - sign*sd
	}
	return mean
}

func TestASingleObjectiveHasNoFurtherValues(t *testing.T) {
	r := train(t, judged(t, func(*trainer.Config) {}), trials[0])
	if r.Objectives != nil || r.Constraints != nil || r.Artifact != nil {
		t.Errorf("%v, %v, %d bytes", r.Objectives, r.Constraints, len(r.Artifact))
	}
}

// Time comes in by the clock alone: one that ticks a millisecond a look says 1.
func TestLatencyIsMeasuredByTheClockAlone(t *testing.T) {
	var now time.Time
	tr := judged(t, func(c *trainer.Config) {
		c.Objectives = []string{"auroc", "inference_ms"}
		c.Clock = func() time.Time { now = now.Add(time.Millisecond); return now }
	})
	for _, of := range trials {
		if r := train(t, tr, of); r.Objectives[1] != 1 {
			t.Errorf("trial %d: %v ms", of.Number, r.Objectives[1])
		}
	}
	if got, want := train(t, tr, trials[0]).Weights, train(t, judged(t, func(*trainer.Config) {}), trials[0]).Weights; got != want {
		t.Error("measuring changed the weights")
	}
}

func TestWhatNothingIsKnownOfIsAnError(t *testing.T) {
	d, folds, c := data(t, dataset.Classification, table(60, twoClasses))
	auroc, _ := metric.Lookup("auroc")
	for name, change := range map[string]func(*trainer.Config){
		"mae is neither":           func(c *trainer.Config) { c.Objectives = []string{"auroc", "mae"} },
		"brier is neither":         func(c *trainer.Config) { c.Constraints = []trainer.Constraint{atLeast{"brier", 1}} },
		"first of several":         func(c *trainer.Config) { c.Objectives = []string{"parameters", "auroc"} },
		"inference_ms is measured": func(c *trainer.Config) { c.Objectives = []string{"auroc", "inference_ms"} },
		"rise from above 0":        func(c *trainer.Config) { c.Shares = []float64{0, 1} },
		"at most 1: got [0.5 2]":   func(c *trainer.Config) { c.Shares = []float64{0.5, 2} },
		"got [0.5 0.5]":            func(c *trainer.Config) { c.Shares = []float64{0.5, 0.5} },
		"got [NaN]":                func(c *trainer.Config) { c.Shares = []float64{math.NaN()} },
		"training needs epochs":    func(c *trainer.Config) { c.Epochs = 0 },
	} {
		tc := trainer.Config{Task: dataset.Classification, Metric: auroc, Epochs: 1}
		change(&tc)
		if _, err := trainer.New(tc, d, folds, c.Preprocess); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A metric that has no value in one fold has none for the trial, and meets no constraint.
func TestAValueThatIsMissingMeetsNoConstraint(t *testing.T) {
	nothing := metric.Metric{Name: "nothing", Compute: func(metric.Predictions) float64 { return math.NaN() }}
	tr := judged(t, func(c *trainer.Config) {
		c.Metrics = append(c.Metrics, nothing)
		c.Constraints = []trainer.Constraint{atLeast{"nothing", 0}}
	})
	r, err := tr.Objective(context.Background(), trials[0], ignore)
	if err != nil {
		t.Fatal(err)
	}
	if (medml.Trial{Constraints: r.Constraints}).Feasible() {
		t.Errorf("met by %v", r.Constraints)
	}
}
