package metric

// sensitivityAt is the sensitivity that can be had where the specificity is at least x, a point
// of the ROC curve (Pepe 2003, The Statistical Evaluation of Medical Tests, chapter 4).
func sensitivityAt(x float64) Metric {
	return judge(Metric{
		Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
		Doc: "sensitivity at the threshold that keeps the specificity",
	}, bothClasses, ranked(func(points []point) float64 {
		all := points[len(points)-1]
		best := 0 // calling nobody positive has specificity 1
		for _, at := range points {
			if float64(all.fp-at.fp)/float64(all.fp) >= x {
				best = at.tp
			}
		}
		return float64(best) / float64(all.tp)
	}))
}

// specificityAt is the specificity that can be had where the sensitivity is at least x.
// Both are read off the thresholds that the scores allow, without interpolation, on the
// very examples that are judged: a threshold fixed beforehand does no better on average.
func specificityAt(x float64) Metric {
	return judge(Metric{
		Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
		Doc: "specificity at the threshold that keeps the sensitivity",
	}, bothClasses, ranked(func(points []point) float64 {
		all := points[len(points)-1]
		for _, at := range points {
			if float64(at.tp)/float64(all.tp) >= x {
				return float64(all.fp-at.fp) / float64(all.fp)
			}
		}
		return 0
	}))
}

// minSePPV is score 1 of the PhysioNet/CinC challenge of 2012 (Silva et al., Computing in
// Cardiology 39:245) at the threshold that makes it highest.
var minSePPV = judge(Metric{
	Name: "min_se_ppv", Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
	Doc: "the lesser of sensitivity and precision, at the threshold where that is highest",
}, bothClasses, ranked(func(points []point) float64 {
	all, best := points[len(points)-1], 0.0
	for _, at := range points {
		best = max(best, float64(at.tp)/float64(max(all.tp, at.tp+at.fp)))
	}
	return best
}))
