package dataset

import "math"

// conditioned returns a signal filtered, freed of its baseline, resampled and normalized,
// as far as the configuration asks for it. Missing samples are bridged by straight lines
// for the filters, and missing again behind them.
func conditioned(x []float64, rate float64, c SignalConfig) ([]float64, error) {
	if c.Filter == (FilterConfig{}) && c.Baseline == "none" && (c.Rate == 0 || c.Rate == rate) && c.Normalize != "recording" {
		return x, nil
	}
	y, gaps := bridged(x)
	if c.Filter != (FilterConfig{}) {
		f, err := newFilter(c.Filter, rate)
		if err != nil {
			return nil, err
		}
		if c.Filter.Phase == "causal" {
			f.forward(y)
		} else {
			y = f.zeroPhase(y)
		}
	}
	if c.Baseline == "median" {
		b := medianFilter(medianFilter(y, odd(0.2*rate)), odd(0.6*rate))
		for i := range y {
			y[i] -= b[i]
		}
	}
	n := len(y)
	if c.Rate != 0 && c.Rate != rate {
		up, down, err := ratio(c.Rate, rate)
		if err != nil {
			return nil, err
		}
		y = resample(y, up, down)
	}
	if gaps != nil {
		for i := range y {
			if gaps[min(i*n/len(y), n-1)] {
				y[i] = nan64
			}
		}
	}
	if c.Normalize == "recording" {
		normalize(y, 1)
	}
	return y, nil
}

// odd returns the nearest odd number, at least 1.
func odd(x float64) int { return max(1, 2*int(math.Round((x-1)/2))+1) }

// bridged returns a copy without gaps: straight lines across them, and the nearest sample
// at the ends. gaps says where they are, nil where there are none.
func bridged(x []float64) (y []float64, gaps []bool) {
	y = append([]float64(nil), x...)
	last := -1 // sample that is there
	for i, v := range x {
		if v != v {
			if gaps == nil {
				gaps = make([]bool, len(x))
			}
			gaps[i] = true
			continue
		}
		for j := last + 1; j < i; j++ {
			if y[j] = v; last >= 0 {
				y[j] = x[last] + float64((v-x[last])*(float64(j-last)/float64(i-last)))
			}
		}
		last = i
	}
	for j := last + 1; j < len(y); j++ {
		if y[j] = 0; last >= 0 {
			y[j] = x[last]
		}
	}
	return y, gaps
}
