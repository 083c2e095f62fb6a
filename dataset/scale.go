package dataset

import (
	"math"
	"slices"
)

// imputers is the table of what stands in for a missing value, from the values there are
// (at least one).
var imputers = map[string]func(xs []float64) float64{
	"median":   func(xs []float64) float64 { return quantile(slices.Sorted(slices.Values(xs)), 0.5) },
	"mean":     mean,
	"mode":     mode,
	"knn":      mean,                                 // where no neighbour has the value
	"constant": func([]float64) float64 { return 0 }, // Preprocess.Fill takes its place
	"none":     func([]float64) float64 { return 0 }, // never used: nothing is missing
}

// imputer returns what stands in for a missing value under c.
func (c Preprocess) imputer() func(xs []float64) float64 {
	if c.Impute == "constant" {
		return func([]float64) float64 { return c.Fill }
	}
	return imputers[c.Impute]
}

// scalers is the table of scalings: from the values of a feature in the training part (at
// least one), what is taken off and what it is then divided by, 0 for a feature that
// doesn't vary. Those by quantile say so of the features that have no [ladder].
var scalers = map[string]func(xs []float64) (center, scale float64){
	"standard":        standard,
	"minmax":          minmax,
	"robust":          robust,
	"quantile":        standard,
	"quantile-normal": standard,
	"none":            func([]float64) (center, scale float64) { return 0, 1 },
}

// standard returns the mean and the standard deviation of the values themselves (divided
// by n, not n−1).
func standard(xs []float64) (center, scale float64) {
	m := mean(xs)
	variance := 0.0
	for _, x := range xs {
		d := x - m
		variance += float64(d * d)
	}
	return m, varying(math.Sqrt(variance/float64(len(xs))), xs)
}

func minmax(xs []float64) (center, scale float64) {
	low := slices.Min(xs)
	return low, varying(slices.Max(xs)-low, xs)
}

// robust returns the median and the interquartile range. Where half of the values are
// equal and the range is 0, it is the standard deviation.
func robust(xs []float64) (center, scale float64) {
	sorted := slices.Sorted(slices.Values(xs))
	center = quantile(sorted, 0.5)
	scale = varying(quantile(sorted, 0.75)-quantile(sorted, 0.25), xs)
	if scale == 0 {
		_, scale = standard(xs)
	}
	return center, scale
}

// varying returns the scale, or 0 where it is so small beside the values that it comes
// from rounding: the mean of equal values is seldom equal to them in the last bit.
func varying(scale float64, xs []float64) float64 {
	largest := max(math.Abs(slices.Max(xs)), math.Abs(slices.Min(xs)))
	if scale <= float64(1e-12*largest) {
		return 0
	}
	return scale
}

// mode returns the most frequent value, of several the least.
func mode(xs []float64) float64 {
	sorted := slices.Sorted(slices.Values(xs))
	best, most := sorted[0], 0
	for first := 0; first < len(sorted); {
		end := first + 1
		for end < len(sorted) && sorted[end] == sorted[first] {
			end++
		}
		if end-first > most {
			best, most = sorted[first], end-first
		}
		first = end
	}
	return best
}

// mean adds the values in their order.
func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// quantile interpolates between order statistics: Hyndman & Fan (1996), definition 7, the
// default of R and NumPy.
func quantile(sorted []float64, q float64) float64 {
	at := float64(q * float64(len(sorted)-1))
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	low, high := sorted[i], sorted[i+1]
	return low + float64((at-float64(i))*(high-low))
}
