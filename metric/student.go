package metric

import (
	"math"

	"medml/internal/elementary"
)

// studentQuantile returns the t ≥ 0 for which a Student variable of that many degrees of
// freedom is within ±t with the given probability, in (0, 1): 2.776… for 0.95 and 4.
// It is bisected to the last bit.
func studentQuantile(probability float64, degrees int) float64 {
	low, high := 0.0, 1.0
	for studentWithin(high, degrees) < probability {
		low, high = high, float64(2*high)
	}
	for {
		middle := low + float64((high-low)/2)
		if middle <= low || middle >= high {
			return high
		}
		if studentWithin(middle, degrees) < probability {
			low = middle
		} else {
			high = middle
		}
	}
}

// studentWithin returns the probability that a Student variable of whole degrees of
// freedom is within ±t, t ≥ 0: with tan θ = t/√ν a finite sum in sin θ and cos θ
// (Abramowitz & Stegun 1964, 26.7.3 for odd ν and 26.7.4 for even).
func studentWithin(t float64, degrees int) float64 {
	nu := float64(degrees)
	hyp := nu + float64(t*t)
	sin, cos2 := t/math.Sqrt(hyp), nu/hyp
	odd := degrees%2 == 1
	// Even: 1 + 1/2·cos² + (1·3)/(2·4)·cos⁴ + …; odd: cos + 2/3·cos³ + (2·4)/(3·5)·cos⁵ + …
	term, sum, first := 1.0, 0.0, 2
	if odd {
		term, first = math.Sqrt(cos2), 3
	}
	for n := first; n <= degrees; n += 2 {
		sum += term
		term = float64(term*cos2) * float64(n-1) / float64(n)
	}
	if !odd {
		return float64(sin * sum)
	}
	theta := elementary.Atan(t / math.Sqrt(nu))
	return float64((theta + float64(sin*sum)) * (2 / math.Pi))
}
