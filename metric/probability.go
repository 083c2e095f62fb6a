package metric

import (
	"math"

	"medml/internal/elementary"
)

var brier = judge(Metric{
	Name: "brier", Task: Classification, Low: 0, High: 1,
	Doc: "Brier score: mean squared error of the probabilities",
}, probabilities, brierScore)

// logLoss is the logarithmic score of Good 1952 (J. R. Stat. Soc. B 14:107).
var logLoss = judge(Metric{
	Name: "log_loss", Task: Classification, Low: 0, High: math.Inf(1),
	Doc: "mean negative natural logarithm of the probability of the actual class",
}, probabilities, averaged(logLosses, same))

// brierScore is the mean of (p - y)² for two classes, and of ½·Σ_c (p_c - y_c)² for more,
// which is the same where there are two (Brier 1950, Mon. Weather Rev. 78:1, who left out
// the half).
func brierScore(p Predictions) value {
	width, share := 1, 1.0
	squares := make([]float64, len(p.Scores)) // [n, width]
	if p.Classes > 2 {
		width, share = p.Classes, 0.5
	}
	for i, s := range p.Scores {
		l := int(p.Labels[i/width])
		d := s
		if width == 1 {
			d = s - float64(l)
		} else if i%width == l {
			d = s - 1
		}
		squares[i] = float64(d * d)
	}
	return func(w []int32) float64 {
		sum, n := 0.0, 0
		for i, x := range squares {
			sum += float64(float64(w[i/width]) * x)
		}
		for _, times := range w {
			n += int(times)
		}
		return float64(share*sum) / float64(n)
	}
}

// logLosses returns -log of the actual class's probability, which counts as at least 2⁻⁵²
// so that one case can't make it infinite (as scikit-learn does): [n].
func logLosses(p Predictions) []float64 {
	const least = 0x1p-52
	losses := make([]float64, len(p.Labels))
	for i, l := range p.Labels {
		var x float64
		switch {
		case p.Classes > 2:
			x = p.Scores[i*p.Classes+int(l)]
		case l == 1:
			x = p.Scores[i]
		default:
			x = 1 - p.Scores[i]
		}
		losses[i] = -elementary.Log(max(least, min(1-least, x)))
	}
	return losses
}
