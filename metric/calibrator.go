package metric

import (
	"errors"
	"fmt"
	"math"
)

// Calibrator makes probabilities that come true as often as they say of a model's. Scores
// are [n] probabilities of class 1 for two classes, [n, classes] for more, and so is what
// Apply returns; rows keep summing to 1.
type Calibrator interface {
	Apply(scores []float64) []float64
}

// Calibration is one of the calibrators, or none, as it is written to a file.
type Calibration struct {
	Temperature *Temperature `json:"temperature,omitempty"`
	Platt       *Platt       `json:"platt,omitempty"`
	Isotonic    *Isotonic    `json:"isotonic,omitempty"`
}

// Calibrators are the names that Calibrate knows.
func Calibrators() []string { return []string{"none", "temperature", "platt", "isotonic"} }

// Calibrate fits the calibrator of a name on out-of-fold predictions: temperature (Guo et al.
// 2017, ICML), platt (Platt 1999) or isotonic (Zadrozny & Elkan 2002, KDD); none fits nothing.
// On the predictions that are judged it flatters them.
func Calibrate(name string, p Predictions) (Calibration, error) {
	var c Calibration
	var err error
	switch name {
	case "none":
	case "temperature":
		var t Temperature
		t, err = FitTemperature(p.Scores, p.Labels, p.Classes)
		c.Temperature = &t
	case "platt":
		var t Platt
		t, err = FitPlatt(p.Scores, p.Labels, p.Classes)
		c.Platt = &t
	case "isotonic":
		var t Isotonic
		t, err = FitIsotonic(p.Scores, p.Labels, p.Classes)
		c.Isotonic = &t
	default:
		err = fmt.Errorf("unknown calibration %q: expected none, temperature, platt or isotonic", name)
	}
	if err != nil {
		return Calibration{}, err
	}
	return c, nil
}

// Apply calibrates scores; with no calibrator it returns them.
func (c Calibration) Apply(scores []float64) []float64 {
	switch {
	case c.Temperature != nil:
		return c.Temperature.Apply(scores)
	case c.Platt != nil:
		return c.Platt.Apply(scores)
	case c.Isotonic != nil:
		return c.Isotonic.Apply(scores)
	}
	return scores
}

// Validate returns an error unless the calibration can be applied to the scores of that many
// classes: call it on one that was read from a file.
func (c Calibration) Validate(classes int) error {
	columns, set := classes, 0
	if classes == 2 {
		columns = 1
	}
	var err error
	if t := c.Temperature; t != nil {
		set++
		if t.Classes != classes || !(t.T >= 1.0/hottest && t.T <= hottest) {
			err = fmt.Errorf("temperature %v of %d classes: expected one from 0.01 to 100 of %d", t.T, t.Classes, classes)
		}
	}
	if t := c.Platt; t != nil {
		set++
		if len(t.Slope) != columns || len(t.Intercept) != columns || !allFinite(t.Slope) || !allFinite(t.Intercept) {
			err = fmt.Errorf("a Platt calibration of %d slopes and %d intercepts: expected %d numbers each", len(t.Slope), len(t.Intercept), columns)
		}
	}
	if t := c.Isotonic; t != nil {
		set++
		if !t.rises(columns) {
			err = fmt.Errorf("an isotonic calibration isn't %d functions that never fall, within 0 and 1", columns)
		}
	}
	if set > 1 {
		err = fmt.Errorf("%d calibrations: expected one", set)
	}
	return err
}

func allFinite(xs []float64) bool {
	for _, x := range xs {
		if finite(x) == nil {
			return false
		}
	}
	return true
}

// calibratable returns an error unless a calibrator can be fitted: probabilities, with an
// example of each class.
func calibratable(scores []float64, labels []int32, classes int) (Predictions, error) {
	p := Predictions{Scores: scores, Classes: classes, Labels: labels}
	if why := probabilities(p); why != "" {
		return p, errors.New("fit a calibration: " + why)
	}
	if why := everyClass(p); why != "" {
		return p, errors.New("fit a calibration: " + why)
	}
	return p, nil
}

// oneAgainstRest calls f with each class's scores and whether an example is of it, 0 or 1:
// with two classes once, with class 1's.
func (p Predictions) oneAgainstRest(f func(scores []float64, labels []int32)) {
	if p.Classes == 2 {
		f(p.Scores, p.Labels)
		return
	}
	for c := range p.Classes {
		f(p.against(c))
	}
}

// eachColumn applies a map of one class's score to scores of that many columns, and makes
// rows of several sum to 1 again; one that sums to 0 becomes uniform.
func eachColumn(scores []float64, columns int, f func(column int, score float64) float64) []float64 {
	if len(scores)%columns != 0 {
		panic(fmt.Sprintf("metric: %d scores for a calibration of %d columns", len(scores), columns))
	}
	out := make([]float64, len(scores))
	for i, s := range scores {
		out[i] = f(i%columns, s)
	}
	if columns == 1 {
		return out
	}
	for from := 0; from < len(out); from += columns {
		row, sum := out[from:from+columns], 0.0
		for _, x := range row {
			sum += x
		}
		for c := range row {
			if sum > 0 {
				row[c] /= sum
			} else if !math.IsNaN(sum) {
				row[c] = 1 / float64(columns)
			}
		}
	}
	return out
}
