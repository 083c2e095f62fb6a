package metric

import (
	"math"
	"slices"

	"medml/internal/elementary"
)

// most is how many blocks of patients the acceleration is had from. That of all patients
// one by one is estimated by it without bias, with an error of 0.4/most (the skewness of
// sums of b patients is that of one over √b).
const most = 1000

// defined is the share of resamples for which a metric must be defined, for its interval
// not to speak of the easy ones alone.
const defined = 0.9

// distribution is what the resamples say about a value.
type distribution struct {
	value    float64
	draws    []float64 // ascending, without those that are NaN
	asked    int       // how many resamples were taken
	speed    float64   // the acceleration, NaN where it can't be had
	repeated bool
}

// bootstrap resamples the patients for all values together.
func (s *sample) bootstrap(stats []value, o Options) []distribution {
	out := make([]distribution, len(stats))
	if len(stats) == 0 {
		return out
	}
	times, weights := once(s.patients), once(len(s.patient))
	for j, stat := range stats {
		out[j] = distribution{value: stat(weights), speed: math.NaN(), repeated: s.repeated}
	}
	if o.Rand == nil || s.patients < 2 {
		return out
	}
	for range o.draws() {
		s.draw(o.Rand, times, weights)
		for j, stat := range stats {
			out[j].asked++
			if x := stat(weights); x == x {
				out[j].draws = append(out[j].draws, x)
			}
		}
	}
	for j, a := range s.accelerations(stats) {
		out[j].speed = a
		slices.Sort(out[j].draws)
	}
	return out
}

// accelerations returns ⅙·Σ_k n_k⁻³·Σ_i l³ / (Σ_k n_k⁻²·Σ_i l²)^(3/2) of each value, with
// l = (n_k-1)·(mean - value without i) for the blocks i of patients of stratum k (Davison &
// Hinkley 1997, Bootstrap Methods, equation 5.23 for several samples).
func (s *sample) accelerations(stats []value) []float64 {
	times, weights := once(s.patients), make([]int32, len(s.patient))
	squares, cubes := make([]float64, len(stats)), make([]float64, len(stats))
	for _, blocks := range s.blocks(most) {
		if len(blocks) < 2 {
			continue // a stratum that never varies
		}
		without := make([][]float64, len(stats))
		for _, block := range blocks {
			for _, patient := range block {
				times[patient] = 0
			}
			s.spread(times, weights)
			for j, stat := range stats {
				without[j] = append(without[j], stat(weights))
			}
			for _, patient := range block {
				times[patient] = 1
			}
		}
		n := float64(len(blocks))
		for j, values := range without {
			centre := mean(values)
			for _, x := range values {
				l := float64((n - 1) / n * (centre - x))
				squares[j] += float64(l * l)
				cubes[j] += float64(float64(l*l) * l)
			}
		}
	}
	speeds := make([]float64, len(stats))
	for j := range speeds {
		speeds[j] = cubes[j] / float64(6*float64(squares[j]*math.Sqrt(squares[j])))
	}
	return speeds
}

// interval returns the ends of the 95 % interval and its method, or NaN and why there is
// none.
func (d distribution) interval() (low, high float64, method, why string) {
	nan := math.NaN()
	n := len(d.draws)
	switch {
	case d.asked == 0:
		return nan, nan, "", "no resamples were drawn"
	case float64(n) < float64(defined*float64(d.asked)):
		return nan, nan, "", "undefined in many of the resamples: too few patients"
	case d.draws[0] == d.draws[n-1]:
		return nan, nan, "", "every resample has the same value"
	}
	if a, b := d.levels(); a == a && b == b {
		return percentile(d.draws, a), percentile(d.draws, b), "bca bootstrap", ""
	}
	return percentile(d.draws, (1-level)/2), percentile(d.draws, (1+level)/2), "percentile bootstrap", ""
}

// levels returns the shares of the resamples between which the interval lies: Φ(ẑ₀ +
// (ẑ₀+z)/(1-â(ẑ₀+z))) for z at 2.5 % and 97.5 %, ẑ₀ from the share of resamples below the
// value, ties half (Efron 1987, equations 2.3 and 4.1). They are NaN where all resamples
// are on one side of the value.
func (d distribution) levels() (low, high float64) {
	below, _ := slices.BinarySearch(d.draws, d.value)
	upTo := below
	for upTo < len(d.draws) && d.draws[upTo] == d.value {
		upTo++
	}
	if below == len(d.draws) || upTo == 0 {
		return math.NaN(), math.NaN()
	}
	bias := elementary.NormQuantile(float64(below+upTo) / float64(2*len(d.draws)))
	at := func(share float64) float64 {
		z := bias + elementary.NormQuantile(share)
		return elementary.NormCDF(bias + z/(1-float64(d.speed*z)))
	}
	return at((1 - level) / 2), at((1 + level) / 2)
}

// percentile returns the value below which that share of ascending ones lies, interpolated
// linearly between neighbours (Hyndman & Fan 1996, Am. Stat. 50:361, definition 7).
func percentile(ascending []float64, share float64) float64 {
	at := float64(share * float64(len(ascending)-1))
	i := min(int(at), len(ascending)-2)
	rest := at - float64(i)
	return ascending[i] + float64(rest*(ascending[i+1]-ascending[i]))
}
