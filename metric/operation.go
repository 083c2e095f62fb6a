package metric

// Operation is how a classifier does at a threshold.
type Operation struct {
	// Threshold is the score from which on the positive class is said; nil with more than
	// two classes, where the most probable one is.
	Threshold *float64 `json:"threshold,omitempty"`
	// Confusion is [classes, classes] examples: actual class by class said.
	Confusion [][]int `json:"confusion"`
	// Estimates are, of two classes, accuracy, balanced_accuracy, sensitivity, specificity,
	// precision, npv, f1, mcc and kappa; of more those of them that fit, and f1_macro,
	// f1_weighted, sensitivity_macro, specificity_macro and precision_macro.
	Estimates []Estimate `json:"estimates"`
}

// AtThreshold judges predictions with the positive class said from a score on. Take the
// threshold from [Choose] on other predictions. With more than two classes it is ignored. What
// is said is what STARD 2015 (BMJ 351:h5527, items 23 and 24) asks for.
func AtThreshold(p Predictions, threshold float64, o Options) Operation {
	p.checkLabels()
	q := p.At(threshold)
	ms := []Metric{accuracy, balancedAccuracy, f1Macro, f1Weighted, sensitivityMacro, specificityMacro, precisionMacro, mcc, kappa}
	op := Operation{Confusion: Confusion(q)}
	if p.Classes == 2 {
		op.Threshold = finite(threshold)
		ms = []Metric{accuracy, balancedAccuracy, sensitivity, specificity, precision, npv, f1, mcc, kappa}
	}
	op.Estimates = Evaluate(ms, q, o)
	return op
}

// Confusion returns how many examples of each class were said to be of each: [classes,
// classes], actual by said (STARD 2015, BMJ 351:h5527, item 23).
func Confusion(p Predictions) [][]int {
	p.checkLabels()
	c := count(p)
	rows := make([][]int, c.classes)
	for k := range rows {
		rows[k] = c.cells[k*c.classes : (k+1)*c.classes]
	}
	return rows
}

// Class is how predictions do on one class against the rest.
type Class struct {
	Class int `json:"class"` // its number
	N     int `json:"n"`     // examples of it
	// Estimates are sensitivity, specificity, precision, npv, f1, auroc and auprc of the
	// class, named as in "sensitivity@class=3".
	Estimates []Estimate `json:"estimates"`
}

// ByClass judges predictions class by class, each against the rest (Sokolova & Lapalme 2009,
// Inf. Process. Manag. 45:427).
func ByClass(p Predictions, o Options) []Class {
	p.checkLabels()
	var ms []Metric
	for c := range p.Classes {
		for _, of := range []string{"sensitivity", "specificity", "precision", "npv", "f1", "auroc", "auprc"} {
			m := settings[of+"@class"].build(float64(c))
			ms = append(ms, named(settingName(of+"@class", float64(c)), m))
		}
	}
	estimates := Evaluate(ms, p, o)
	classes, each := make([]Class, p.Classes), len(ms)/p.Classes
	for c := range classes {
		classes[c] = Class{Class: c, Estimates: estimates[c*each : (c+1)*each]}
	}
	for _, l := range p.Labels {
		classes[l].N++
	}
	return classes
}
