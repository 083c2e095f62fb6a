package metric_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"medml/metric"
)

// two models of the same 150 rows, the second the first with noise.
func rivals(seed uint64) (a, b metric.Predictions) {
	rng := stream(seed)
	a = metric.Predictions{Classes: 2}
	for i := range 150 {
		a.Labels = append(a.Labels, int32(i%2))
		a.Scores = append(a.Scores, min(1, max(0, 0.35+0.3*float64(i%2)+0.2*gauss(rng))))
	}
	b = a
	b.Scores = nil
	for _, s := range a.Scores {
		b.Scores = append(b.Scores, min(1, max(0, s+0.3*gauss(rng))))
	}
	return a, b
}

// DeLong's test and the bootstrap are two ways to the same interval.
func TestTheBootstrapComparesAsDeLongDoes(t *testing.T) {
	for seed := range uint64(5) {
		a, b := rivals(seed)
		exact := metric.DeLongTest(a, b, nil)
		drawn := metric.Compare(lookup(t, "auroc"), a, b, metric.Options{Rand: stream(seed), Draws: 3000})
		near(t, "difference", drawn.Difference, exact.Difference, 1e-12)
		if wide := exact.High - exact.Low; math.Abs(drawn.Low-exact.Low) > 0.12*wide || math.Abs(drawn.High-exact.High) > 0.12*wide {
			t.Errorf("%+v, DeLong has %+v", drawn, exact)
		}
		if (exact.P < 0.01) != (drawn.P < 0.02) && exact.P < 0.005 {
			t.Errorf("p %v, DeLong's %v", drawn.P, exact.P)
		}
	}
}

func TestAModelDoesNotDifferFromItself(t *testing.T) {
	a, _ := rivals(1)
	for _, c := range []metric.Comparison{
		metric.DeLongTest(a, a, nil), metric.McNemar(a, a), metric.Compare(lookup(t, "f1"), a, a, metric.Options{Rand: stream(1), Draws: 50}),
	} {
		if c.Difference != 0 || c.P < 1 || c.A != c.B {
			t.Errorf("%+v", c)
		}
		if _, err := json.Marshal(c); err != nil {
			t.Error(err)
		}
	}
	if c := metric.DeLongTest(a, a, nil); !strings.Contains(c.Undefined, "alike") {
		t.Errorf("%+v", c)
	}
}

func TestMcNemarCountsWhatOnlyOneHasRight(t *testing.T) {
	truth := []int32{1, 1, 1, 1, 0, 0, 0, 0}
	a := metric.Predictions{Classes: 2, Labels: truth, Scores: []float64{.9, .9, .9, .9, .1, .1, .1, .9}}
	b := metric.Predictions{Classes: 2, Labels: truth, Scores: []float64{.9, .1, .1, .1, .1, .1, .9, .1}}
	c := metric.McNemar(a, b) // 4 to 1 of 8
	p, method := metric.McNemarP(4, 1)
	if c.A != 7.0/8 || c.B != 4.0/8 || c.Difference != 3.0/8 || c.P != p || c.Method != method || !(c.Low < c.Difference && c.Difference < c.High) {
		t.Errorf("%+v", c)
	}
	near(t, "p", p, 12.0/32, 1e-15)
}

func TestComparisonsSayWhatCannotBeHad(t *testing.T) {
	one := metric.Predictions{Classes: 2, Scores: []float64{.1, .9}, Labels: []int32{1, 1}}
	for _, c := range []metric.Comparison{
		metric.DeLongTest(one, one, nil), metric.Compare(lookup(t, "auroc"), one, one, metric.Options{Rand: stream(1)}),
	} {
		if c.Undefined != "no negative example" || c.P == c.P {
			t.Errorf("%+v", c)
		}
	}
	pair := metric.Predictions{Classes: 2, Scores: []float64{.1, .9}, Labels: []int32{0, 1}}
	if c := metric.DeLongTest(pair, pair, nil); c.Undefined == "" || c.A != 1 {
		t.Errorf("%+v", c)
	}
	defer func() {
		if recover() == nil {
			t.Error("models of different rows are compared")
		}
	}()
	metric.McNemar(one, pair)
}

func TestSubgroupsAreJudgedOnTheirOwnRows(t *testing.T) {
	rng := stream(3)
	p := metric.Predictions{Classes: 2}
	var of, patients []int
	for i := range 400 { // the model knows nothing of site B; C has 12 rows; each tenth has none
		site := i % 2
		if i%33 == 0 {
			site = 2
		} else if i%10 == 0 {
			site = -1
		}
		label := int32(rng.IntN(2))
		signal := []float64{2, 0, 1}[max(0, site)]
		p.Labels = append(p.Labels, label)
		p.Scores = append(p.Scores, 1/(1+math.Exp(-signal*(float64(label)-0.5)-gauss(rng))))
		of, patients = append(of, site), append(patients, i/2)
	}
	ms := []metric.Metric{lookup(t, "auroc"), lookup(t, "brier")}
	names := []string{"A", "B", "C"}
	groups, gaps := metric.Subgroups(ms, p, of, names, metric.Options{Rand: stream(4), Draws: 400, Groups: patients})
	for g, group := range groups {
		part := metric.Predictions{Classes: 2}
		positives := 0
		for i, site := range of {
			if site == g {
				part.Labels, part.Scores = append(part.Labels, p.Labels[i]), append(part.Scores, p.Scores[i])
				positives += int(p.Labels[i])
			}
		}
		if group.Name != names[g] || group.N != len(part.Labels) || group.Positives != positives || (group.Small != "") != (g == 2) {
			t.Errorf("%+v", group)
		}
		for i, m := range ms {
			near(t, group.Name, group.Estimates[i].Value, m.Compute(part), 1e-12)
		}
	}
	for i, gap := range gaps {
		e := gap.Estimate
		near(t, "gap", e.Value, math.Abs(groups[0].Estimates[i].Value-groups[1].Estimates[i].Value), 1e-12)
		if gap.Best != "A" || gap.Worst != "B" || !(0 < e.Low && e.Low < e.Value && e.Value < e.High) || e.Metric != ms[i].Name || e.Undefined != "" {
			t.Errorf("%+v", gap)
		}
	}
	if !strings.HasSuffix(gaps[0].Estimate.Method, "over patients") {
		t.Errorf("patients of two rows: %q", gaps[0].Estimate.Method)
	}
}

func TestSmallSubgroupsHaveNoGaps(t *testing.T) {
	p := draw(stream(1), 2, 60)
	of := make([]int, 60)
	for i := range 5 {
		of[i] = 1
	}
	groups, gaps := metric.Subgroups([]metric.Metric{lookup(t, "auroc")}, p, of, []string{"many", "few", "none"}, metric.Options{Rand: stream(1), Draws: 20})
	if groups[1].Small == "" || groups[2].Small == "" || groups[2].N != 0 || groups[2].Estimates[0].Undefined != "no examples" {
		t.Errorf("%+v", groups)
	}
	if e := gaps[0].Estimate; e.Value == e.Value || !strings.Contains(e.Undefined, "fewer than two subgroups") {
		t.Errorf("%+v", gaps)
	}
	numbers := draw(stream(1), 0, 12)
	groups, _ = metric.Subgroups([]metric.Metric{lookup(t, "mae")}, numbers, make([]int, 12), []string{"all", "none"}, metric.Options{Rand: stream(1), Draws: 20})
	if groups[0].Small != "" || groups[1].Small != "only 0 rows" {
		t.Errorf("%+v", groups)
	}
}
