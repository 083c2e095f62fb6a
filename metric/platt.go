package metric

import (
	"errors"

	"medml/internal/elementary"
)

// Platt maps the log odds of a score to Intercept + Slope·log odds, one pair for each
// class against the rest, a single one where there are two; of more than two the results
// are made to sum to 1 again (Platt 1999; Zadrozny & Elkan 2002, KDD). Log odds
// count within ±36.
type Platt struct {
	Slope     []float64 `json:"slope"`
	Intercept []float64 `json:"intercept"`
}

// FitPlatt returns the logistic regression of the labels, pulled from 0 and 1 to 1/(n₋+2)
// and (n₊+1)/(n₊+2), on the log odds of the scores (Platt 1999, Advances in Large Margin
// Classifiers, section 2.2; solved as by Lin, Lin & Weng 2007). The pull keeps it finite
// where the scores separate the classes. Constant scores get a slope of 0. The slope is
// negative where the scores say the contrary of the truth.
func FitPlatt(scores []float64, labels []int32, classes int) (Platt, error) {
	p, err := calibratable(scores, labels, classes)
	if err != nil {
		return Platt{}, err
	}
	var out Platt
	p.oneAgainstRest(func(scores []float64, labels []int32) {
		at, ok := fitPlatt(scores, labels)
		if !ok {
			err = errors.New("fit a Platt calibration: Newton's method found no least loss")
		}
		out.Slope, out.Intercept = append(out.Slope, at.b), append(out.Intercept, at.a)
	})
	if err != nil {
		return Platt{}, err
	}
	return out, nil
}

func fitPlatt(scores []float64, labels []int32) (line, bool) {
	positives := 0
	for _, l := range labels {
		positives += int(l)
	}
	negatives := len(labels) - positives
	low, high := 1/float64(negatives+2), float64(positives+1)/float64(positives+2)
	x, targets := make([]float64, len(scores)), make([]float64, len(scores))
	alike := true
	for i, s := range scores {
		x[i], targets[i] = logOdds(s), low
		if labels[i] == 1 {
			targets[i] = high
		}
		alike = alike && s == scores[0]
	}
	if alike {
		return line{a: logOdds(mean(targets))}, true
	}
	at, _, ok := fitLine(x, targets, nil, line{})
	return at, ok
}

// Apply returns calibrated scores.
func (t Platt) Apply(scores []float64) []float64 {
	return eachColumn(scores, len(t.Slope), func(c int, s float64) float64 {
		return elementary.Sigmoid(t.Intercept[c] + float64(t.Slope[c]*logOdds(s)))
	})
}
