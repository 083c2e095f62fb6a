package metric

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Task is what is predicted.
type Task string

// The tasks that metrics are made for: a class; a number, or several in a row; several
// beside what came before them, or with their uncertainty; a row that is an image.
const (
	Classification Task = "classification"
	Regression     Task = "regression"
	Forecasting    Task = "forecasting"
	Reconstruction Task = "reconstruction"
)

// Anomaly is the task of telling the unusual, class 1, from the usual. It has no metrics of
// its own: those of two classes serve it, and those that only rank, such as auroc and
// auprc, whatever the scale of the scores.
const Anomaly Task = "anomaly"

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
	// known one; [Evaluate] then resamples the patients.
	Interval func(Predictions) (low, high float64)

	method    string                                         // what Interval is called
	clustered func(Predictions, *sample) (low, high float64) // Obuchowski's, where patients have several rows
	bins      int                                            // of a calibration error, whose interval is by inversion; 0 of another metric
	class     int                                            // the class that a name sets
	key, word string                                         // of a name that sets a class by its own name, which Among numbers
	undefined string                                         // why the value may be NaN though the check has nothing against it
	check     func(Predictions) string                       // what is wrong with predictions, "" for nothing
	over      func(Predictions) value
	ratio     *ratio // nil for a metric that isn't a function of one
}

// table has every metric whose name has no setting; settings has the others.
var table = map[string]Metric{
	"auroc":             auroc,
	"auroc_ovo":         aurocOVO,
	"auroc_weighted":    aurocWeighted,
	"auprc":             auprc,
	"accuracy":          accuracy,
	"balanced_accuracy": balancedAccuracy,
	"sensitivity":       sensitivity,
	"specificity":       specificity,
	"precision":         precision,
	"npv":               npv,
	"min_se_ppv":        minSePPV,
	"sensitivity_macro": sensitivityMacro,
	"specificity_macro": specificityMacro,
	"precision_macro":   precisionMacro,
	"f1":                f1,
	"f1_macro":          f1Macro,
	"f1_weighted":       f1Weighted,
	"mcc":               mcc,
	"kappa":             kappa,
	"brier":             brier,
	"log_loss":          logLoss,
	"ece":               ece,
	"mse":               mse,
	"rmse":              rmse,
	"mae":               mae,
	"medae":             medae,
	"mape":              mape,
	"smape":             smape,
	"r2":                r2,
	"mase":              mase,
	"pinball":           pinball,
	"crps":              crps,
	"interval_coverage": coverage,
	"ssim":              ssim,
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
	"sensitivity@class": {"1", classNumber, wholeClass,
		ofClass(counts.found, "share of a class's examples that are recognised", "")},
	"specificity@class": {"1", classNumber, wholeClass,
		ofClass(counts.cleared, "share of the other examples that aren't taken for a class", "")},
	"precision@class": {"1", classNumber, wholeClass,
		ofClass(counts.rightlySaid, "share of those said to be of a class that are", "nobody is said to be of the class")},
	"npv@class": {"1", classNumber, wholeClass,
		ofClass(counts.rightlyDenied, "share of those said not to be of a class that aren't", "everybody is said to be of the class")},
	"f1@class":    {"1", classNumber, wholeClass, f1OfClass},
	"auroc@class": {"1", classNumber, wholeClass, aurocOfClass},
	"auprc@class": {"1", classNumber, wholeClass, auprcOfClass},
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

const classNumber = "the number of a class, from 0 to 9999"

func wholeClass(x float64) bool {
	return x >= 0 && x <= 9999 && x == math.Trunc(x) && !math.Signbit(x)
}

// Names returns the names of a task's metrics in the order of the alphabet; those with a
// setting are shown with a usual one. Every task's are those of the task "".
func Names(task Task) []string {
	var names []string
	for name, m := range table {
		if task == "" || m.serves(task) {
			names = append(names, name)
		}
	}
	for key, s := range settings {
		if task == "" || task == Classification || task == Anomaly {
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
	case !m.serves(task):
		return fmt.Errorf("metric %s is for a %s, not %s; for that there are %s",
			m.Name, m.Task, article(task), strings.Join(Names(task), ", "))
	case m.class > 0 && classes > 0 && m.class >= classes:
		return fmt.Errorf("metric %s is of class %d, and the last of %d is %d", m.Name, m.class, classes, classes-1)
	case m.Binary && classes > 2:
		return fmt.Errorf("metric %s is for two classes, not %d; for that there are %s",
			m.Name, classes, strings.Join(manyClassNames(), ", "))
	}
	return nil
}

// article returns a task with its article.
func article(task Task) string {
	if task == Anomaly {
		return "an " + string(task)
	}
	return "a " + string(task)
}

// serves reports whether a metric of its task can judge another: numbers are numbers, and
// an anomaly is one of two classes.
func (m Metric) serves(task Task) bool {
	switch task {
	case Forecasting, Reconstruction:
		return m.Task == task || m.Task == Regression
	case Anomaly:
		return m.Task == Classification
	}
	return m.Task == task
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
