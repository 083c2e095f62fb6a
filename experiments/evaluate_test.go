package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"
)

// finishedOn is a model whose out-of-fold scores are known, of 80 examples in four folds;
// flip says whose labels are turned around.
func finishedOn(t *testing.T, flip func(row int) bool) *Finished {
	t.Helper()
	var b strings.Builder
	b.WriteString("x,y\n")
	rng := medml.Stream(5, "scores")
	o := outOfFold{}
	for row := range 80 {
		ill := row%3 == 0
		score := 0.3 + 0.4*rng.Float64()
		if ill {
			score += 0.15
		}
		o.rows, o.scores, o.folds = append(o.rows, row), append(o.scores, score), append(o.folds, row%4)
		if flip(row) {
			ill = !ill
		}
		fmt.Fprintf(&b, "%d,%s\n", row, map[bool]string{true: "ill", false: "well"}[ill])
	}
	d, err := dataset.Read("cases.csv", strings.NewReader(b.String()), dataset.Config{Source: "cases.csv", Target: "y", Positive: "ill"}, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	spec := initial()
	spec.Task = dataset.Classification
	spec.Evaluation.Threshold = metric.Rule{Kind: "youden"}
	a := &trainer.Artifact{Classes: d.Classes}
	return &Finished{
		Predictor: &Predictor{members: []predicting{{a, 1}}}, job: &Job{spec: spec, data: d}, developed: o,
	}
}

func TestAFoldIsCalibratedWithoutItsOwnLabels(t *testing.T) {
	whole, err := finishedOn(t, func(int) bool { return false }).Development()
	if err != nil {
		t.Fatal(err)
	}
	turned, err := finishedOn(t, func(row int) bool { return row%4 == 2 && row%8 < 4 }).Development()
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for i := range whole.Rows {
		same := whole.Predictions.Scores[i] == turned.Predictions.Scores[i] && whole.said[i] == turned.said[i]
		switch {
		case i%4 == 2 && !same:
			t.Errorf("example %d is judged by a calibration that its own fold's labels have changed", i)
		case i%4 != 2 && !same:
			others++
		}
	}
	if others == 0 {
		t.Error("the labels of a fold change no other fold's calibration")
	}
}

func TestVerdictsJoinAndSpeakOnce(t *testing.T) {
	v, err := finishedOn(t, func(int) bool { return false }).Development()
	if err != nil {
		t.Fatal(err)
	}
	both := Join([]Verdicts{v, v})
	if len(both.Rows) != 160 || len(both.Predictions.Scores) != 160 || len(both.said) != 160 {
		t.Fatalf("joined: %d rows", len(both.Rows))
	}
	once := Once(both)
	if !slices.Equal(once.Rows, v.Rows) || !slices.Equal(once.Predictions.Scores, v.Predictions.Scores) || !slices.Equal(once.said, v.said) ||
		!slices.Equal(once.Predictions.Labels, v.Predictions.Labels) {
		t.Error("an example that two speak for isn't taken once")
	}
}

// Where patients have several examples, two trials are compared by tests that know it.
func TestTrialsAreComparedOverPatients(t *testing.T) {
	f := finishedOn(t, func(int) bool { return false })
	other := finishedOn(t, func(int) bool { return false })
	for i := range other.developed.scores {
		other.developed.scores[i] = 1 - other.developed.scores[i]*float64(1+i%3)/4
	}
	f.job.spec.Evaluation.Draws = 200
	a, err := f.Development()
	if err != nil {
		t.Fatal(err)
	}
	b, err := other.Development()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ rows, want string }{
		{"1", "auroc by delong, accuracy by mcnemar"},
		{"2", "auroc by obuchowski, accuracy by bca bootstrap over patients"},
	} {
		a.data.Groups = make([]int, 80)
		for row := range a.data.Groups {
			a.data.Groups[row] = row
			if c.rows == "2" {
				a.data.Groups[row] = row / 2
			}
		}
		b.data.Groups = a.data.Groups
		got, err := f.job.Compare(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if said := got[0].Metric + " by " + got[0].Method + ", " + got[1].Metric + " by " + got[1].Method; !strings.HasPrefix(said, c.want) || got[0].Undefined+got[1].Undefined != "" {
			t.Errorf("%s rows a patient: %s; %+v", c.rows, said, got[:2])
		}
	}
}

// Of four outer folds each is judged by models that were trained on the three others.
func TestOuterFoldsAreJudgedEachByItself(t *testing.T) {
	m, err := metric.Lookup("brier")
	if err != nil {
		t.Fatal(err)
	}
	var parts []Verdicts
	var values []float64
	for outer := range 4 {
		p := metric.Predictions{Classes: 2}
		sum := 0.0
		for i := range 20 {
			p.Labels = append(p.Labels, int32(i%2))
			p.Scores = append(p.Scores, float64(i%2)*0.9+0.02*float64(outer))
			sum += math.Pow(p.Scores[i]-float64(i%2), 2) / 20
		}
		parts = append(parts, Verdicts{Rows: make([]int, 20), Predictions: p})
		values = append(values, sum)
	}
	f, ok := overFolds(m, parts)
	low, high := metric.MeanInterval(values, 60, 20, m)
	mean := (values[0] + values[1] + values[2] + values[3]) / 4
	for i, c := range [][2]float64{{f.Mean, mean}, {f.Low, low}, {f.High, high}, {f.Values[2], values[2]}} {
		if !(math.Abs(c[0]-c[1]) < 1e-15) {
			t.Errorf("%d: %v, want %v", i, c[0], c[1])
		}
	}
	if !ok || f.Metric != "brier" || len(f.Values) != 4 {
		t.Errorf("%+v, %v", f, ok)
	}
	area, err := metric.Lookup("auroc")
	if err != nil {
		t.Fatal(err)
	}
	parts[1].Predictions.Labels = make([]int32, 20)
	if f, ok := overFolds(area, parts); ok {
		t.Errorf("the AUROC with an outer fold of one class: %+v", f)
	}
}
