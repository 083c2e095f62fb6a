package metric

var auprc = judge(Metric{
	Name: "auprc", Task: Classification, Higher: true, Low: 0, High: 1,
	Doc: "area under the precision-recall curve, as average precision; chance gives the share of positives",
}, everyClass, ranked(averagePrecision))

// averagePrecision returns Σ (Rᵢ - Rᵢ₋₁)·Pᵢ over the thresholds from high to low, recall R
// and precision P, without interpolation (Davis & Goadrich 2006, ICML; as scikit-learn's
// average_precision_score). Equal scores are one threshold.
func averagePrecision(points []point) float64 {
	all := float64(points[len(points)-1].tp)
	sum, last := 0.0, 0
	for _, at := range points {
		precision := float64(at.tp) / float64(at.tp+at.fp)
		sum += float64(float64(at.tp-last) / all * precision)
		last = at.tp
	}
	return min(1, sum)
}
