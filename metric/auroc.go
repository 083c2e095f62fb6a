package metric

import "math"

var auroc = judge(Metric{
	Name: "auroc", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc:      "area under the ROC curve: how often a positive case scores above a negative one; the mean over the classes, each against the rest, where there are more than two",
	Interval: deLongInterval, method: "delong", clustered: obuchowskiInterval,
}, everyClass, ranked(areaUnderROC))

var aurocOVO = judge(Metric{
	Name: "auroc_ovo", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc: "area under the ROC curve, averaged over all pairs of classes",
}, everyClass, handTill)

// aurocWeighted is that of Provost & Domingos 2000 (Well-trained PETs, NYU working paper).
var aurocWeighted = judge(Metric{
	Name: "auroc_weighted", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc: "area under the ROC curve of each class against the rest, each class weighing as much as it has examples; that of the positive class where there are two",
}, everyClass, prevalent(areaUnderROC))

// areaUnderROC returns the share of pairs of a positive and a negative example in which
// the first scores higher, ties counting half: U/(m·n) of Mann & Whitney 1947, the area
// under the ROC curve (Hanley & McNeil 1982, Radiology 143:29). It is counted in whole
// numbers and rounded once.
func areaUnderROC(points []point) float64 {
	twice, last := 0, point{}
	for _, at := range points {
		twice += (at.fp - last.fp) * (at.tp + last.tp)
		last = at
	}
	if last.tp == 0 || last.fp == 0 {
		return math.NaN()
	}
	return float64(twice) / (2 * float64(last.tp) * float64(last.fp))
}

// prevalent is ranked with the mean over the classes weighted by their examples.
func prevalent(f func([]point) float64) func(Predictions) value {
	return func(p Predictions) value {
		if p.Classes == 2 {
			return ranked(f)(p)
		}
		classes := make([]ranking, p.Classes)
		for c := range classes {
			classes[c] = rank(p.column(c), p.Labels, c)
		}
		return func(w []int32) float64 {
			sum, n := 0.0, 0
			for c := range classes {
				points := classes[c].points(w)
				area := twoSided(f, points)
				if area != area {
					return area
				}
				size := points[len(points)-1].tp
				sum += float64(float64(size) * area)
				n += size
			}
			return sum / float64(n)
		}
	}
}

// handTill is M of Hand & Till 2001 (Machine Learning 45:171): the mean over pairs of
// classes of the area that each one's scores give between the two.
func handTill(p Predictions) value {
	if p.Classes == 2 {
		return ranked(areaUnderROC)(p)
	}
	var pairs []ranking
	for a := range p.Classes {
		for b := range a {
			pairs = append(pairs, p.between(a, b), p.between(b, a))
		}
	}
	return func(w []int32) float64 {
		sum := 0.0
		for i := 0; i < len(pairs); i += 2 {
			sum += twoSided(areaUnderROC, pairs[i].points(w)) + twoSided(areaUnderROC, pairs[i+1].points(w))
		}
		return sum / float64(len(pairs))
	}
}

// between ranks the examples of classes a and b by the scores of class a, whose examples
// are the positives.
func (p Predictions) between(a, b int) ranking {
	var rows []int32
	for i, l := range p.Labels {
		if int(l) == a || int(l) == b {
			rows = append(rows, int32(i))
		}
	}
	return rankRows(rows, p.column(a), func(row int32) bool { return int(p.Labels[row]) == a })
}
