package metric

import (
	"math"

	"medml/internal/elementary"
)

// level is the confidence of every interval.
const level = 0.95

// MeanInterval returns the 95 % confidence interval of a cross-validated mean. Values are
// the metric on each of k folds (or folds × repeats), train and valid the numbers of
// examples trained on and judged in a fold. The folds share training examples, so their
// plain variance is too small: it is taken times 1/k + valid/train (Nadeau & Bengio 2003,
// Machine Learning 52:239), with Student's t of k-1 degrees. The ends are clipped to the
// metric's bounds; they are NaN for fewer than two values and where a value is NaN.
func MeanInterval(values []float64, train, valid int, m Metric) (low, high float64) {
	k := len(values)
	if k < 2 || train < 1 || anyNaN(values) {
		return math.NaN(), math.NaN()
	}
	centre := mean(values)
	squares := 0.0
	for _, v := range values {
		squares += float64((v - centre) * (v - centre))
	}
	variance := squares / float64(k-1)
	corrected := float64(variance * (1/float64(k) + float64(valid)/float64(train)))
	half := float64(studentQuantile(level, k-1) * math.Sqrt(corrected))
	if half != half {
		return math.NaN(), math.NaN() // an infinite value
	}
	return m.clip(centre - half), m.clip(centre + half)
}

// Wilson returns the 95 % score interval of a proportion of k in n, NaN for n = 0
// (Wilson 1927, JASA 22:209). It stays within [0, 1] and has a width at 0 and n too.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	z := elementary.NormQuantile(0.5 + level/2)
	z2 := float64(z * z)
	size, p := float64(n), float64(k)/float64(n)
	centre := p + z2/float64(2*size)
	spread := float64(z * math.Sqrt(float64(p*(1-p))/size+z2/float64(4*float64(size*size))))
	scale := 1 + z2/size
	low, high = (centre-spread)/scale, (centre+spread)/scale
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}
