package experiments

import (
	"slices"

	"medml/dataset"
	"medml/metric"
)

// Evaluation says how `medml evaluate` judges the study's model. It is written before
// anything is known of the test part, and changes no trial.
type Evaluation struct {
	// Model is best, the default: the models of all folds of the best trial, whose
	// predictions are averaged; or ensemble, those of the ensemble's members.
	Model string `yaml:"model" json:"model"`
	// Seeds is from how many seeds the best trial is trained, the search's own included; 1
	// by default. The predictions are averaged.
	Seeds int `yaml:"seeds" json:"seeds"`
	// Calibrate makes probabilities of the scores: none, temperature, platt or isotonic,
	// fitted on out-of-fold predictions. platt is the default for two classes, temperature
	// for more.
	Calibrate string `yaml:"calibrate" json:"calibrate,omitempty"`
	// Threshold says from which probability on an example counts as positive, chosen on
	// calibrated out-of-fold predictions; youden by default.
	Threshold metric.Rule `yaml:"threshold" json:"threshold,omitzero"`
	// Metrics are reported; the default is the objective, the experiment's metrics and the
	// usual ones of the task.
	Metrics []string `yaml:"metrics" json:"metrics,omitempty"`
	// Draws is how many resamples of the patients a bootstrap makes; 2000 by default.
	Draws int `yaml:"draws" json:"draws"`
	// Seed draws them.
	Seed uint64 `yaml:"seed" json:"seed"`
}

var predictors = []string{"best", "ensemble"}

// evaluation checks how the model is judged and fills in the defaults.
func (v *validator) evaluation() {
	const mostSeeds, mostDraws = 100, 1_000_000
	e := &v.spec.Evaluation
	if !slices.Contains(predictors, e.Model) {
		v.report("evaluation.model", didYouMean(e.Model, predictors), "unknown model %s", quoted(e.Model))
	}
	if e.Model == "ensemble" && v.spec.Ensemble.Size == 0 {
		v.report("evaluation.model", "write ensemble: {size: 8}", "an ensemble needs the best trials' models kept")
	}
	if e.Seeds < 1 || e.Seeds > mostSeeds {
		v.report("evaluation.seeds", "", "expected 1 to %d, found %d", mostSeeds, e.Seeds)
	}
	if e.Seeds > 1 && e.Model == "ensemble" {
		v.report("evaluation.seeds", "", "the models of an ensemble are those of the search")
	}
	if e.Draws < 100 || e.Draws > mostDraws {
		v.report("evaluation.draws", "", "expected 100 to %d, found %d", mostDraws, e.Draws)
	}
	classifies := v.spec.Task == dataset.Classification
	switch {
	case e.Calibrate != "" && !slices.Contains(metric.Calibrators(), e.Calibrate):
		v.report("evaluation.calibrate", didYouMean(e.Calibrate, metric.Calibrators()), "unknown calibration %s", quoted(e.Calibrate))
	case e.Calibrate != "" && e.Calibrate != "none" && !classifies:
		v.report("evaluation.calibrate", "", "a %s has no probabilities", v.spec.Task)
	}
	switch {
	case e.Threshold == metric.Rule{} && classifies:
		e.Threshold.Kind = "youden"
	case e.Threshold != metric.Rule{} && !classifies:
		v.report("evaluation.threshold", "", "a %s has no threshold", v.spec.Task)
	case classifies:
		if err := e.Threshold.Validate(); err != nil {
			v.report("evaluation.threshold", "", "%s", err)
		}
	}
	for i, name := range e.Metrics {
		if _, err := fitting(name, v.spec.Task, nil); err != nil {
			v.report(element("evaluation.metrics", i), "", "%s", err)
		}
	}
}

// usualMetrics are reported of every study of a task.
var usualMetrics = map[bool][]string{
	true:  {"auroc", "auprc", "brier", "log_loss", "ece"}, // decisions have a table of their own
	false: {"mae", "rmse", "r2"},
}

// reported returns the metrics of the report, with classes of these names. What doesn't fit the number of classes is
// left out, unless the file asks for it.
func (s *Spec) reported(classes []string) ([]metric.Metric, error) {
	names := s.Evaluation.Metrics
	asked := names != nil
	if !asked {
		for _, r := range s.recorded() {
			names = append(names, r.name)
		}
		names = append(names, usualMetrics[s.Task == dataset.Classification]...)
	}
	var ms []metric.Metric
	for _, name := range names {
		m, err := fitting(name, s.Task, classes)
		switch {
		case err != nil && asked:
			return nil, err
		case err != nil || slices.ContainsFunc(ms, func(o metric.Metric) bool {
			return metric.WithClass(o.Name, classes) == metric.WithClass(m.Name, classes)
		}):
			continue
		}
		ms = append(ms, m)
	}
	return ms, nil
}

// calibrator is the calibration for that many classes.
func (e Evaluation) calibrator(classes int) string {
	switch {
	case e.Calibrate != "":
		return e.Calibrate
	case classes == 2:
		return "platt"
	case classes > 2:
		return "temperature"
	}
	return "none"
}
