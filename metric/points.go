package metric

// ROCPoint is a point of the ROC curve: the shares of negatives and of positives that score
// at least the threshold. The curve is straight between points.
type ROCPoint struct {
	Threshold float64 `json:"threshold"`
	FPR       float64 `json:"fpr"`
	TPR       float64 `json:"tpr"`
}

// ROC returns the curve of a class against the rest, from (0, 0), whose threshold is the
// number just above the highest score, to (1, 1), without the points that lie on a line
// between their neighbours (Fawcett 2006, Pattern Recognit. Lett. 27:861). It is nil where the
// class, or its rest, has no example or a score is NaN.
func ROC(p Predictions, class int) []ROCPoint {
	steps := p.steps(class)
	var points []ROCPoint
	for i, s := range steps {
		all := steps[len(steps)-1]
		if i > 0 && i+1 < len(steps) && inLine(steps[i-1].point, s.point, steps[i+1].point) {
			continue
		}
		points = append(points, ROCPoint{s.from, float64(s.fp) / float64(all.fp), float64(s.tp) / float64(all.tp)})
	}
	return points
}

// inLine reports whether b lies on the line from a to c.
func inLine(a, b, c point) bool {
	return (b.tp-a.tp)*(c.fp-b.fp) == (c.tp-b.tp)*(b.fp-a.fp)
}

// PRPoint is a point of the precision-recall curve: of the examples that score at least the
// threshold the share that is positive, and of the positives the share that scores so.
type PRPoint struct {
	Threshold float64 `json:"threshold"`
	Recall    float64 `json:"recall"`
	Precision float64 `json:"precision"`
}

// PR returns the curve of a class against the rest from the highest threshold down, a point
// for each at which recall or the next one's changes (Davis & Goadrich 2006, ICML). It is nil
// where ROC is.
func PR(p Predictions, class int) []PRPoint {
	steps := p.steps(class)
	var points []PRPoint
	for i := 1; i < len(steps); i++ {
		s := steps[i]
		if i+1 < len(steps) && steps[i-1].tp == s.tp && steps[i+1].tp == s.tp {
			continue
		}
		points = append(points, PRPoint{s.from,
			float64(s.tp) / float64(steps[len(steps)-1].tp), float64(s.tp) / float64(s.tp+s.fp)})
	}
	return points
}

// steps returns the thresholds of a class against the rest, nil where there is no curve.
func (p Predictions) steps(class int) []step {
	if labelled(p) != "" || class < 0 || class >= p.Classes {
		return nil
	}
	steps := thresholds(p.column(class), p.Labels, class)
	if all := steps[len(steps)-1]; all.tp == 0 || all.fp == 0 {
		return nil
	}
	return steps
}
