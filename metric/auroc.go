package metric

import "math"

var auroc = Metric{
	Name: "auroc", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc:      "area under the ROC curve: how often a positive case scores above a negative one",
	Compute:  compared(meanOverClasses(areaUnderROC)),
	Interval: deLongInterval,
}

var aurocOVO = Metric{
	Name: "auroc_ovo", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc:     "area under the ROC curve, averaged over all pairs of classes",
	Compute: compared(handTill),
}

// meanOverClasses makes of a metric on the scores of one class against the rest that of
// class 1 where there are two classes, and the unweighted mean over all where there are
// more (macro average).
func meanOverClasses(f func(scores []float64, labels []int32, c int) float64) func(Predictions) float64 {
	return func(p Predictions) float64 {
		if p.Classes == 2 {
			return f(p.Scores, p.Labels, 1)
		}
		sum := 0.0
		for c := range p.Classes {
			sum += f(p.column(c), p.Labels, c)
		}
		return sum / float64(p.Classes)
	}
}

// areaUnderROC returns the share of pairs of an example of class c and one of another in
// which the first scores higher, ties counting half: U/(m·n) of Mann & Whitney 1947, the
// area under the ROC curve (Hanley & McNeil 1982, Radiology 143:29). It is counted in
// whole numbers and rounded once.
func areaUnderROC(scores []float64, labels []int32, c int) float64 {
	twice, last := 0, point{}
	for _, at := range curve(scores, labels, c) {
		twice += (at.fp - last.fp) * (at.tp + last.tp)
		last = at
	}
	if last.tp == 0 || last.fp == 0 {
		return math.NaN()
	}
	return float64(twice) / (2 * float64(last.tp) * float64(last.fp))
}

// handTill returns M of Hand & Till 2001 (Machine Learning 45:171): the mean over pairs
// of classes of the area that each one's scores give between the two.
func handTill(p Predictions) float64 {
	if p.Classes == 2 {
		return areaUnderROC(p.Scores, p.Labels, 1)
	}
	sum := 0.0
	for a := range p.Classes {
		for b := range a {
			sum += p.areaBetween(a, b) + p.areaBetween(b, a)
		}
	}
	return sum / float64(p.Classes*(p.Classes-1))
}

// areaBetween returns A(a|b): the area under the ROC curve of class a's scores among the
// examples of classes a and b.
func (p Predictions) areaBetween(a, b int) float64 {
	var scores []float64
	var labels []int32
	for i, l := range p.Labels {
		if int(l) == a || int(l) == b {
			scores = append(scores, p.Scores[i*p.Classes+a])
			labels = append(labels, l)
		}
	}
	return areaUnderROC(scores, labels, a)
}
