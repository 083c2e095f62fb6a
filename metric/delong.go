package metric

import "math"

// DeLong returns the area under the ROC curve for two classes and the variance of that
// estimate (DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837), from one sort as
// Sun & Xu 2014 (IEEE Signal Process. Lett. 21:1389) do. Scores are [n], labels [n] with
// 1 the positive class. The variance needs two examples of each class, the area one of
// each; they are NaN otherwise, and where a score is NaN.
func DeLong(scores []float64, labels []int32) (area, variance float64) {
	Predictions{Scores: scores, Classes: 2, Labels: labels}.checkLabels()
	if len(scores) == 0 || anyNaN(scores) {
		return math.NaN(), math.NaN()
	}
	points := curve(scores, labels, 1)
	area = areaUnderROC(points)
	all := points[len(points)-1]
	m, n := float64(all.tp), float64(all.fp)
	if all.tp < 2 || all.fp < 2 {
		return area, math.NaN()
	}
	// Of each positive, the share of negatives below it (ties half), and of each negative
	// the share of positives above it: their variances over the examples.
	var overPositives, overNegatives float64
	var last point
	for _, at := range points {
		tp, fp := at.tp-last.tp, at.fp-last.fp
		below := float64(2*(all.fp-at.fp)+fp)/float64(2*n) - area
		above := float64(2*last.tp+tp)/float64(2*m) - area
		overPositives += float64(float64(tp) * float64(below*below))
		overNegatives += float64(float64(fp) * float64(above*above))
		last = at
	}
	return area, overPositives/float64(m*(m-1)) + overNegatives/float64(n*(n-1))
}

// deLongInterval is deLongOf for two classes; there is none for more.
func deLongInterval(p Predictions) (low, high float64) {
	p.checkLabels()
	if p.Classes != 2 {
		return math.NaN(), math.NaN()
	}
	return deLongOf(p.Scores, p.Labels)
}

// deLongOf is the interval of two classes.
func deLongOf(scores []float64, labels []int32) (low, high float64) {
	return around(DeLong(scores, labels))
}
