package metric

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

// SciPy's interval, from the resamples that SciPy drew and the jackknife of its samples.
func TestTheBootstrapIntervalAgreesWithSciPy(t *testing.T) {
	b, err := os.ReadFile("testdata/report_fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		BCA []struct {
			Name      string
			Samples   [][]float64
			Draws     []float64
			Low, High float64
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.BCA) != 3 {
		t.Fatalf("%d fixtures", len(f.BCA))
	}
	for i, stat := range []func(xs []float64, of, w []int32) float64{weightedMeanOf, weightedSpread, meanDifference} {
		c := f.BCA[i]
		var xs []float64
		var of []int32
		s := &sample{}
		for k, part := range c.Samples {
			var stratum []int32
			for _, x := range part {
				stratum = append(stratum, int32(len(xs)))
				s.patient = append(s.patient, int32(len(xs)))
				xs, of = append(xs, x), append(of, int32(k))
			}
			s.strata = append(s.strata, stratum)
		}
		s.patients = len(xs)
		v := func(w []int32) float64 { return stat(xs, of, w) }
		slices.Sort(c.Draws)
		d := distribution{value: v(once(len(xs))), draws: c.Draws, asked: len(c.Draws), speed: s.influences([]value{v})[0].acceleration(), wide: 1}
		low, high, method, why := d.interval()
		if math.Abs(low-c.Low) > 1e-9 || math.Abs(high-c.High) > 1e-9 || method != "bca bootstrap" || why != "" {
			t.Errorf("%s: %v to %v by %q, SciPy has %v to %v", c.Name, low, high, method, c.Low, c.High)
		}
	}
}

func weightedMeanOf(xs []float64, _, w []int32) float64 { return weightedMean(xs, w, 1) }

func weightedSpread(xs []float64, _, w []int32) float64 {
	centre, sum, n := weightedMean(xs, w, 1), 0.0, 0.0
	for i, x := range xs {
		sum += float64(w[i]) * (x - centre) * (x - centre)
		n += float64(w[i])
	}
	return math.Sqrt(sum / n)
}

func meanDifference(xs []float64, of, w []int32) float64 {
	var sum, n [2]float64
	for i, x := range xs {
		sum[of[i]] += float64(w[i]) * x
		n[of[i]] += float64(w[i])
	}
	return sum[0]/n[0] - sum[1]/n[1]
}

// Leaving blocks out says the same about the skewness as leaving out one by one, to the
// error that is stated.
func TestAccelerationByBlocksIsThatOfPatients(t *testing.T) {
	n := 20 * most
	xs := make([]float64, n)
	for i := range xs { // exponential quantiles, in an order without pattern
		xs[i] = -math.Log((float64((i*7919)%n) + 0.5) / float64(n))
	}
	s := newSample(Predictions{Scores: xs, Targets: xs}, nil)
	got := s.influences([]value{func(w []int32) float64 { return weightedMean(xs, w, 1) }})[0].acceleration()
	want := 2 / (6 * math.Sqrt(float64(n))) // skewness 2
	if math.Abs(got-want) > 4*0.4/most {
		t.Errorf("%v, want %v", got, want)
	}
	if blocks := s.blocks(most); len(blocks) != 1 || len(blocks[0]) != most {
		t.Errorf("%d blocks", len(blocks[0]))
	}
}

// The median of a symmetric distribution without acceleration: the plain percentiles.
func TestWithoutBiasAndAccelerationTheLevelsAreThePlainOnes(t *testing.T) {
	d := distribution{value: 50, asked: 101, wide: 1}
	for i := range 101 {
		d.draws = append(d.draws, float64(i))
	}
	low, high, _, _ := d.interval()
	if math.Abs(low-2.5) > 1e-12 || math.Abs(high-97.5) > 1e-12 {
		t.Errorf("%v to %v", low, high)
	}
}

// Of a single sample's mean the widening is Student's t and Bessel's correction, and of two
// strata Welch's.
func TestTheIntervalOfFewPatientsIsStudents(t *testing.T) {
	xs := []float64{1, 5, 2, 8, 4, 4, 9, 1, 3, 7}
	s := newSample(Predictions{Scores: xs, Targets: xs}, nil)
	got := s.influences([]value{func(w []int32) float64 { return weightedMean(xs, w, 1) }})[0].widening()
	if want := math.Sqrt(10.0/9) * 2.2621571628 / 1.9599639845; math.Abs(got-want) > 1e-9 {
		t.Errorf("%v, want %v", got, want)
	}
	s.stratify([]int{0, 0, 0, 0, 0, 0, 0, 1, 1, 1})
	of := []int32{0, 0, 0, 0, 0, 0, 0, 1, 1, 1}
	got = s.influences([]value{func(w []int32) float64 { return meanDifference(xs, of, w) }})[0].widening()
	// Welch: sums of squares of 360/7 over 7 values and 56/3 over 3, 3.69 degrees of freedom.
	a, b := 360.0/7/7, 56.0/3/3
	unbiased := math.Sqrt((a/6 + b/2) / (a/7 + b/3))
	if want := unbiased * 3.1824463053 / 1.9599639845; math.Abs(got-want) > 1e-9 {
		t.Errorf("%v, want %v", got, want)
	}
}
