package metric

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"sort"
)

// Bin is a point of a calibration curve: examples with like probabilities.
type Bin struct {
	From, To float64 // the bin's ends
	N        int
	Said     float64 // the mean probability
	Observed float64 // the share that came true
	// Low and High are the 95 % interval of Observed, Wilson's; NaN and absent in JSON where
	// patients have several rows, for which it would be too narrow.
	Low, High float64
}

// MarshalJSON writes from, to, n, said, observed, ci_low and ci_high.
func (b Bin) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		From     float64  `json:"from"`
		To       float64  `json:"to"`
		N        int      `json:"n"`
		Said     float64  `json:"said"`
		Observed float64  `json:"observed"`
		Low      *float64 `json:"ci_low,omitempty"`
		High     *float64 `json:"ci_high,omitempty"`
	}{b.From, b.To, b.N, b.Said, b.Observed, finite(b.Low), finite(b.High)})
}

// CalibrationCurve returns how often what was said with like probabilities came true (the
// reliability diagram: Murphy & Winkler 1977, Appl. Stat. 26:41), in bins of equal width or of
// equal mass, those of equal mass between the quantiles of the probabilities (linear, as
// NumPy's). A bin without examples is left out. With two classes it is about the positive one,
// with more about the class said. The calibration error of [Lookup]'s ece is the mean over the
// examples of |Said - Observed| of the bins of equal width.
func CalibrationCurve(p Predictions, bins int, mass bool, o Options) ([]Bin, error) {
	if why := probabilities(p); why != "" {
		return nil, errors.New("draw a calibration curve: " + why)
	}
	if !wholeBins(float64(bins)) {
		return nil, errors.New("draw a calibration curve: the number of bins is not from 2 to 1000")
	}
	said, came := p.events()
	edges := edges(said, bins, mass)
	sums, hits, curve := make([]float64, bins), make([]int, bins), make([]Bin, bins)
	for i, x := range said {
		b := min(bins-1, int(x*float64(bins)))
		if mass { // an edge belongs to the bin below it
			b = sort.SearchFloat64s(edges[1:bins], x)
		}
		sums[b] += x
		curve[b].N++
		if came[i] {
			hits[b]++
		}
	}
	repeated := newSample(p, o.Groups).repeated
	for b := range curve {
		c := &curve[b]
		c.From, c.To = edges[b], edges[b+1]
		c.Said, c.Observed = sums[b]/float64(c.N), quotient(hits[b], c.N)
		if c.Low, c.High = Wilson(hits[b], c.N); repeated {
			c.Low, c.High = math.NaN(), math.NaN()
		}
	}
	return slices.DeleteFunc(curve, func(b Bin) bool { return b.N == 0 }), nil
}

// edges returns the ends of the bins: [bins+1].
func edges(said []float64, bins int, mass bool) []float64 {
	ascending := slices.Sorted(slices.Values(said))
	edges := make([]float64, bins+1)
	for b := range edges {
		edges[b] = float64(b) / float64(bins)
		if mass && len(ascending) > 1 {
			edges[b] = percentile(ascending, edges[b])
		} else if mass {
			edges[b] = ascending[0]
		}
	}
	return edges
}
