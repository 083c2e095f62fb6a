package metric

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Task is what is predicted: a class or a number.
type Task string

// The tasks.
const (
	Classification Task = "classification"
	Regression     Task = "regression"
)

// Metric is one way to judge predictions.
type Metric struct {
	// Name is what Lookup knows it by: "auroc", "sensitivity@specificity=0.95".
	Name string
	// Task is the task that it fits.
	Task Task
	// Binary says that it is defined for two classes only.
	Binary bool
	// Higher says that higher values are better.
	Higher bool
	// Low and High are its bounds, infinite where it has none.
	Low, High float64
	// Doc says in a line what it is.
	Doc string
	// Compute returns its value, NaN where that is undefined.
	Compute func(Predictions) float64
	// Interval returns the 95 % confidence interval of the value on a test set whose
	// examples are independent, NaN where there is none. It is nil for a metric without a
	// known one.
	Interval func(Predictions) (low, high float64)
}

// table has every metric whose name has no setting; settings has the others.
var table = map[string]Metric{
	"auroc":             auroc,
	"auroc_ovo":         aurocOVO,
	"auprc":             auprc,
	"accuracy":          accuracy,
	"balanced_accuracy": balancedAccuracy,
	"sensitivity":       sensitivity,
	"specificity":       specificity,
	"precision":         precision,
	"npv":               npv,
	"f1":                f1,
	"mcc":               mcc,
	"kappa":             kappa,
	"brier":             brier,
	"log_loss":          logLoss,
	"ece":               ece,
	"rmse":              rmse,
	"mae":               mae,
	"medae":             medae,
	"r2":                r2,
	"pearson":           pearson,
	"spearman":          spearman,
}

// settings has the metrics whose name sets a number, as in "fbeta@beta=2", by what
// stands before the equals sign.
var settings = map[string]setting{
	"sensitivity@specificity": {"0.95", "above 0 and at most 1", share, sensitivityAt},
	"specificity@sensitivity": {"0.95", "above 0 and at most 1", share, specificityAt},
	"fbeta@beta":              {"2", "a positive number", positive, fBeta},
	"ece@bins":                {"15", "a whole number from 2 to 1000", wholeBins, eceWith},
}

// setting is how a metric is made from the number in its name.
type setting struct {
	example string // a usual value
	expects string // what is legal, in words
	legal   func(float64) bool
	build   func(x float64) Metric
}

func share(x float64) bool     { return x > 0 && x <= 1 }
func positive(x float64) bool  { return x > 0 && x <= 1e6 }
func wholeBins(x float64) bool { return x >= 2 && x <= 1000 && x == math.Trunc(x) }

// Names returns the names of a task's metrics in the order of the alphabet; those with a
// setting are shown with a usual one. Every task's are those of the task "".
func Names(task Task) []string {
	var names []string
	for name, m := range table {
		if task == "" || m.Task == task {
			names = append(names, name)
		}
	}
	for key, s := range settings {
		if task == "" || task == Classification {
			names = append(names, key+"="+s.example)
		}
	}
	slices.Sort(names)
	return names
}

// Fits returns an error unless the metric can judge the task. Classes is the number of
// classes of a classification, 0 where it isn't known yet.
func (m Metric) Fits(task Task, classes int) error {
	switch {
	case m.Task != task:
		return fmt.Errorf("metric %s is for a %s, not a %s; for that there are %s",
			m.Name, m.Task, task, strings.Join(Names(task), ", "))
	case m.Binary && classes > 2:
		return fmt.Errorf("metric %s is for two classes, not %d; for that there are %s",
			m.Name, classes, strings.Join(manyClassNames(), ", "))
	}
	return nil
}

// manyClassNames returns the classification metrics that take more than two classes.
func manyClassNames() []string {
	return slices.DeleteFunc(Names(Classification), func(name string) bool {
		m, err := Lookup(name)
		return err != nil || m.Binary
	})
}

// Better reports whether a is better than b. NaN is better than nothing.
func (m Metric) Better(a, b float64) bool {
	switch {
	case a != a:
		return false
	case b != b:
		return true
	case m.Higher:
		return a > b
	}
	return a < b
}

// clip returns x within the metric's bounds.
func (m Metric) clip(x float64) float64 { return max(m.Low, min(m.High, x)) }
