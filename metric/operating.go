package metric

// sensitivityAt is the sensitivity that can be had where the specificity is at least x.
func sensitivityAt(x float64) Metric {
	return Metric{
		Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
		Doc: "sensitivity at the threshold that keeps the specificity",
		Compute: compared(onTwoClasses(func(p Predictions) float64 {
			points := curve(p.Scores, p.Labels, 1)
			all := points[len(points)-1]
			best := 0 // calling nobody positive has specificity 1
			for _, at := range points {
				if float64(all.fp-at.fp)/float64(all.fp) >= x {
					best = at.tp
				}
			}
			return float64(best) / float64(all.tp)
		})),
	}
}

// specificityAt is the specificity that can be had where the sensitivity is at least x.
// Both are read off the thresholds that the scores allow, without interpolation, on the
// very examples that are judged: a threshold fixed beforehand does no better on average.
func specificityAt(x float64) Metric {
	return Metric{
		Task: Classification, Binary: true, Higher: true, Low: 0, High: 1,
		Doc: "specificity at the threshold that keeps the sensitivity",
		Compute: compared(onTwoClasses(func(p Predictions) float64 {
			points := curve(p.Scores, p.Labels, 1)
			all := points[len(points)-1]
			for _, at := range points {
				if float64(at.tp)/float64(all.tp) >= x {
					return float64(all.fp-at.fp) / float64(all.fp)
				}
			}
			return 0
		})),
	}
}
