package metric_test

import (
	"math"
	"os"
	"strconv"
	"testing"

	"medml/metric"
)

func TestObuchowskiAgreesWithItsDefinition(t *testing.T) {
	cases := readReportFixtures(t).Clustered
	if len(cases) != 6 {
		t.Fatalf("%d fixtures", len(cases))
	}
	for _, c := range cases {
		a := metric.Predictions{Scores: c.First, Classes: 2, Labels: c.Labels}
		b := metric.Predictions{Scores: c.Second, Classes: 2, Labels: c.Labels}
		area, variance := metric.Obuchowski(c.First, c.Labels, c.Patients)
		near(t, c.Name, area, c.Areas[0], 1e-13)
		near(t, c.Name, variance, c.Variance, 1e-13)
		got := metric.DeLongTest(a, b, c.Patients)
		nearAll(t, c.Name, []float64{got.A, got.B, got.Low, got.High, got.P}, append(c.Areas, c.Low, c.High, c.P), 1e-11)
		if want := map[bool]string{true: "delong", false: "obuchowski"}[c.Name == "one row a patient"]; got.Method != want {
			t.Errorf("%s by %q", c.Name, got.Method)
		}
	}
}

// Of one row a patient both are the same, with no factor of n/(n-1) between them.
func TestObuchowskiOfOneRowAPatientIsDeLong(t *testing.T) {
	for seed := range uint64(20) {
		p := draw(stream(seed), 2, 7+int(seed)*9)
		patients := stream(seed).Perm(len(p.Labels))
		area, variance := metric.DeLong(p.Scores, p.Labels)
		again, clustered := metric.Obuchowski(p.Scores, p.Labels, patients)
		if area != again || math.Abs(variance-clustered) > 1e-12*variance {
			t.Errorf("%v ± %v, as patients %v ± %v", area, variance, again, clustered)
		}
	}
}

// Rows written twice tell nothing new, and a model's variance doesn't hang on the order of
// the rows or on how patients are numbered.
func TestObuchowskiKnowsRepeatedRows(t *testing.T) {
	p := draw(stream(3), 2, 60)
	_, once := metric.DeLong(p.Scores, p.Labels)
	var scores []float64
	var labels []int32
	var patients []int
	for range 3 {
		for _, i := range stream(4).Perm(60) {
			scores, labels, patients = append(scores, p.Scores[i]), append(labels, p.Labels[i]), append(patients, -7*i)
		}
	}
	_, thrice := metric.Obuchowski(scores, labels, patients)
	near(t, "variance", thrice, once, 1e-13)
}

func TestTheAreaOfSeveralRowsAPatientHasObuchowskisInterval(t *testing.T) {
	for _, c := range readReportFixtures(t).Clustered {
		if c.Name == "one row a patient" {
			continue // DeLong's
		}
		p := metric.Predictions{Scores: c.First, Classes: 2, Labels: c.Labels}
		for _, e := range metric.Evaluate([]metric.Metric{lookup(t, "auroc"), lookup(t, "auroc@class=1")}, p, metric.Options{Groups: c.Patients}) {
			nearAll(t, c.Name+" "+e.Metric, []float64{e.Low, e.High}, c.Interval, 1e-11)
			if e.Method != "obuchowski" || e.Value != c.Areas[0] && math.Abs(e.Value-c.Areas[0]) > 1e-13 {
				t.Errorf("%+v", e)
			}
		}
	}
}

func TestObuchowskiSaysWhatCannotBeHad(t *testing.T) {
	labels := []int32{1, 1, 0, 0}
	a := metric.Predictions{Classes: 2, Labels: labels, Scores: []float64{.9, .3, .4, .1}}
	b := metric.Predictions{Classes: 2, Labels: labels, Scores: []float64{.3, .9, .1, .4}}
	if area, variance := metric.Obuchowski(a.Scores, labels, []int{1, 1, 2, 3}); area != 0.75 || variance == variance {
		t.Errorf("%v ± %v of one patient with positives", area, variance)
	}
	if area, variance := metric.Obuchowski(nil, nil, nil); area == area || variance == variance {
		t.Errorf("%v ± %v of nothing", area, variance)
	}
	if c := metric.DeLongTest(a, b, []int{1, 1, 2, 3}); c.Undefined != "fewer than two patients with an example of a class" || c.P == c.P {
		t.Errorf("%+v", c)
	}
	if c := metric.DeLongTest(a, a, []int{1, 2, 1, 2}); c.Undefined != "the two order every pair alike" || c.Difference != 0 {
		t.Errorf("%+v", c)
	}
}

// Of 100 intervals of the difference of two models 95 are to hold the truth, where patients
// have several rows. The long form asks for 95 ± 2 in 2,000 studies.
func TestClusteredComparisonsCoverTheTruth(t *testing.T) {
	const truth = 0.0570 // of 400,000 patients
	studies, slack := 150, 0.05
	long, _ := strconv.Atoi(os.Getenv("MEDML_LONG"))
	if long > 0 {
		studies, slack = max(2000, long), 0.02
	}
	rng := stream(12)
	draw := func(patients int) (a, b metric.Predictions, groups []int) {
		a.Classes, b.Classes = 2, 2
		for i := range patients {
			own, other := gauss(rng), gauss(rng)
			for row := range 1 + i%5 {
				label := int32((i + row) % 2)
				shared := 0.7*own + 0.5*gauss(rng)
				a.Labels, groups = append(a.Labels, label), append(groups, i)
				a.Scores = append(a.Scores, float64(label)+shared)
				b.Scores = append(b.Scores, 0.7*float64(label)+0.6*shared+0.5*other+0.3*gauss(rng))
			}
		}
		b.Labels = a.Labels
		return a, b, groups
	}
	if long > 0 {
		near(t, "difference of everybody", metric.DeLongTest(draw(400_000)).Difference, truth, 0.0005)
	}
	held := 0
	for range studies {
		if c := metric.DeLongTest(draw(80)); c.Low <= truth && truth <= c.High {
			held++
		}
	}
	share := float64(held) / float64(studies)
	t.Logf("the difference is held by %.4f of %d", share, studies)
	if math.Abs(share-0.95) > slack {
		t.Errorf("the interval holds the truth in %.4f of %d studies", share, studies)
	}
}
