package metric

import (
	"math"
	"slices"

	"medml/internal/elementary"
)

// ratio is a metric that is a function of one sum over the rows divided by another, both
// positive: of the losses by how many numbers there are, or by the targets' squared distances
// from their mean.
type ratio struct {
	losses func(Predictions) []float64 // [n]
	spread bool                        // whether by the targets' spread
	back   func(log float64) float64   // the metric from the logarithm of the ratio
}

// pivot is the logarithm of a ratio, with the standard error that it has in the sample, and
// how many of these each resample is away from the sample.
//
// Of a mean of squares, whose tail a sample of a hundred hardly shows, resamples are too much
// like each other, and their percentiles, BCa's too, too close. Divided by their own
// standard errors they are less so (the bootstrap-t: Efron 1982, The Jackknife, the Bootstrap
// and Other Resampling Plans, chapter 10), and on the logarithm's scale the errors hang
// least on the value (DiCiccio & Efron 1996, Stat. Sci. 11:189, section 4).
type pivot struct {
	back func(log float64) float64
	// Of each patient the sum of the losses; of 1, of the targets and of their squares, or,
	// where the ratio is a mean, 0, 0 and how many numbers there are: [patients] each.
	losses, ones, targets, squares []float64
	at, se                         float64
	half                           float64 // of the interval, in standard errors of a normal one
	draws                          []float64
}

// leastStudentized is below how many patients the standard errors of resamples, often of the
// same few patients, are so uneven that now and then an interval has no end in sight: of 10
// it would hold the truth in 95 of 100 instead of BCa's 90, but one in 20 would be 20 times as
// wide.
const leastStudentized = 20

// pivot returns the ratio's over the patients, nil where it has none: without losses, where
// all lose the same, and for a few patients.
func (m Metric) pivot(p Predictions, s *sample) *pivot {
	if m.ratio == nil || s.patients < leastStudentized {
		return nil
	}
	v := &pivot{back: m.ratio.back}
	for _, of := range []*[]float64{&v.losses, &v.ones, &v.targets, &v.squares} {
		*of = make([]float64, s.patients)
	}
	for row, loss := range m.ratio.losses(p) {
		v.losses[s.patient[row]] += loss
	}
	centre, width := mean(p.Targets), p.width()
	for i, y := range p.Targets {
		patient := s.patient[i/width]
		if !m.ratio.spread {
			v.squares[patient]++
			continue
		}
		y -= centre
		v.ones[patient]++
		v.targets[patient] += y
		v.squares[patient] += float64(y * y)
	}
	each := v.influence(once(s.patients))
	v.at, v.se = v.measure(once(s.patients))
	v.half = studentQuantile(level, spreadDegrees(each))
	if !(v.se > 0) || math.IsInf(v.at, 0) {
		return nil
	}
	return v
}

// sums returns those of losses and of what they are divided by, each patient counting as
// often as times says, and the mean that the latter are counted from.
func (v *pivot) sums(times []int32) (losses, by, centre float64) {
	n, sum, squares := 0.0, 0.0, 0.0
	for i, t := range times {
		w := float64(t)
		losses += float64(w * v.losses[i])
		n += float64(w * v.ones[i])
		sum += float64(w * v.targets[i])
		squares += float64(w * v.squares[i])
	}
	if n > 0 {
		centre = sum / n
	}
	return losses, squares - float64(centre*sum), centre
}

// influence returns by how much of itself each patient changes the ratio, times the
// patients: [patients], their weighted sum 0.
func (v *pivot) influence(times []int32) []float64 {
	losses, by, centre := v.sums(times)
	each := make([]float64, len(times))
	for i := range each {
		each[i] = v.share(i, losses, by, centre)
	}
	return each
}

// share is a patient's share of the losses less that of what they are divided by.
func (v *pivot) share(i int, losses, by, centre float64) float64 {
	mine := v.squares[i] - float64(2*float64(centre*v.targets[i])) + float64(float64(centre*centre)*v.ones[i])
	return v.losses[i]/losses - mine/by
}

// measure returns the logarithm of the ratio and its standard error, by its influence.
func (v *pivot) measure(times []int32) (at, se float64) {
	losses, by, centre := v.sums(times)
	if !(losses > 0 && by > 0) {
		return math.NaN(), math.NaN()
	}
	squares := 0.0
	for i, t := range times {
		share := v.share(i, losses, by, centre)
		squares += float64(float64(t) * float64(share*share))
	}
	return elementary.Log(losses / by), math.Sqrt(squares)
}

// draw takes note of a resample. One without an error is left out.
func (v *pivot) draw(times []int32) {
	if at, se := v.measure(times); se > 0 {
		v.draws = append(v.draws, (at-v.at)/se)
	}
}

// interval returns the metric's, NaN where too many resamples have no error.
func (v *pivot) interval(asked int) (low, high float64) {
	if float64(len(v.draws)) < float64(defined*float64(asked)) {
		return math.NaN(), math.NaN()
	}
	slices.Sort(v.draws)
	tail := elementary.NormCDF(-v.half)
	a := v.back(v.at - float64(percentile(v.draws, 1-tail)*v.se))
	b := v.back(v.at - float64(percentile(v.draws, tail)*v.se))
	if math.IsInf(a-b, 0) || a != a || b != b {
		return math.NaN(), math.NaN()
	}
	return min(a, b), max(a, b)
}

// spreadDegrees is of how many degrees of freedom, in whole numbers, the variance of numbers is
// whose mean is 0: 2 divided by that of its logarithm, which is 2/(n-1) + excess kurtosis/n
// (Box 1953, Biometrika 40:318). They are about n-1 of normal numbers, and 2 or more. The
// bootstrap's levels are Student's of so many, where Hesterberg 2015 (Am. Stat. 69:371) has
// n-1: resamples know of a sample's tail, not of what it doesn't show.
func spreadDegrees(xs []float64) int {
	squares, fourths := 0.0, 0.0
	for _, x := range xs {
		squares += float64(x * x)
		fourths += float64(float64(x*x) * float64(x*x))
	}
	n := float64(len(xs))
	excess := float64(n*fourths)/float64(squares*squares) - 3
	const nearNormal = 100_000 // Student's quantile is that of the normal but for 1 in 10⁵
	return max(2, int(min(nearNormal, 2/(2/(n-1)+excess/n))))
}
