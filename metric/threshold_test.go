package metric_test

import (
	"math"
	"strings"
	"testing"

	"medml/metric"
)

var four = metric.Predictions{Classes: 2, Scores: []float64{0.2, 0.4, 0.6, 0.8}, Labels: []int32{0, 1, 0, 1}}

func TestChooseOnPaper(t *testing.T) {
	for _, c := range []struct {
		rule metric.Rule
		want float64
	}{
		{metric.Rule{Kind: "youden"}, 0.8}, // J is 1/2 at 0.8 and at 0.4: the highest is taken
		{metric.Rule{Kind: "sensitivity", At: 1}, 0.4},
		{metric.Rule{Kind: "sensitivity", At: 0.5}, 0.8},
		{metric.Rule{Kind: "specificity", At: 1}, 0.8},
		{metric.Rule{Kind: "specificity", At: 0.5}, 0.4},
		{metric.Rule{Kind: "cost", CostFN: 10, CostFP: 1}, 0.4},
		{metric.Rule{Kind: "cost", CostFN: 1, CostFP: 10}, 0.8},
		{metric.Rule{Kind: "fixed", At: 0.3}, 0.3},
	} {
		if got, err := metric.Choose(four, c.rule); err != nil || got != c.want {
			t.Errorf("%+v: %v, %v, want %v", c.rule, got, err, c.want)
		}
	}
}

// What a rule promises holds at the threshold that it chose, and nothing is better.
func TestTheChosenThresholdKeepsThePromise(t *testing.T) {
	sensitivity, specificity := lookup(t, "sensitivity"), lookup(t, "specificity")
	for seed := range uint64(50) {
		p := draw(stream(seed), 2, 30)
		at := func(r metric.Rule) (se, sp float64) {
			threshold, err := metric.Choose(p, r)
			if err != nil {
				t.Fatal(err)
			}
			return sensitivity.Compute(p.At(threshold)), specificity.Compute(p.At(threshold))
		}
		se, sp := at(metric.Rule{Kind: "sensitivity", At: 0.8})
		if best := lookup(t, "specificity@sensitivity=0.8").Compute(p); se < 0.8 || sp != best {
			t.Errorf("sensitivity %v, specificity %v of %v", se, sp, best)
		}
		se, sp = at(metric.Rule{Kind: "specificity", At: 0.8})
		if best := lookup(t, "sensitivity@specificity=0.8").Compute(p); sp < 0.8 || se != best {
			t.Errorf("specificity %v, sensitivity %v of %v", sp, se, best)
		}
		se, sp = at(metric.Rule{Kind: "youden"})
		for _, s := range p.Scores {
			if j := sensitivity.Compute(p.At(s)) + specificity.Compute(p.At(s)); j > se+sp+1e-12 {
				t.Errorf("Youden's %v, at %v it is %v", se+sp, s, j)
			}
		}
	}
}

// Where a false alarm costs more than all that could be found, nobody is called.
func TestADearFalseAlarmCallsNobody(t *testing.T) {
	p := metric.Predictions{Classes: 2, Scores: []float64{0.9, 0.8, 1}, Labels: []int32{1, 0, 0}}
	at, err := metric.Choose(p, metric.Rule{Kind: "cost", CostFN: 1, CostFP: 100})
	if err != nil || !(at > 1) || math.IsInf(at, 0) {
		t.Fatalf("%v, %v", at, err)
	}
	op := metric.AtThreshold(p, at, metric.Options{})
	if op.Confusion[0][1]+op.Confusion[1][1] != 0 || op.Estimates[4].Metric != "precision" || op.Estimates[4].Undefined != "nobody is called positive" {
		t.Errorf("%+v", op)
	}
}

func TestChooseSaysWhatIsWrong(t *testing.T) {
	nan := math.NaN()
	three := metric.Predictions{Classes: 3, Scores: make([]float64, 9), Labels: []int32{0, 1, 2}}
	for _, c := range []struct {
		rule metric.Rule
		p    metric.Predictions
		want string
	}{
		{metric.Rule{}, four, `unknown threshold rule ""`},
		{metric.Rule{Kind: "best"}, four, "expected youden, sensitivity, specificity, cost or fixed"},
		{metric.Rule{Kind: "youden", At: 0.5}, four, "takes no at"},
		{metric.Rule{Kind: "youden", CostFN: 1}, four, "takes no costs"},
		{metric.Rule{Kind: "sensitivity"}, four, "not above 0 and at most 1"},
		{metric.Rule{Kind: "sensitivity", At: 95}, four, "not above 0 and at most 1"},
		{metric.Rule{Kind: "specificity", At: nan}, four, "not above 0 and at most 1"},
		{metric.Rule{Kind: "cost", CostFN: 1}, four, "not both positive"},
		{metric.Rule{Kind: "cost", CostFN: math.Inf(1), CostFP: 1}, four, "not both positive"},
		{metric.Rule{Kind: "fixed", At: nan}, four, "at is NaN"},
		{metric.Rule{Kind: "youden"}, three, "the most probable one is said"},
		{metric.Rule{Kind: "youden"}, metric.Predictions{Classes: 2}, "no examples"},
		{metric.Rule{Kind: "youden"}, metric.Predictions{Classes: 2, Scores: []float64{1}, Labels: []int32{1}}, "no negative example"},
		{metric.Rule{Kind: "youden"}, metric.Predictions{Classes: 2, Scores: []float64{1, nan}, Labels: []int32{1, 0}}, "a score is not a number"},
	} {
		at, err := metric.Choose(c.p, c.rule)
		if err == nil || !strings.Contains(err.Error(), c.want) || at == at {
			t.Errorf("%+v: %v, %v, want …%s…", c.rule, at, err, c.want)
		}
	}
}

func TestAnOperationOnPaper(t *testing.T) {
	op := metric.AtThreshold(four, 0.4, metric.Options{})
	want := map[string]float64{"accuracy": 0.75, "sensitivity": 1, "specificity": 0.5, "precision": 2.0 / 3, "npv": 1, "f1": 0.8, "balanced_accuracy": 0.75}
	for _, e := range op.Estimates {
		if x, has := want[e.Metric]; has {
			near(t, e.Metric, e.Value, x, 1e-15)
			delete(want, e.Metric)
		}
		if e.Metric == "precision" {
			low, high := metric.Wilson(2, 3)
			nearAll(t, "precision's interval", []float64{e.Low, e.High}, []float64{low, high}, 0)
		}
	}
	if c := op.Confusion; len(want) != 0 || *op.Threshold != 0.4 || c[0][0] != 1 || c[0][1] != 1 || c[1][0] != 0 || c[1][1] != 2 {
		t.Errorf("%+v lacks %v", op, want)
	}
}

func TestClassesAreJudgedOneByOne(t *testing.T) {
	p := draw(stream(2), 3, 90)
	classes := metric.ByClass(p, metric.Options{Rand: stream(1), Draws: 60})
	n := 0
	for c, class := range classes {
		n += class.N
		if class.Class != c || len(class.Estimates) != 7 {
			t.Fatalf("%+v", class)
		}
		for _, e := range class.Estimates {
			if e.Value != lookup(t, e.Metric).Compute(p) || !strings.HasSuffix(e.Metric, "@class="+string(rune('0'+c))) || e.Undefined != "" {
				t.Errorf("class %d: %+v", c, e)
			}
		}
	}
	if n != 90 {
		t.Errorf("%d examples", n)
	}
	op := metric.AtThreshold(p, 0.9, metric.Options{})
	near(t, "accuracy of the most probable", op.Estimates[0].Value, lookup(t, "accuracy").Compute(p), 0)
	if op.Threshold != nil || len(op.Confusion) != 3 {
		t.Errorf("%+v", op)
	}
}

// The area under the points is the metric, and they run from nobody to everybody.
func TestCurvesHoldTheirAreas(t *testing.T) {
	for seed := range uint64(20) {
		for _, classes := range []int{2, 3} {
			p := draw(stream(seed), classes, 40)
			for c := range classes {
				roc, area := metric.ROC(p, c), 0.0
				for i := 1; i < len(roc); i++ {
					area += (roc[i].FPR - roc[i-1].FPR) * (roc[i].TPR + roc[i-1].TPR) / 2
					if roc[i].Threshold >= roc[i-1].Threshold {
						t.Fatalf("thresholds rise: %v", roc)
					}
				}
				name := "@class=" + string(rune('0'+c))
				near(t, "roc", area, lookup(t, "auroc"+name).Compute(p), 1e-12)
				if first, last := roc[0], roc[len(roc)-1]; first.FPR+first.TPR != 0 || last.FPR+last.TPR != 2 {
					t.Fatalf("from %v to %v", first, last)
				}
				pr, sum, before := metric.PR(p, c), 0.0, 0.0
				for _, at := range pr {
					sum += (at.Recall - before) * at.Precision
					before = at.Recall
				}
				near(t, "pr", sum, lookup(t, "auprc"+name).Compute(p), 1e-12)
			}
		}
	}
	if p := (metric.Predictions{Classes: 2, Scores: []float64{1}, Labels: []int32{1}}); metric.ROC(p, 1) != nil || metric.PR(p, 1) != nil || metric.ROC(four, 2) != nil {
		t.Error("a curve of one class")
	}
}
