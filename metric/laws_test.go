package metric_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"medml/metric"

	"pgregory.net/rapid"
)

// These laws hold for every metric in the table, a new one too.

// names are all metrics, those with a setting at more than one.
func names() []string {
	return append(metric.Names(""), "sensitivity@class=0", "npv@class=0", "auroc@class=0", "f1@class=0", "sensitivity@specificity=1", "specificity@sensitivity=0.5", "fbeta@beta=0.5", "ece@bins=3")
}

// classesFor are the numbers of classes that a metric is tried with.
func classesFor(m metric.Metric) []int {
	switch {
	case m.Task != metric.Classification:
		return []int{0}
	case m.Binary:
		return []int{2}
	}
	return []int{2, 3, 5}
}

// draw returns predictions with ties for n examples, every class among them.
func draw(rng *rand.Rand, classes, n int) metric.Predictions {
	p := metric.Predictions{Classes: classes}
	for i := range n {
		switch classes {
		case 0:
			p.Scores = append(p.Scores, float64(rng.IntN(40)))
			p.Targets = append(p.Targets, float64(rng.IntN(40)))
			continue
		case 2:
			p.Scores = append(p.Scores, float64(rng.IntN(17))/16)
		default:
			row := make([]float64, classes)
			for range 16 {
				row[rng.IntN(classes)] += 1.0 / 16
			}
			p.Scores = append(p.Scores, row...)
		}
		label := i
		if i >= classes {
			label = rng.IntN(classes)
		}
		p.Labels = append(p.Labels, int32(label))
	}
	return p
}

// dressed returns p, n examples drawn for the metric's number of classes, with what the
// metric needs beside.
func dressed(m metric.Metric, p metric.Predictions) metric.Predictions {
	switch m.Name {
	case "mape":
		for i := range p.Targets {
			p.Targets[i]++ // none is 0
		}
	case "mase":
		for i := range p.Targets {
			p.Scale = append(p.Scale, 1+float64(i%3))
		}
	case "pinball", "crps", "interval_coverage":
		p.Quantiles = []float64{0.1, 0.5, 0.9}
		middle := p.Scores
		p.Scores = nil
		for i, s := range middle {
			p.Scores = append(p.Scores, s-float64(i%4), s, s+float64(i%5))
		}
	case "ssim":
		p.Image, p.Width = metric.Image{Height: 11, Width: 12, Range: 40}, 2*11*12
		scores, targets := p.Scores, p.Targets
		p.Scores, p.Targets = nil, nil
		for i := range 3 * p.Width {
			p.Scores = append(p.Scores, scores[(i*i+i/7)%len(scores)])
			p.Targets = append(p.Targets, targets[(i*i+i/7)%len(targets)])
		}
	}
	return p
}

// perfect returns p with the scores that its truth would give.
func perfect(p metric.Predictions) metric.Predictions {
	switch p.Classes {
	case 0:
		p.Scores = nil
		for _, y := range p.Targets {
			for range max(1, len(p.Quantiles)) {
				p.Scores = append(p.Scores, y)
			}
		}
		return p
	case 2:
		p.Scores = make([]float64, len(p.Labels))
		for i, l := range p.Labels {
			p.Scores[i] = float64(l)
		}
		return p
	}
	p.Scores = make([]float64, len(p.Labels)*p.Classes)
	for i, l := range p.Labels {
		p.Scores[i*p.Classes+int(l)] = 1
	}
	return p
}

func forEach(t *testing.T, check func(t *testing.T, m metric.Metric, p metric.Predictions, rng *rand.Rand)) {
	for _, name := range names() {
		m := lookup(t, name)
		t.Run(name, func(t *testing.T) {
			for _, classes := range classesFor(m) {
				rng := rand.New(rand.NewPCG(7, uint64(classes)))
				for range 20 {
					check(t, m, dressed(m, draw(rng, classes, 12+rng.IntN(60))), rng)
				}
			}
		})
	}
}

func TestPerfectPredictionsReachTheBestValue(t *testing.T) {
	forEach(t, func(t *testing.T, m metric.Metric, p metric.Predictions, _ *rand.Rand) {
		best := m.Low
		if m.Higher {
			best = m.High
		}
		if got := m.Compute(perfect(p)); math.Abs(got-best) > 1e-15 {
			t.Fatalf("perfect predictions give %v, best is %v", got, best)
		}
		if got := m.Compute(p); m.Better(got, m.Compute(perfect(p))) {
			t.Fatalf("%v is better than perfect", got)
		}
	})
}

func TestValuesStayWithinTheBounds(t *testing.T) {
	forEach(t, func(t *testing.T, m metric.Metric, p metric.Predictions, _ *rand.Rand) {
		if got := m.Compute(p); got < m.Low || got > m.High {
			t.Fatalf("%v is outside [%v, %v]", got, m.Low, m.High)
		}
		if m.Interval == nil {
			return
		}
		low, high := m.Interval(p)
		if got := m.Compute(p); p.Classes == 2 && !(low <= got && got <= high && low >= m.Low && high <= m.High) {
			t.Fatalf("%v has the interval %v to %v", got, low, high)
		}
	})
}

func TestTheOrderOfExamplesDoesNotMatter(t *testing.T) {
	forEach(t, func(t *testing.T, m metric.Metric, p metric.Predictions, rng *rand.Rand) {
		rows := max(len(p.Labels), len(p.Targets)/max(1, p.Width))
		q := p
		q.Scores, q.Labels, q.Targets, q.Scale = nil, nil, nil, nil
		for _, i := range rng.Perm(rows) {
			width := len(p.Scores) / rows
			q.Scores = append(q.Scores, p.Scores[i*width:(i+1)*width]...)
			width = len(p.Targets) / rows
			q.Targets = append(q.Targets, p.Targets[i*width:(i+1)*width]...)
			if p.Classes > 0 {
				q.Labels = append(q.Labels, p.Labels[i])
			}
			if p.Scale != nil {
				q.Scale = append(q.Scale, p.Scale[i])
			}
		}
		if a, b := m.Compute(p), m.Compute(q); math.Abs(a-b) > 1e-14 {
			t.Fatalf("%v, and %v in another order", a, b)
		}
	})
}

func TestNothingToJudgeIsNaN(t *testing.T) {
	forEach(t, func(t *testing.T, m metric.Metric, p metric.Predictions, rng *rand.Rand) {
		if got := m.Compute(metric.Predictions{Classes: p.Classes}); got == got {
			t.Fatalf("no examples give %v", got)
		}
		p.Scores[rng.IntN(len(p.Scores))] = math.NaN()
		if got := m.Compute(p); got == got {
			t.Fatalf("a NaN among the scores gives %v", got)
		}
		if m.Interval == nil {
			return
		}
		if low, high := m.Interval(p); low == low || high == high {
			t.Fatalf("a NaN among the scores gives the interval %v to %v", low, high)
		}
	})
}

func TestASingleClassIsNaNWhereClassesAreCompared(t *testing.T) {
	defined := map[string]bool{"accuracy": true, "brier": true, "log_loss": true, "ece": true, "ece@bins=15": true, "ece@bins=3": true}
	forEach(t, func(t *testing.T, m metric.Metric, p metric.Predictions, rng *rand.Rand) {
		if p.Classes == 0 {
			return
		}
		only := int32(rng.IntN(p.Classes))
		for i := range p.Labels {
			p.Labels[i] = only
		}
		if got := m.Compute(p); (got == got) != defined[m.Name] {
			t.Fatalf("class %d alone gives %v", only, got)
		}
	})
}

func TestAConstantTargetIsNaNForACorrelation(t *testing.T) {
	p := metric.Predictions{Scores: []float64{1, 2, 3}, Targets: []float64{5, 5, 5}}
	for _, name := range []string{"r2", "pearson", "spearman"} {
		if got := lookup(t, name).Compute(p); got == got {
			t.Errorf("%s = %v", name, got)
		}
	}
	p = metric.Predictions{Scores: p.Targets, Targets: p.Scores}
	for _, name := range []string{"pearson", "spearman"} {
		if got := lookup(t, name).Compute(p); got == got {
			t.Errorf("%s of constant predictions = %v", name, got)
		}
	}
}

func TestRankMetricsSeeOnlyTheOrderOfTheScores(t *testing.T) {
	stretch := func(s float64) float64 { return s*s*s/2 + s/4 }
	for _, name := range []string{"auroc", "auroc_ovo", "auprc", "sensitivity@specificity=0.95", "specificity@sensitivity=0.95"} {
		m := lookup(t, name)
		for _, classes := range classesFor(m) {
			rng := rand.New(rand.NewPCG(3, uint64(classes)))
			for range 20 {
				p := draw(rng, classes, 50)
				q := p
				q.Scores = make([]float64, len(p.Scores))
				for i, s := range p.Scores {
					q.Scores[i] = stretch(s)
				}
				if a, b := m.Compute(p), m.Compute(q); a != b {
					t.Fatalf("%s is %v, and %v of a monotone transform", name, a, b)
				}
			}
		}
	}
}

func TestTurningScoresAroundTurnsTheArea(t *testing.T) {
	auroc := lookup(t, "auroc")
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		p := draw(rng, 2, rapid.IntRange(2, 50).Draw(rt, "n"))
		q := p
		q.Scores = make([]float64, len(p.Scores))
		for i, s := range p.Scores {
			q.Scores[i] = 1 - s
		}
		if a, b := auroc.Compute(p), auroc.Compute(q); math.Abs(a+b-1) > 1e-15 {
			rt.Fatalf("%v and %v", a, b)
		}
	})
}

// With two columns of probabilities instead of one nothing new comes out of the metrics
// of many classes: a third class that is never meant makes no difference to the sums.
func TestManyClassFormsMeetTheBinaryOnes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	p := draw(rng, 2, 60)
	wide := metric.Predictions{Classes: 3, Labels: p.Labels}
	for _, s := range p.Scores {
		wide.Scores = append(wide.Scores, 1-s, s, 0)
	}
	for _, name := range []string{"brier", "log_loss"} {
		m := lookup(t, name)
		if a, b := m.Compute(p), m.Compute(wide); math.Abs(a-b) > 1e-15 {
			t.Errorf("%s of two classes %v, of three %v", name, a, b)
		}
	}
}
