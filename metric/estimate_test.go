package metric_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"medml/metric"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func stream(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 99)) }

// Every metric has an interval around its value, by the method that it says.
func TestEveryMetricHasAnInterval(t *testing.T) {
	formula := map[string]string{"accuracy": "wilson", "sensitivity": "wilson", "npv@class=1": "wilson", "auroc": "delong", "auroc@class=1": "delong",
		"balanced_accuracy": "mover", "sensitivity_macro": "mover"}
	for _, name := range names() {
		m := lookup(t, name)
		for _, classes := range classesFor(m) {
			p := dressed(m, draw(stream(4), classes, 300))
			groups := make([]int, max(len(p.Labels), len(p.Targets)/max(1, p.Width)))
			for i := range groups {
				groups[i] = i / 2
			}
			for _, o := range []metric.Options{{Draws: 200, Rand: stream(1)}, {Draws: 200, Rand: stream(1), Groups: groups}} {
				e := metric.Evaluate([]metric.Metric{m}, p, o)[0]
				if m.Name == "ssim" && o.Groups != nil || m.Name == "sensitivity@specificity=1" {
					continue // three images; and 0 in every resample, of scores drawn blindly
				}
				if e.Undefined != "" || !(e.Low <= e.Value && e.Value <= e.High) || !(e.Low < e.High) ||
					e.Low < m.Low || e.High > m.High || e.Metric != name || e.Value != m.Compute(p) {
					t.Errorf("%s of %d classes: %+v", name, classes, e)
				}
				area := strings.HasPrefix(name, "auroc@class") || name == "auroc" && classes == 2
				if o.Groups != nil && !(area && e.Method == "obuchowski") && (area || !strings.HasSuffix(e.Method, "bootstrap over patients")) {
					t.Errorf("%s over patients by %q", name, e.Method)
				}
				if want := formula[name]; want != "" && o.Groups == nil && (name != "auroc" || classes == 2) && e.Method != want {
					t.Errorf("%s by %q, want %q", name, e.Method, want)
				}
			}
		}
	}
}

// Of one row a patient, the numbers of the patients say nothing.
func TestPatientsOfOneRowEachAreRows(t *testing.T) {
	p := draw(stream(5), 2, 80)
	groups := stream(6).Perm(80)
	ms := []metric.Metric{lookup(t, "auprc"), lookup(t, "accuracy")}
	a := metric.Evaluate(ms, p, metric.Options{Rand: stream(7), Draws: 100})
	b := metric.Evaluate(ms, p, metric.Options{Rand: stream(7), Draws: 100, Groups: groups})
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}

// Rows written twice with their patient's number twice tell nothing new: the same interval.
// Taken for patients of their own, they would look like more evidence.
func TestRepeatedRowsAreNoNewEvidence(t *testing.T) {
	p := draw(stream(8), 2, 100)
	twice := metric.Predictions{Classes: 2, Scores: append(p.Scores, p.Scores...), Labels: append(p.Labels, p.Labels...)}
	groups := make([]int, 200)
	for i := range groups {
		groups[i] = i % 100
	}
	ms := []metric.Metric{lookup(t, "auprc"), lookup(t, "brier")}
	once := metric.Evaluate(ms, p, metric.Options{Rand: stream(7), Draws: 300})
	again := metric.Evaluate(ms, twice, metric.Options{Rand: stream(7), Draws: 300, Groups: groups})
	naive := metric.Evaluate(ms, twice, metric.Options{Rand: stream(7), Draws: 300})
	for i := range ms {
		near(t, ms[i].Name, again[i].Low, once[i].Low, 1e-12)
		near(t, ms[i].Name, again[i].High, once[i].High, 1e-12)
		if naive[i].High-naive[i].Low > 0.85*(once[i].High-once[i].Low) {
			t.Errorf("%s: %v as rows, %v as patients", ms[i].Name, naive[i], once[i])
		}
	}
}

func TestMetricsShareTheirResamples(t *testing.T) {
	p := draw(stream(9), 2, 60)
	both := metric.Evaluate([]metric.Metric{lookup(t, "auprc"), lookup(t, "f1")}, p, metric.Options{Rand: stream(1), Draws: 99})
	alone := metric.Evaluate([]metric.Metric{lookup(t, "f1")}, p, metric.Options{Rand: stream(1), Draws: 99})
	if both[1] != alone[0] {
		t.Errorf("%+v, alone %+v", both[1], alone[0])
	}
}

func TestWhatCannotBeHadIsSaid(t *testing.T) {
	separated := metric.Predictions{Classes: 2, Scores: []float64{0.1, 0.2, 0.3, 0.7, 0.8, 0.9}, Labels: []int32{0, 0, 0, 1, 1, 1}}
	onePositive := metric.Predictions{Classes: 2, Scores: []float64{0.1, 0.2}, Labels: []int32{1, 1}}
	// Of eight only one is called positive: in a third of the resamples nobody is.
	rarely := metric.Predictions{Classes: 2, Scores: []float64{.9, .1, .1, .1, .1, .1, .1, .1}, Labels: []int32{1, 0, 1, 0, 1, 0, 1, 0}}
	for _, c := range []struct {
		name, metric string
		p            metric.Predictions
		o            metric.Options
		value        bool
		want         string
	}{
		{"a single class", "auroc", onePositive, metric.Options{Rand: stream(1)}, false, "no negative example"},
		{"nothing", "rmse", metric.Predictions{}, metric.Options{Rand: stream(1)}, false, "no examples"},
		{"a perfect separation", "auroc", separated, metric.Options{Rand: stream(1)}, true, "every resample has the same value"},
		{"no stream", "f1", separated, metric.Options{}, true, "no resamples were drawn"},
		{"one patient", "f1", separated, metric.Options{Rand: stream(1), Groups: make([]int, 6)}, true, "no resamples were drawn"},
		{"a rare condition", "precision", rarely, metric.Options{Rand: stream(1), Groups: []int{0, 1, 2, 3, 4, 5, 6, 6}}, true,
			"undefined in many of the resamples: too few patients"},
	} {
		e := metric.Evaluate([]metric.Metric{lookup(t, c.metric)}, c.p, c.o)[0]
		if (e.Value == e.Value) != c.value || e.Low == e.Low || e.High == e.High || e.Undefined != c.want {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}

func TestEstimatesSurviveJSON(t *testing.T) {
	p := draw(stream(3), 2, 50)
	es := metric.Evaluate([]metric.Metric{lookup(t, "auroc"), lookup(t, "auprc")}, p, metric.Options{Rand: stream(1), Draws: 50})
	es = append(es, metric.Evaluate([]metric.Metric{lookup(t, "auroc"), lookup(t, "r2")}, metric.Predictions{Classes: 2}, metric.Options{})[:1]...)
	es = append(es, metric.Estimate{Metric: "odd", Value: math.Inf(1), Low: math.Inf(-1), High: math.NaN()})
	b, err := json.Marshal(es)
	if err != nil {
		t.Fatal(err)
	}
	var back []metric.Estimate
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	es[3].Value, es[3].Low = math.NaN(), math.NaN()
	if diff := cmp.Diff(es, back, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	if want := `{"metric":"auroc","n":0,"patients":0,"undefined":"no examples"}`; !strings.Contains(string(b), want) {
		t.Errorf("%s has no %s", b, want)
	}
}

// A metric made elsewhere, of which only Compute is known, is resampled all the same.
func TestAForeignMetricIsResampledToo(t *testing.T) {
	p := draw(stream(5), 0, 60)
	mine := metric.Metric{Name: "mine", Task: metric.Regression, Low: 0, High: math.Inf(1), Compute: lookup(t, "medae").Compute}
	a := metric.Evaluate([]metric.Metric{mine}, p, metric.Options{Rand: stream(2), Draws: 100})[0]
	b := metric.Evaluate([]metric.Metric{lookup(t, "medae")}, p, metric.Options{Rand: stream(2), Draws: 100})[0]
	near(t, "low", a.Low, b.Low, 1e-12)
	near(t, "high", a.High, b.High, 1e-12)
}

// Of a model that looks calibrated better than chance allows, the test of every supposed
// error says no; the interval still holds what was seen.
func TestTheIntervalOfACalibrationErrorHoldsWhatWasSeen(t *testing.T) {
	p := metric.Predictions{Classes: 2}
	for i := range 200 {
		bin, ill := i%10, int32(0)
		if i < 20*bin+10 { // 1, 3, 5, … 19 of twenty
			ill = 1
		}
		p.Labels, p.Scores = append(p.Labels, ill), append(p.Scores, 0.06+float64(bin)/10)
	}
	e := metric.Evaluate([]metric.Metric{lookup(t, "ece@bins=10")}, p, metric.Options{Rand: stream(3)})[0]
	near(t, "ece", e.Value, 0.01, 1e-12)
	if !(e.Low <= e.Value && e.Value <= e.High) {
		t.Errorf("%v is not within %v to %v", e.Value, e.Low, e.High)
	}
	for i := range p.Scores {
		p.Scores[i] = []float64{0.25, 0.75}[i%2]
		p.Labels[i] = []int32{0, 1, 0, 1, 0, 1, 1, 0}[i%8]
	}
	e = metric.Evaluate([]metric.Metric{lookup(t, "ece@bins=10")}, p, metric.Options{Rand: stream(3)})[0]
	if e.Value != 0 || !strings.Contains(e.Undefined, "no gap") {
		t.Errorf("without a gap: %v, %s", e, e.Undefined)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	rng := stream(1)
	p := metric.Predictions{Classes: 2}
	for i := range 10000 {
		p.Labels = append(p.Labels, int32(i%5/4))
		p.Scores = append(p.Scores, rng.Float64())
	}
	var ms []metric.Metric
	for _, name := range []string{"auroc", "auprc", "balanced_accuracy", "f1", "mcc", "kappa", "brier", "log_loss", "ece", "min_se_ppv"} {
		ms = append(ms, lookup(b, name))
	}
	groups := make([]int, 10000)
	for i := range groups {
		groups[i] = i / 2
	}
	for b.Loop() {
		metric.Evaluate(ms, p, metric.Options{Rand: stream(2), Groups: groups})
	}
}

func BenchmarkRecalibrate(b *testing.B) {
	rng := stream(1)
	p := metric.Predictions{Classes: 2}
	groups := make([]int, 10000)
	for i := range groups {
		p.Labels = append(p.Labels, int32(i%5/4))
		p.Scores = append(p.Scores, rng.Float64())
		groups[i] = i / 2
	}
	for b.Loop() {
		metric.Recalibrate(p, metric.Options{Rand: stream(2), Groups: groups})
	}
}
