package metric_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"medml/internal/elementary"
	"medml/metric"
)

func calibrate(t *testing.T, name string, p metric.Predictions) metric.Calibration {
	t.Helper()
	c, err := metric.Calibrate(name, p)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c
}

// Whatever the scores, what comes out are probabilities: tied, constant, separated,
// contrary, 0 and 1.
func TestCalibratedScoresAreProbabilities(t *testing.T) {
	cases := map[string]metric.Predictions{
		"tied":          draw(stream(1), 2, 40),
		"three":         draw(stream(1), 3, 40),
		"five":          draw(stream(2), 5, 60),
		"constant":      {Classes: 2, Scores: []float64{.3, .3, .3}, Labels: []int32{0, 1, 0}},
		"separated":     perfect(draw(stream(3), 2, 30)),
		"contrary":      {Classes: 2, Scores: []float64{1, 1, 0, 0}, Labels: []int32{0, 0, 1, 1}},
		"sure of three": perfect(draw(stream(3), 3, 30)),
		"one of each":   {Classes: 2, Scores: []float64{.2, .4}, Labels: []int32{0, 1}},
	}
	for name, p := range cases {
		for _, how := range metric.Calibrators() {
			c := calibrate(t, how, p)
			scores := slices.Clone(p.Scores)
			out := c.Apply(scores)
			if !slices.Equal(scores, p.Scores) || len(out) != len(scores) {
				t.Fatalf("%s of %s changed its input", how, name)
			}
			for i, x := range out {
				if !(x >= 0 && x <= 1) {
					t.Errorf("%s of %s: %v of %v", how, name, x, p.Scores[i])
				}
			}
			if p.Classes > 2 {
				for from := 0; from < len(out); from += p.Classes {
					sum := 0.0
					for _, x := range out[from : from+p.Classes] {
						sum += x
					}
					near(t, how+" of "+name+": a row's sum", sum, 1, 1e-12)
				}
			}
			b, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			var back metric.Calibration
			if err := json.Unmarshal(b, &back); err != nil {
				t.Fatal(err)
			}
			if err := back.Validate(p.Classes); err != nil {
				t.Errorf("%s of %s: %v", how, name, err)
			}
			if !slices.Equal(back.Apply(scores), out) {
				t.Errorf("%s of %s is another after JSON: %s", how, name, b)
			}
		}
	}
}

// On what it was fitted on no calibration is worse than none by its own measure, and the
// isotonic one is calibrated wholly.
func TestCalibrationsImproveWhatTheyAreFittedOn(t *testing.T) {
	for seed := range uint64(20) {
		for _, classes := range []int{2, 4} {
			p := draw(stream(seed), classes, 80)
			for i, s := range p.Scores {
				p.Scores[i] = 0.02 + 0.9*s
			}
			for from := 0; classes > 2 && from < len(p.Scores); from += classes {
				sum := 0.0
				for _, s := range p.Scores[from : from+classes] {
					sum += s
				}
				for c := range classes {
					p.Scores[from+c] /= sum
				}
			}
			loss := func(how string) float64 {
				q := p
				q.Scores = calibrate(t, how, p).Apply(p.Scores)
				return lookup(t, "log_loss").Compute(q)
			}
			if warm, plain := loss("temperature"), loss("none"); warm > plain+1e-12 {
				t.Errorf("log loss %v at the temperature, %v without", warm, plain)
			}
			// No other temperature does better, the loss being convex in its inverse.
			best := calibrate(t, "temperature", p).Temperature
			for _, times := range []float64{0.999, 1.001} {
				q, other := p, *best
				other.T *= times
				q.Scores = other.Apply(p.Scores)
				if x := lookup(t, "log_loss").Compute(q); best.T > 0.011 && best.T < 99 && x < loss("temperature") {
					t.Errorf("log loss %v at the temperature %v, %v at %v", loss("temperature"), best.T, x, other.T)
				}
			}
			if classes > 2 {
				continue
			}
			q := p
			q.Scores = calibrate(t, "isotonic", p).Apply(p.Scores)
			bins, err := metric.CalibrationCurve(q, 200, false, metric.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range bins {
				near(t, "isotonic: said against observed", b.Said, b.Observed, 1e-9)
			}
		}
	}
}

func TestCalibrationsKeepTheOrder(t *testing.T) {
	p := draw(stream(5), 2, 200)
	for i := range p.Labels { // labels that go with the scores, so that Platt's slope is positive
		p.Labels[i] = int32(min(1, int(p.Scores[i]+float64(i%3)/3)))
	}
	grid := []float64{0, 1e-9, 0.1, 0.2, 0.5, 0.7, 0.9999, 1}
	for _, how := range metric.Calibrators() {
		if out := calibrate(t, how, p).Apply(grid); !slices.IsSorted(out) {
			t.Errorf("%s: %v", how, out)
		}
	}
	three := draw(stream(5), 3, 60)
	q := three
	q.Scores = calibrate(t, "temperature", three).Apply(three.Scores)
	for i := range three.Labels {
		a, b := three.Scores[3*i:3*i+3], q.Scores[3*i:3*i+3]
		if a[slices.Index(b, slices.Max(b))] < slices.Max(a)-1e-12 {
			t.Fatalf("the most probable of %v isn't that of %v", a, b)
		}
	}
}

// Log odds that were made twice too large are found out, to the noise of 40,000 cases.
func TestOverconfidenceIsFoundOut(t *testing.T) {
	rng := stream(8)
	p := metric.Predictions{Classes: 2}
	for range 40000 {
		odds := gauss(rng)
		label := int32(0)
		if rng.Float64() < elementary.Sigmoid(odds) {
			label = 1
		}
		p.Labels = append(p.Labels, label)
		p.Scores = append(p.Scores, elementary.Sigmoid(2*odds+1))
	}
	platt := calibrate(t, "platt", p).Platt
	near(t, "Platt's slope", platt.Slope[0], 0.5, 0.02)
	near(t, "Platt's intercept", platt.Intercept[0], -0.5, 0.03)
	cox := metric.Recalibrate(p, metric.Options{})
	near(t, "slope", cox.Slope.Value, 0.5, 0.02)
	if !(cox.Slope.Low < 0.5 && 0.5 < cox.Slope.High && cox.InTheLarge.High < 0) || cox.Slope.Method != "wald" {
		t.Errorf("%+v", cox)
	}
	for i := range p.Scores {
		p.Scores[i] = elementary.Sigmoid((math.Log(p.Scores[i]/(1-p.Scores[i])) - 1))
	}
	near(t, "temperature", calibrate(t, "temperature", p).Temperature.T, 2, 0.05)
}

func TestTemperatureStaysWithinItsBounds(t *testing.T) {
	separated := metric.Predictions{Classes: 2, Scores: []float64{.4, .45, .6, .7}, Labels: []int32{0, 0, 1, 1}}
	near(t, "of a separation", calibrate(t, "temperature", separated).Temperature.T, 0.01, 1e-12)
	separated.Labels = []int32{1, 1, 0, 0}
	near(t, "of the contrary", calibrate(t, "temperature", separated).Temperature.T, 100, 1e-9)
}

func TestCalibrateSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		how  string
		p    metric.Predictions
		want string
	}{
		{"spline", four, `unknown calibration "spline"`},
		{"platt", metric.Predictions{Classes: 2}, "no examples"},
		{"platt", metric.Predictions{Classes: 2, Scores: []float64{3, 1}, Labels: []int32{1, 0}}, "a score is no probability"},
		{"temperature", metric.Predictions{Classes: 2, Scores: []float64{math.NaN(), 1}, Labels: []int32{1, 0}}, "not a number"},
		{"isotonic", metric.Predictions{Classes: 2, Scores: []float64{.1, 1}, Labels: []int32{1, 1}}, "no negative example"},
	} {
		got, err := metric.Calibrate(c.how, c.p)
		if err == nil || !strings.Contains(err.Error(), c.want) || got != (metric.Calibration{}) {
			t.Errorf("%s: %v, want …%s…", c.how, err, c.want)
		}
	}
}

func TestASeparationHasNoCalibrationSlope(t *testing.T) {
	p := metric.Predictions{Classes: 2, Scores: []float64{.1, .2, .8, .9}, Labels: []int32{0, 0, 1, 1}}
	got := metric.Recalibrate(p, metric.Options{})
	if got.Slope.Value == got.Slope.Value || !strings.Contains(got.Slope.Undefined, "separate") {
		t.Errorf("%+v", got.Slope)
	}
	near(t, "in the large", got.InTheLarge.Value, 0, 1e-9) // by symmetry
	p.Scores = []float64{.5, .5, .5, .5}
	if got := metric.Recalibrate(p, metric.Options{}); got.Slope.Value == got.Slope.Value {
		t.Errorf("all alike: %+v", got.Slope)
	}
}

func TestTheCalibrationErrorIsTheCurves(t *testing.T) {
	for _, classes := range []int{2, 3} {
		p := draw(stream(6), classes, 70)
		bins, err := metric.CalibrationCurve(p, 15, false, metric.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sum, n := 0.0, 0
		for _, b := range bins {
			sum += float64(b.N) * math.Abs(b.Said-b.Observed)
			n += b.N
		}
		near(t, "ece", sum/70, lookup(t, "ece@bins=15").Compute(p), 1e-12)
		if n != 70 {
			t.Errorf("%d examples in the bins", n)
		}
	}
	groups := make([]int, 70)
	bins, err := metric.CalibrationCurve(draw(stream(6), 2, 70), 4, true, metric.Options{Groups: groups})
	if err != nil || bins[0].Low == bins[0].Low {
		t.Errorf("an interval of rows that are all one patient's: %+v, %v", bins, err)
	}
	if _, err := json.Marshal(bins); err != nil {
		t.Error(err)
	}
	if _, err := metric.CalibrationCurve(four, 1, false, metric.Options{}); err == nil {
		t.Error("a single bin is no curve")
	}
}

// Acting on everybody who scores anything is acting on all; Vickers & Elkin's formula on
// paper at 0.5: 1 true and 1 false positive of 4.
func TestNetBenefitOnPaper(t *testing.T) {
	curve, err := metric.DecisionCurve(four, []float64{0.1, 0.5}, metric.Options{Rand: stream(1), Draws: 50})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "all act at 0.1", curve[0].Model.Value, curve[0].All, 1e-15)
	near(t, "everybody", curve[0].All, 0.5-0.5/9, 1e-15)
	near(t, "at 0.5", curve[1].Model.Value, 0, 1e-15)
	for _, bad := range []float64{0, 1, math.NaN()} {
		if _, err := metric.DecisionCurve(four, []float64{bad}, metric.Options{}); err == nil {
			t.Errorf("threshold %v", bad)
		}
	}
}

// What was read from a file and found valid can be applied, and makes probabilities.
func FuzzCalibration(f *testing.F) {
	for _, p := range []metric.Predictions{draw(stream(1), 2, 30), draw(stream(1), 3, 30)} {
		for _, how := range metric.Calibrators() {
			c, err := metric.Calibrate(how, p)
			if err != nil {
				f.Fatal(err)
			}
			b, _ := json.Marshal(c)
			f.Add(string(b))
		}
	}
	f.Add(`{"temperature":{"t":0,"classes":2}}`)
	f.Add(`{"platt":{"slope":[1],"intercept":[]}}`)
	f.Add(`{"isotonic":{"x":[[]],"y":[[]]}}`)
	f.Add(`{"isotonic":{"x":[[0.1,0.1]],"y":[[0.2,0.1]]}}`)
	f.Add(`{"temperature":{"t":1,"classes":2},"platt":{"slope":[1],"intercept":[0]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var c metric.Calibration
		if json.Unmarshal([]byte(text), &c) != nil {
			return
		}
		for classes, scores := range map[int][]float64{2: {0, 0.3, 1}, 3: {0, 0, 1, 0.2, 0.3, 0.5}} {
			if c.Validate(classes) != nil {
				continue
			}
			for _, x := range c.Apply(scores) {
				if !(x >= 0 && x <= 1) {
					t.Fatalf("%s makes %v", text, x)
				}
			}
		}
	})
}

func TestBadCalibrationsAreFound(t *testing.T) {
	for _, text := range []string{
		`{"temperature":{"t":0,"classes":2}}`, `{"temperature":{"t":1,"classes":3}}`, `{"platt":{"slope":[1],"intercept":[]}}`,
		`{"platt":{"slope":[1,1],"intercept":[0,0]}}`, `{"isotonic":{"x":[[]],"y":[[]]}}`, `{"isotonic":{"x":[[0,0]],"y":[[0,1]]}}`,
		`{"isotonic":{"x":[[0,1]],"y":[[0.5,0.4]]}}`, `{"isotonic":{"x":[[0,1]],"y":[[0,1.5]]}}`, `{"isotonic":{"x":[],"y":[]}}`,
		`{"temperature":{"t":1,"classes":2},"platt":{"slope":[1],"intercept":[0]}}`,
	} {
		var c metric.Calibration
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		if c.Validate(2) == nil {
			t.Errorf("%s is valid", text)
		}
	}
}
