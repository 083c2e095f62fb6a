package experiments

import (
	"fmt"
	"slices"

	"medml"
	"medml/dataset"
	"medml/metric"
)

// Finished is a study's model, calibrated and with its threshold chosen on out-of-fold
// predictions alone. Nothing of the test part is in it.
type Finished struct {
	*Predictor
	job         *Job
	developed   outOfFold
	Calibration metric.Calibration
	// Threshold is the calibrated score from which on an example counts as positive.
	Threshold float64
}

// Verdicts are what a model says of examples beside the truth.
type Verdicts struct {
	// Rows are the examples', from 0.
	Rows []int
	// Predictions are calibrated.
	Predictions metric.Predictions
	// said are, of two classes, 1 where an example counts as positive.
	said []float64
	data *dataset.Dataset
}

// Finish calibrates a predictor and chooses its threshold.
func (j *Job) Finish(p *Predictor) (*Finished, error) {
	f := &Finished{Predictor: p, job: j, developed: p.outOfFold()}
	var err error
	f.Calibration, f.Threshold, err = f.fit(func(int) bool { return true })
	return f, err
}

// fit calibrates and chooses the threshold on the out-of-fold predictions of some folds.
func (f *Finished) fit(of func(fold int) bool) (metric.Calibration, float64, error) {
	p := f.developedOn(of)
	if p.Classes == 0 {
		return metric.Calibration{}, 0, nil
	}
	e := f.job.spec.Evaluation
	c, err := metric.Calibrate(e.calibrator(p.Classes), p)
	if err != nil || p.Classes != 2 {
		return c, 0, err
	}
	p.Scores = c.Apply(p.Scores)
	threshold, err := metric.Choose(p, e.Threshold)
	return c, threshold, err
}

// developedOn are the out-of-fold predictions of some folds, as they are.
func (f *Finished) developedOn(of func(fold int) bool) metric.Predictions {
	width := f.members[0].artifact.Width()
	var rows []int
	var scores []float64
	for i, row := range f.developed.rows {
		if of(f.developed.folds[i]) {
			rows = append(rows, row)
			scores = append(scores, f.developed.scores[i*width:(i+1)*width]...)
		}
	}
	return truth(f.job.data, rows, scores)
}

// truth puts the labels of rows beside what is said of them.
func truth(d *dataset.Dataset, rows []int, scores []float64) metric.Predictions {
	p := metric.Predictions{Scores: scores, Classes: len(d.Classes)}
	for _, row := range rows {
		if p.Classes > 0 {
			p.Labels = append(p.Labels, int32(d.Label(row)))
		} else {
			p.Targets = append(p.Targets, d.Value(row))
		}
	}
	return p
}

// Development returns what the folds' models say of the examples that they hadn't been
// trained on. The predictions of each fold are calibrated, and its threshold chosen, on
// those of the others, so that neither flatters itself; with one fold alone they do.
func (f *Finished) Development() (Verdicts, error) {
	o := f.developed
	v := Verdicts{Rows: o.rows, data: f.job.data}
	v.Predictions = truth(v.data, o.rows, slices.Clone(o.scores))
	if v.Predictions.Classes == 0 {
		return v, nil
	}
	v.said = make([]float64, len(o.rows))
	width := f.members[0].artifact.Width()
	several := slices.Max(o.folds) > 0
	for fold := range slices.Max(o.folds) + 1 {
		c, threshold, err := f.fit(func(k int) bool { return k != fold || !several })
		if err != nil {
			return v, err
		}
		for i := range o.rows {
			if o.folds[i] != fold {
				continue
			}
			copy(v.Predictions.Scores[i*width:], c.Apply(o.scores[i*width:(i+1)*width]))
			if width == 1 && v.Predictions.Scores[i] >= threshold {
				v.said[i] = 1
			}
		}
	}
	return v, nil
}

// HasTest reports whether a part is locked away.
func (j *Job) HasTest() bool { return len(j.splits.Test) > 0 }

// Test opens the test part and returns what the model says of it. The caller has put the
// opening on the record.
func (f *Finished) Test() (Verdicts, error) {
	data := f.job.data.Unlock()
	rows := f.job.splits.Test
	scores, err := f.predict(data, rows)
	if err != nil {
		return Verdicts{}, err
	}
	v := Verdicts{Rows: rows, data: data}
	if len(data.Classes) > 0 {
		scores = f.Calibration.Apply(scores)
	}
	v.Predictions = truth(data, rows, scores)
	if len(data.Classes) == 2 {
		for _, s := range scores {
			said := 0.0
			if s >= f.Threshold {
				said = 1
			}
			v.said = append(v.said, said)
		}
	}
	return v, nil
}

// Join puts together what models of one dataset say of different rows: the outer folds of a
// nested split.
func Join(parts []Verdicts) Verdicts {
	v := Verdicts{data: parts[0].data}
	v.Predictions.Classes = parts[0].Predictions.Classes
	for _, p := range parts {
		v.Rows = append(v.Rows, p.Rows...)
		v.said = append(v.said, p.said...)
		v.Predictions.Scores = append(v.Predictions.Scores, p.Predictions.Scores...)
		v.Predictions.Labels = append(v.Predictions.Labels, p.Predictions.Labels...)
		v.Predictions.Targets = append(v.Predictions.Targets, p.Predictions.Targets...)
	}
	return v
}

// Judged is how well verdicts fit the truth.
type Judged struct {
	Examples int `json:"examples"`
	// Patients is how many patients they are of, 0 where each example is one.
	Patients int `json:"patients,omitempty"`
	// Counts are the examples of each class.
	Counts    []int             `json:"counts,omitempty"`
	Estimates []metric.Estimate `json:"metrics"`
	// Operation is how the decisions fit: at the threshold, or the most probable class.
	Operation     *metric.Operation     `json:"decisions,omitempty"`
	ByClass       []metric.Class        `json:"by_class,omitempty"`
	Calibration   []metric.Bin          `json:"calibration,omitempty"`
	Recalibration *metric.Recalibration `json:"recalibration,omitempty"`
	Decisions     []metric.NetBenefit   `json:"decision_curve,omitempty"`
	ROC           []metric.ROCPoint     `json:"roc,omitempty"`
	Subgroups     []SubgroupsJudged     `json:"subgroups,omitempty"`
}

// SubgroupsJudged are the groups that a column makes.
type SubgroupsJudged struct {
	Column string            `json:"column"`
	Groups []metric.Subgroup `json:"groups"`
	Gaps   []metric.Gap      `json:"gaps"`
}

// calibrationBins are as many examples each.
const calibrationBins = 10

// Judge holds verdicts against the truth.
func (j *Job) Judge(v Verdicts) (Judged, error) {
	p := v.Predictions
	ms, err := j.spec.reported(j.data.Classes)
	if err != nil {
		return Judged{}, err
	}
	out := Judged{Examples: len(v.Rows)}
	if p.Classes > 0 {
		out.Counts = make([]int, p.Classes)
	}
	for _, y := range p.Labels {
		out.Counts[y]++
	}
	draw := j.draws(v)
	if groups := draw(0).Groups; groups != nil {
		slices.Sort(groups)
		out.Patients = len(slices.Compact(groups))
	}
	out.Estimates = metric.Evaluate(ms, p, draw(1))
	switch {
	case p.Classes == 2:
		err = out.judgeTwo(v, draw)
	case p.Classes > 2:
		op := metric.AtThreshold(p, 0, draw(2))
		out.Operation, out.ByClass = &op, metric.ByClass(p, draw(3))
	}
	if err != nil {
		return out, err
	}
	return out, j.judgeSubgroups(&out, v, ms, draw)
}

// draws returns how metrics resample, each purpose from a stream of its own.
func (j *Job) draws(v Verdicts) func(purpose int) metric.Options {
	return func(purpose int) metric.Options {
		e := j.spec.Evaluation
		o := metric.Options{Draws: e.Draws, Rand: medml.Stream(e.Seed, "evaluate", purpose)}
		if v.data.Groups != nil {
			for _, row := range v.Rows {
				o.Groups = append(o.Groups, v.data.Groups[row])
			}
		}
		return o
	}
}

func (out *Judged) judgeTwo(v Verdicts, draw func(int) metric.Options) error {
	said := v.Predictions
	said.Scores = v.said
	op := metric.AtThreshold(said, 0.5, draw(2))
	op.Threshold = nil // of the decisions; that of the scores is the model's
	out.Operation = &op
	out.ROC = metric.ROC(v.Predictions, 1)
	if !probabilities(v.Predictions.Scores) {
		return nil
	}
	r := metric.Recalibrate(v.Predictions, draw(4))
	out.Recalibration = &r
	var err error
	if out.Calibration, err = metric.CalibrationCurve(v.Predictions, calibrationBins, true, draw(5)); err != nil {
		return err
	}
	var thresholds []float64
	for t := 1; t < 20; t++ {
		thresholds = append(thresholds, float64(t)/20)
	}
	o := draw(6)
	o.Draws = min(o.Draws, 500)
	out.Decisions, err = metric.DecisionCurve(v.Predictions, thresholds, o)
	return err
}

func probabilities(scores []float64) bool {
	return !slices.ContainsFunc(scores, func(s float64) bool { return !(s >= 0 && s <= 1) })
}

func (j *Job) judgeSubgroups(out *Judged, v Verdicts, ms []metric.Metric, draw func(int) metric.Options) error {
	for i, s := range j.spec.Data.Subgroups {
		of, names, err := v.data.Bands(s, v.Rows)
		if err != nil {
			return j.spec.Place("data", err)
		}
		groups, gaps := metric.Subgroups(ms, v.Predictions, of, names, draw(100+i))
		out.Subgroups = append(out.Subgroups, SubgroupsJudged{s.Column, groups, gaps})
	}
	return nil
}

// Compare holds two models' verdicts on the same examples against each other.
func (j *Job) Compare(a, b Verdicts) ([]metric.Comparison, error) {
	if !slices.Equal(a.Rows, b.Rows) {
		return nil, fmt.Errorf("the models were judged on different examples")
	}
	var out []metric.Comparison
	draw := j.draws(a)
	o := draw(7)
	if a.Predictions.Classes == 2 {
		out = append(out, metric.DeLongTest(a.Predictions, b.Predictions, o.Groups))
		x, y := a.Predictions, b.Predictions
		x.Scores, y.Scores = a.said, b.said
		if repeats(o.Groups) { // McNemar's rows are patients
			accuracy, err := metric.Lookup("accuracy")
			if err != nil {
				return nil, err
			}
			out = append(out, metric.Compare(accuracy, x, y, o))
		} else {
			out = append(out, metric.McNemar(x, y))
		}
	}
	ms, err := j.spec.reported(j.data.Classes)
	for i, m := range ms {
		if m.Name == "auroc" && a.Predictions.Classes == 2 {
			continue // DeLong's, or Obuchowski's
		}
		out = append(out, metric.Compare(m, a.Predictions, b.Predictions, draw(200+i)))
	}
	return out, err
}

// repeats reports whether a patient has several rows.
func repeats(patients []int) bool {
	sorted := slices.Sorted(slices.Values(patients))
	return len(slices.Compact(sorted)) < len(patients)
}

// Once keeps the first of several verdicts on an example.
func Once(v Verdicts) Verdicts {
	width := 1
	if n := len(v.Rows); n > 0 {
		width = len(v.Predictions.Scores) / n
	}
	seen := map[int]bool{}
	out := Verdicts{data: v.data, Predictions: metric.Predictions{Classes: v.Predictions.Classes}}
	for i, row := range v.Rows {
		if seen[row] {
			continue
		}
		seen[row] = true
		out.Rows = append(out.Rows, row)
		out.Predictions.Scores = append(out.Predictions.Scores, v.Predictions.Scores[i*width:(i+1)*width]...)
		if v.said != nil {
			out.said = append(out.said, v.said[i])
		}
		if v.Predictions.Labels != nil {
			out.Predictions.Labels = append(out.Predictions.Labels, v.Predictions.Labels[i])
		}
		if v.Predictions.Targets != nil {
			out.Predictions.Targets = append(out.Predictions.Targets, v.Predictions.Targets[i])
		}
	}
	return out
}

// TwoClasses reports whether decisions follow from a threshold.
func (f *Finished) TwoClasses() bool { return len(f.job.data.Classes) == 2 }

// Classes are the names of the classes, nil for a regression.
func (j *Job) Classes() []string { return slices.Clone(j.data.Classes) }

// OuterFolds returns how many outer folds there are, 0 unless the split is nested.
func (j *Job) OuterFolds() int { return j.spec.OuterFolds() }

// EvaluatesEnsemble reports whether the model to judge is the ensemble.
func (j *Job) EvaluatesEnsemble() bool { return j.spec.Evaluation.Model == "ensemble" }

// EvaluationSeeds is from how many seeds the best trial is trained to be judged.
func (j *Job) EvaluationSeeds() int { return j.spec.Evaluation.Seeds }
