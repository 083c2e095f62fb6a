package metric

// f1OfClass and its like are metrics of one class against the rest, as in "f1@class=3".
func f1OfClass(x float64) Metric {
	class := int(x)
	one := fOf(1)
	return judge(Metric{
		Task: Classification, Higher: true, Low: 0, High: 1, class: class,
		Doc: "F1 of one class: the harmonic mean of its precision and recall",
	}, hasClass(class), compared(func(c counts) float64 { return one(c, class) }))
}

func aurocOfClass(x float64) Metric {
	m := rankedOfClass(int(x), areaUnderROC)
	m.Doc = "area under the ROC curve of one class against the rest"
	m.method = "delong"
	m.Interval = func(p Predictions) (low, high float64) {
		if m.check(p) != "" {
			return deLongOf(nil, nil)
		}
		return deLongOf(p.against(int(x)))
	}
	m.clustered = func(p Predictions, s *sample) (low, high float64) {
		scores, labels := p.against(int(x))
		return obuchowskiInterval(Predictions{Scores: scores, Classes: 2, Labels: labels}, s)
	}
	return m
}

func auprcOfClass(x float64) Metric {
	m := rankedOfClass(int(x), averagePrecision)
	m.Doc = "area under the precision-recall curve of one class against the rest, as average precision"
	return m
}

func rankedOfClass(class int, f func([]point) float64) Metric {
	return judge(Metric{Task: Classification, Higher: true, Low: 0, High: 1, class: class},
		hasClass(class), func(p Predictions) value {
			scores, labels := p.against(class)
			r := rank(scores, labels, 1)
			return func(w []int32) float64 { return twoSided(f, r.points(w)) }
		})
}

// against returns a class's scores, and as labels 1 for it and 0 for the rest: [n] each.
func (p Predictions) against(class int) (scores []float64, labels []int32) {
	labels = make([]int32, len(p.Labels))
	for i, l := range p.Labels {
		if int(l) == class {
			labels[i] = 1
		}
	}
	return p.column(class), labels
}
