package metric

import (
	"errors"
	"fmt"
	"math"
)

// NetBenefit is a point of a decision curve: true positives per example, less false ones
// at the rate that a threshold says they are worth (Vickers & Elkin 2006, Med. Decis. Making
// 26:565).
type NetBenefit struct {
	Threshold float64  `json:"threshold"` // probability from which on one would act
	Model     Estimate `json:"model"`     // acting on the model
	All       float64  `json:"all"`       // acting on everybody
	None      float64  `json:"none"`      // acting on nobody: 0
}

// DecisionCurve returns the net benefit of acting on a model of two classes at each of the
// thresholds, above 0 and below 1: TP/n - FP/n·t/(1-t) (Vickers & Elkin 2006, Med. Decis.
// Making 26:565). The interval is by the bootstrap over patients; leave Options.Rand nil to go
// without.
func DecisionCurve(p Predictions, thresholds []float64, o Options) ([]NetBenefit, error) {
	if p.Classes != 2 {
		return nil, fmt.Errorf("draw a decision curve: it is for two classes, not %d", p.Classes)
	}
	if why := probabilities(p); why != "" {
		return nil, errors.New("draw a decision curve: " + why)
	}
	positives := 0
	for _, l := range p.Labels {
		positives += int(l)
	}
	n := len(p.Labels)
	ms, points := make([]Metric, len(thresholds)), make([]NetBenefit, len(thresholds))
	for i, t := range thresholds {
		if !(t > 0 && t < 1) {
			return nil, fmt.Errorf("draw a decision curve: threshold %v is not above 0 and below 1", t)
		}
		points[i].Threshold, points[i].All = t, benefit(positives, n-positives, n, t)
		ms[i] = judge(Metric{Name: settingName("net_benefit@threshold", t), Task: Classification, Binary: true, Higher: true,
			Low: math.Inf(-1), High: 1}, probabilities, func(p Predictions) value {
			return counted(func(c counts) float64 { return benefit(c.at(1, 1), c.at(0, 1), c.n, t) })(p.At(t))
		})
	}
	for i, e := range Evaluate(ms, p, o) {
		points[i].Model = e
	}
	return points, nil
}

func benefit(tp, fp, n int, t float64) float64 {
	return float64(tp)/float64(n) - float64(float64(fp)/float64(n)*float64(t/(1-t)))
}
