package dataset

import (
	"fmt"
	"math"

	"medml/internal/elementary"
)

// maxRatio bounds up and down: the filter has twenty times as many coefficients.
const maxRatio = 10_000

// ratio returns to/from as up/down in lowest terms. Rates count to a thousandth of a hertz.
func ratio(to, from float64) (up, down int, err error) {
	a, b := int(math.Round(to*1000)), int(math.Round(from*1000))
	g := a
	for r := b; r != 0; {
		g, r = r, g%r
	}
	if g == 0 || a/g > maxRatio || b/g > maxRatio {
		return 0, 0, &FieldError{"signal.rate", fmt.Sprintf("%v Hz from %v: expected rates in a ratio of whole numbers up to %d", to, from, maxRatio)}
	}
	return a / g, b / g, nil
}

// resample changes a signal's rate by up/down: ceil(n up / down) samples, the first at the
// time of the first. It is a low pass at the lower of both Nyquist frequencies, a sinc under
// a Kaiser window of β 5 that reaches over ten zero crossings to either side, evaluated
// where it is needed (a polyphase filter: Crochiere & Rabiner 1983, chapter 4). Beyond the
// ends stands what scipy.signal.resample_poly takes there, 0.
func resample(x []float64, up, down int) []float64 {
	if up == down {
		return x
	}
	h := lowPassKernel(up, down)
	half := len(h) / 2
	y := make([]float64, (len(x)*up+down-1)/down)
	for m := range y {
		// The sample stands at m*down on the fine grid, x[i] at i*up.
		at := m * down
		first := max(0, (at-half+up-1)/up)
		if at < half {
			first = 0
		}
		last := min(len(x)-1, (at+half)/up)
		sum := 0.0
		for i := first; i <= last; i++ {
			sum += float64(x[i] * h[at-i*up+half])
		}
		y[m] = sum
	}
	return y
}

// lowPassKernel returns the filter on the fine grid; its coefficients sum to up.
func lowPassKernel(up, down int) []float64 {
	const beta = 5.0
	widest := max(up, down)
	half := 10 * widest
	h := make([]float64, 2*half+1)
	sum := 0.0
	for i := range h {
		t := float64(i-half) / float64(widest)
		r := float64(i-half) / float64(half)
		h[i] = sinc(t) * besselI0(beta*math.Sqrt(max(0, 1-float64(r*r))))
		sum += h[i]
	}
	for i := range h {
		h[i] *= float64(up) / sum
	}
	return h
}

func sinc(t float64) float64 {
	if t == 0 {
		return 1
	}
	return elementary.Sin(math.Pi*t) / (math.Pi * t)
}

// besselI0 is the modified Bessel function of order 0 (Abramowitz & Stegun 9.6.12).
func besselI0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1; k < 200 && term > sum*1e-17; k++ {
		f := x / float64(2*k)
		term *= float64(f * f)
		sum += term
	}
	return sum
}
