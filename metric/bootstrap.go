package metric

import (
	"math"
	"slices"

	"medml/internal/elementary"
)

// defined is the share of resamples for which a metric must be defined, for its interval
// not to speak of the easy ones alone.
const defined = 0.9

// What is said of intervals.
const (
	undrawn      = "no resamples were drawn"
	unmoved      = "every resample has the same value"
	flawless     = "no gap between risks and outcomes was seen, so that none can be supposed"
	overPatients = " over patients"
)

// distribution is what the resamples say about a value.
type distribution struct {
	value    float64
	draws    []float64 // ascending, without those that are NaN
	asked    int       // how many resamples were taken
	speed    float64   // the acceleration, NaN where it can't be had
	wide     float64   // how many times as wide the interval is than normal theory has it
	repeated bool
	pivot    *pivot // nil where there is none
}

// statistic is what is resampled.
type statistic struct {
	value
	pivot *pivot // nil leaves the interval to BCa
}

// bootstrap resamples the patients for all statistics together.
func (s *sample) bootstrap(stats []statistic, o Options) []distribution {
	out := make([]distribution, len(stats))
	if len(stats) == 0 {
		return out
	}
	times, weights := once(s.patients), once(len(s.patient))
	for j, stat := range stats {
		out[j] = distribution{value: stat.value(weights), speed: math.NaN(), wide: 1, repeated: s.repeated, pivot: stat.pivot}
	}
	if o.Rand == nil || s.patients < 2 {
		return out
	}
	for range o.draws() {
		s.draw(o.Rand, times, weights)
		for j, stat := range stats {
			out[j].asked++
			if x := stat.value(weights); x == x {
				out[j].draws = append(out[j].draws, x)
			}
			if stat.pivot != nil {
				stat.pivot.draw(times)
			}
		}
	}
	values := make([]value, len(stats))
	for j, stat := range stats {
		values[j] = stat.value
	}
	for j, i := range s.influences(values) {
		out[j].speed, out[j].wide = i.acceleration(), i.widening()
		slices.Sort(out[j].draws)
	}
	return out
}

// interval returns the ends of the 95 % interval and its method, or NaN and why there is
// none.
func (d distribution) interval() (low, high float64, method, why string) {
	nan := math.NaN()
	n := len(d.draws)
	switch {
	case d.asked == 0:
		return nan, nan, "", undrawn
	case float64(n) < float64(defined*float64(d.asked)):
		return nan, nan, "", "undefined in many of the resamples: too few patients"
	case d.draws[0] == d.draws[n-1]:
		return nan, nan, "", unmoved
	}
	if d.pivot != nil {
		if low, high := d.pivot.interval(d.asked); low == low {
			return low, high, "studentized bootstrap", ""
		}
	}
	if a, b := d.levels(); a == a && b == b {
		return percentile(d.draws, a), percentile(d.draws, b), "bca bootstrap", ""
	}
	tail := elementary.NormCDF(-d.half())
	return percentile(d.draws, tail), percentile(d.draws, 1-tail), "percentile bootstrap", ""
}

// half returns half the interval's width in standard deviations: 1.96 of many patients.
func (d distribution) half() float64 {
	return float64(d.wide * elementary.NormQuantile(0.5+level/2))
}

// levels returns the shares of the resamples between which the interval lies: Φ(ẑ₀ +
// (ẑ₀+z)/(1-â(ẑ₀+z))) for z at both ends of the half, ẑ₀ from the share of resamples below the
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
	at := func(z float64) float64 {
		z += bias
		return elementary.NormCDF(bias + z/(1-float64(d.speed*z)))
	}
	return at(-d.half()), at(d.half())
}

// percentile returns the value below which that share of ascending ones lies, interpolated
// linearly between neighbours (Hyndman & Fan 1996, Am. Stat. 50:361, definition 7).
func percentile(ascending []float64, share float64) float64 {
	at := float64(share * float64(len(ascending)-1))
	i := min(int(at), len(ascending)-2)
	rest := at - float64(i)
	return ascending[i] + float64(rest*(ascending[i+1]-ascending[i]))
}
