package search

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"medml"
)

var (
	lineDim    = newDimension(medml.Param{Name: "x", Low: -1, High: 3})
	logDim     = newDimension(medml.Param{Name: "x", Low: 1e-4, High: 1e-1, Log: true})
	intDim     = newDimension(medml.Param{Name: "x", Kind: medml.Int, Low: 3, High: 14})
	logIntDim  = newDimension(medml.Param{Name: "x", Kind: medml.Int, Low: 2, High: 17, Log: true})
	stepDim    = newDimension(medml.Param{Name: "x", Low: 0, High: 0.5, Step: 0.1})
	orderedDim = newDimension(medml.Param{Name: "x", Kind: medml.Categorical, Ordered: true, Choices: letters()})
	wordDim    = newDimension(medml.Param{Name: "x", Kind: medml.Categorical, Choices: letters()})

	discreteDims = map[string]*dimension{
		"ints": &intDim, "ints on a log scale": &logIntDim, "stepped floats": &stepDim,
		"ordered words": &orderedDim, "words": &wordDim,
	}
)

// observations returns the coordinates of n values drawn uniformly.
func observations(d *dimension, n int) []float64 {
	r := medml.Stream(3, "observations", n)
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = d.axis(d.uniform(r))
	}
	return xs
}

// estimated is the density of one dimension after observations, older ones first.
type estimated struct{ *parzen }

func estimateOf(d *dimension, observations []float64) estimated {
	s := sample{n: len(observations)}
	for i := range observations {
		s.weights = append(s.weights, ageWeight(i, len(observations)))
	}
	return estimated{newParzen([]*dimension{d}, merged(d, slices.Clone(observations), s))}
}

func (e estimated) at(x float64) float64 { return math.Exp(e.logAt([]float64{x})) }

func TestTheDensitiesOfADiscreteDimensionSumToOne(t *testing.T) {
	for name, d := range discreteDims {
		for _, n := range []int{0, 1, 7, 60, 600} {
			density, sum := estimateOf(d, observations(d, n)), 0.0
			for i := range d.n {
				sum += density.at(d.number(i))
			}
			if math.Abs(sum-1) > 1e-8 {
				t.Errorf("%s after %d observations: the sum is %v", name, n, sum)
			}
		}
	}
}

func TestAContinuousDensityIntegratesToOne(t *testing.T) {
	for name, d := range map[string]*dimension{"a line": &lineDim, "a log scale": &logDim} {
		for _, n := range []int{0, 1, 7, 60, 600} {
			const steps = 4000
			density, sum := estimateOf(d, observations(d, n)), 0.0
			width := (d.high - d.low) / steps
			for i := range steps {
				sum += density.at(d.at(d.low+(float64(i)+0.5)*width)) * width
			}
			if sum /= math.Sqrt(2 * math.Pi); math.Abs(sum-1) > 1e-6 {
				t.Errorf("%s after %d observations: the integral is %v", name, n, sum)
			}
		}
	}
}

// A draw follows the density that judges it: χ² over the values, or over twenty equal
// parts of a continuous axis, at an error rate of one in a thousand.
func TestDrawsFollowTheirDensity(t *testing.T) {
	dims := map[string]*dimension{"a line": &lineDim, "a log scale": &logDim}
	for name, d := range discreteDims {
		dims[name] = d
	}
	for name, d := range dims {
		for _, n := range []int{0, 3, 40, 600} {
			density := estimateOf(d, observations(d, n))
			expected := partsOf(d, density)
			counts := make([]float64, len(expected))
			r := medml.Stream(1, "draws")
			const draws = 2000
			for range draws {
				x := density.draw(r)[0]
				if d.scale == continuous {
					counts[min(int((d.axis(x)-d.low)/(d.high-d.low)*20), 19)]++
				} else {
					counts[d.position(x)]++
				}
			}
			chi2 := 0.0
			for i, p := range expected {
				chi2 += (counts[i] - p*draws) * (counts[i] - p*draws) / (p * draws)
			}
			if limit := (distuv.ChiSquared{K: float64(len(counts) - 1)}).Quantile(0.999); chi2 > limit {
				t.Errorf("%s after %d observations: χ² is %.1f, above %.1f", name, n, chi2, limit)
			}
		}
	}
}

// The joint density of two finite parameters: it sums to one over their combinations, and
// the draws follow it.
func TestDrawsFollowTheJointDensity(t *testing.T) {
	for _, d := range []*dimension{&logIntDim, &stepDim, &orderedDim} {
		for _, n := range []int{0, 3, 40, 200} {
			at := points{n: n, coordinates: [][]float64{observations(d, n), observations(&wordDim, n)}}
			for i := range n {
				at.weights = append(at.weights, ageWeight(i, n))
			}
			density := newParzen([]*dimension{d, &wordDim}, at)
			const draws = 4000
			counts := make([]float64, d.n*wordDim.n)
			r := medml.Stream(1, "draws")
			for range draws {
				x := density.draw(r)
				counts[d.position(x[0])*wordDim.n+wordDim.position(x[1])]++
			}
			sum, chi2 := 0.0, 0.0
			for i, count := range counts {
				p := math.Exp(density.logAt([]float64{d.number(i / wordDim.n), float64(i % wordDim.n)}))
				sum += p
				chi2 += (count - p*draws) * (count - p*draws) / (p * draws)
			}
			if math.Abs(sum-1) > 1e-8 {
				t.Errorf("%d values after %d observations: the sum is %v", d.n, n, sum)
			}
			if limit := (distuv.ChiSquared{K: float64(len(counts) - 1)}).Quantile(0.999); chi2 > limit {
				t.Errorf("%d values after %d observations: χ² is %.1f, above %.1f", d.n, n, chi2, limit)
			}
		}
	}
}

// partsOf returns the probability of each value, or of twenty parts of the axis.
func partsOf(d *dimension, density estimated) []float64 {
	var parts []float64
	if d.scale != continuous {
		for i := range d.n {
			parts = append(parts, density.at(d.number(i)))
		}
		return parts
	}
	width := (d.high - d.low) / 4000
	for i := range 20 {
		sum := 0.0
		for j := range 200 {
			sum += density.at(d.at(d.low+(float64(200*i+j)+0.5)*width)) * width
		}
		parts = append(parts, sum/math.Sqrt(2*math.Pi))
	}
	return parts
}

// plainParzen is the density written down as Optuna's, without a thought for speed.
func plainParzen(d *dimension, observations []float64, at float64) float64 {
	n := len(observations)
	mus := append(slices.Clone(observations), (d.low+d.high)/2)
	sorted := slices.Sorted(slices.Values(observations))
	sum, total := 0.0, 0.0
	for i, mu := range mus {
		w, sigma := 1.0, d.high-d.low
		if i < n {
			w = ageWeight(i, n)
			j := slices.Index(sorted, mu)
			gap := 0.0
			if j > 0 {
				gap = mu - sorted[j-1]
			}
			if j < n-1 {
				gap = max(gap, sorted[j+1]-mu)
			}
			if n == 1 {
				gap = max(mu-d.low, d.high-mu)
			}
			sigma = min(max(gap, (d.high-d.low)/float64(min(100, n+2))), d.high-d.low)
		}
		normal := distuv.Normal{Mu: mu, Sigma: sigma}
		sum += w * normal.Prob(at) / (normal.CDF(d.high) - normal.CDF(d.low))
		total += w
	}
	return sum / total
}

func TestTheDensityIsTheOneWrittenDown(t *testing.T) {
	for n, tolerance := range map[int]float64{0: 1e-9, 1: 1e-9, 30: 1e-9, 2 * cells: 1e-9, 2*cells + 1: 0.04, 1000: 0.04} {
		xs := observations(&lineDim, n)
		density := estimateOf(&lineDim, xs)
		for i := range 40 {
			x := lineDim.low + (float64(i)+0.5)/40*(lineDim.high-lineDim.low)
			got, want := density.at(x)/math.Sqrt(2*math.Pi), plainParzen(&lineDim, xs, x)
			if math.Abs(got-want) > tolerance*want {
				t.Errorf("after %d observations at %v: %v, expected %v", n, x, got, want)
			}
		}
	}
}

func TestKernelsAreAsWideAsTheirFartherNeighbourIsFar(t *testing.T) {
	// The axis is from -1 to 3. Of four kernels none is narrower than a fifth of the axis;
	// the prior is the last, and nobody's neighbour.
	a := newNumeric(&lineDim, []float64{2.9, -0.5, 1.2}, 3, 1)
	want := []struct{ mu, sigma float64 }{{2.9, 1.7}, {-0.5, 1.7}, {1.2, 1.7}, {1, 4}}
	for i, w := range want {
		if math.Abs(a.mu[i]-w.mu) > 1e-12 || math.Abs(a.sigma[i]-w.sigma) > 1e-12 {
			t.Errorf("kernel %d is at %v ± %v, expected %v ± %v", i, a.mu[i], a.sigma[i], w.mu, w.sigma)
		}
	}
	if narrow := newNumeric(&lineDim, []float64{0.99, 0.98, 0.97}, 3, 1).sigma[0]; narrow != 4.0/5 {
		t.Errorf("a kernel close to others is %v wide, expected 0.8", narrow)
	}
	if alone := newNumeric(&lineDim, []float64{0}, 1, 1).sigma[0]; alone != 3 {
		t.Errorf("a kernel alone is %v wide, expected 3, to the farther end", alone)
	}
}

func TestOldObservationsWeighLess(t *testing.T) {
	for _, n := range []int{1, 25, 26, 27, 100} {
		for i := range n {
			w := ageWeight(i, n)
			switch {
			case i >= n-25 && w != 1:
				t.Errorf("observation %d of %d weighs %v, expected 1", i, n, w)
			case i > 0 && w < ageWeight(i-1, n), !(w > 0), w > 1:
				t.Errorf("observation %d of %d weighs %v", i, n, w)
			}
		}
	}
	if w := ageWeight(0, 100); w != 0.01 {
		t.Errorf("the first of 100 weighs %v, expected 0.01", w)
	}
}

func TestTheBestTenthIsGood(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 10: 1, 11: 2, 100: 10, 250: 25, 10_000: 25} {
		if got := goodCount(n); got != want {
			t.Errorf("of %d trials %d are good, expected %d", n, got, want)
		}
	}
}

// The three forms of a value go back and forth without a loss.
func TestFormsOfAValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom([]*dimension{&lineDim, &logDim, &intDim, &logIntDim, &stepDim, &orderedDim, &wordDim}).Draw(t, "dimension")
		x := d.uniform(medml.Stream(rapid.Uint64().Draw(t, "seed"), "value"))
		v := d.value(x)
		back, err := d.internal(v)
		if err != nil || back != x || d.nearest(x) != x {
			t.Fatalf("%v is %v, and back %v, nearest %v: %v", x, v, back, d.nearest(x), err)
		}
		if at := d.at(d.axis(x)); math.Abs(at-x) > 1e-12*math.Abs(x) || d.scale != continuous && at != x {
			t.Fatalf("%v comes back from its coordinate as %v", x, at)
		}
		if d.scale != discrete {
			return
		}
		if from, to := d.cell(x); d.at(from+1e-9) != x || d.at(to-1e-9) != x {
			t.Fatalf("the cell of %v is from %v to %v", x, from, to)
		}
	})
}
