package metric

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// drawn returns n rows for a metric: ties among the scores, every class at first.
func drawn(rng *rand.Rand, m Metric, classes, n int) Predictions {
	p := Predictions{Classes: classes}
	if classes > 0 {
		for i := range n {
			p.Labels = append(p.Labels, int32(i%classes))
			for range max(1, classes-1) + min(1, classes-2) {
				p.Scores = append(p.Scores, float64(rng.IntN(9))/8)
			}
		}
		return p
	}
	p.Width = 3
	if m.Name == "ssim" {
		p.Image, p.Width = Image{Height: 11, Width: 11, Range: 9}, 121
	}
	for range n * p.Width {
		x := float64(1 + rng.IntN(9))
		p.Targets = append(p.Targets, x)
		p.Scores = append(p.Scores, x+float64(rng.IntN(5)-2))
	}
	for range n {
		p.Scale = append(p.Scale, 1+rng.Float64())
	}
	if m.Name == "pinball" || m.Name == "interval_coverage" {
		p.Quantiles, p.Scores = []float64{0.25, 0.5}, append(p.Scores, p.Scores...)
	}
	if m.Name == "crps" {
		p.Spread = p.Targets
	}
	return p
}

func all(t *testing.T) (ms []Metric) {
	for _, name := range append(Names(""), "auroc@class=0", "npv@class=0") {
		m, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, m)
	}
	return ms
}

// A row that counts twice is the row written twice, and one that counts for nothing is none:
// otherwise a bootstrap isn't of the metric that it says.
func TestWeighingRowsIsRepeatingThem(t *testing.T) {
	for _, m := range all(t) {
		for _, classes := range []int{0, 2, 3, 5} {
			if (classes == 0) != (m.Task != Classification) || m.Binary && classes > 2 {
				continue
			}
			rng := rand.New(rand.NewPCG(1, uint64(classes)))
			tried := 0
			for range 30 {
				p := drawn(rng, m, classes, 25)
				weigh, w := m.over(p), make([]int32, p.rows())
				for i := range w {
					w[i] = int32(rng.IntN(4))
				}
				got, want := weigh(w), m.Compute(p.repeated(w))
				if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
					t.Fatalf("%s of %d classes: weighed %v, repeated %v", m.Name, classes, got, want)
				}
				if again := weigh(once(p.rows())); again != m.Compute(p) && m.over != nil && m.check(p) == "" && again == again {
					t.Fatalf("%s: %v after a resample, %v before", m.Name, again, m.Compute(p))
				}
				if got == got {
					tried++
				}
			}
			if tried < 10 {
				t.Errorf("%s of %d classes is defined in %d of 30", m.Name, classes, tried)
			}
		}
	}
}

// Whatever is missing, a metric is NaN exactly where it says why.
func TestAMetricIsUndefinedWhereItSaysWhy(t *testing.T) {
	reasons := map[string]bool{}
	for _, m := range all(t) {
		for _, classes := range []int{0, 2, 3} {
			if (classes == 0) != (m.Task != Classification) || m.Binary && classes > 2 {
				continue
			}
			rng := rand.New(rand.NewPCG(2, uint64(classes)))
			for range 40 {
				p := drawn(rng, m, classes, rng.IntN(4))
				switch rng.IntN(5) {
				case 0:
					if len(p.Scores) > 0 {
						p.Scores[rng.IntN(len(p.Scores))] = math.NaN()
					}
				case 1:
					for i := range p.Scores {
						p.Scores[i] = 2
					}
				case 2:
					for i := range p.Targets {
						p.Targets[i] = 0
					}
					p.Scale = make([]float64, len(p.Scale))
				case 3:
					p.Image = Image{}
					for i := range p.Labels {
						p.Labels[i] = int32(classes - 1)
					}
				}
				x, why := m.Compute(p), m.Why(p)
				if math.IsNaN(x) != (why != "") {
					t.Fatalf("%s = %v, and says %q of %+v", m.Name, x, why, p)
				}
				reasons[why] = true
			}
		}
	}
	for _, why := range []string{"no examples", notANumber, "no positive example", "no negative example", "no example of class 2",
		nobodyNegative, "a score is no probability", "a number is missing", "a target is 0",
		"the target is constant", constant, "the naive forecast makes no error in a series", "the rows are no images"} {
		if !reasons[why] {
			t.Errorf("nothing is said to be undefined because %q", why)
		}
	}
}

func TestWhyNamesTheClassesThatAMetricIsFor(t *testing.T) {
	p := Predictions{Scores: make([]float64, 9), Classes: 3, Labels: []int32{0, 1, 2}}
	if why := precision.Why(p); why != "it is for two classes, not 3" {
		t.Error(why)
	}
	m, _ := Lookup("f1@class=7")
	if why := m.Why(p); why != "there is no class 7 among 3" {
		t.Error(why)
	}
	for _, e := range Evaluate([]Metric{precision, m}, p, Options{}) {
		if e.Value == e.Value || e.Low == e.Low || !strings.Contains(e.Undefined, "class") {
			t.Errorf("%+v", e)
		}
	}
}

func TestWeighingRowsIsRepeatingThemForLinesToo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		p := drawn(rng, brier, 2, 40)
		w := make([]int32, 40)
		for i := range w {
			w[i] = int32(rng.IntN(4))
		}
		of, repeated := newRecalibrator(p), newRecalibrator(p.repeated(w))
		for name, c := range map[string]coefficient{"slope": slopeOf, "intercept": interceptOf, "in the large": largeOf} {
			got, _ := c(of, w)
			want, _ := c(repeated, nil)
			if !(math.Abs(got-want) < 1e-9) {
				t.Errorf("%s: weighed %v, repeated %v", name, got, want)
			}
		}
	}
}
