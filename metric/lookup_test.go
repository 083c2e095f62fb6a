package metric_test

import (
	"math"
	"strings"
	"testing"

	"medml/metric"
)

func TestLookupReadsSettings(t *testing.T) {
	for in, want := range map[string]string{
		"sensitivity@specificity=0.95":  "sensitivity@specificity=0.95",
		"sensitivity@specificity=0.950": "sensitivity@specificity=0.95",
		"specificity@sensitivity=1":     "specificity@sensitivity=1",
		"fbeta@beta=0.5":                "fbeta@beta=0.5",
		"ece@bins=20":                   "ece@bins=20",
	} {
		if m := lookup(t, in); m.Name != want {
			t.Errorf("Lookup(%q) is %q, want %q", in, m.Name, want)
		}
	}
}

func TestLookupErrorsHelp(t *testing.T) {
	for name, want := range map[string]string{
		"aurok":                          `unknown metric "aurok"; did you mean auroc`,
		"recall":                         `unknown metric "recall"; did you mean sensitivity?`,
		"AUC":                            `unknown metric "AUC"; did you mean auroc?`,
		"mean_squared_error":             `unknown metric "mean_squared_error"; did you mean mse?`,
		"sensitivity@class":              `did you mean sensitivity@class=1?`,
		"f1@class=1.5":                   `"1.5" is not the number of a class, from 0 to 9999`,
		"auroc@class=-0":                 `"-0" is not the number of a class, from 0 to 9999`,
		"sensitivity@specificity":        `did you mean sensitivity@specificity=0.95?`,
		"sensitivity@specificity=":       `"" is not above 0 and at most 1`,
		"sensitivity@specificity=95":     `"95" is not above 0 and at most 1`,
		"sensitivity@specificity=0.9x":   `"0.9x" is not above 0 and at most 1`,
		"specificity@sensitivity=NaN":    `"NaN" is not above 0 and at most 1`,
		"sensitivty@specificity=0.95":    `did you mean sensitivity@specificity=0.95`,
		"fbeta@beta=-1":                  `"-1" is not a positive number`,
		"ece@bins=2.5":                   `"2.5" is not a whole number from 2 to 1000`,
		"auroc=0.5":                      `unknown metric "auroc=0.5"; did you mean auroc`,
		"":                               `unknown metric ""`,
		"the loss that my paper defines": `unknown metric "the loss that my paper defines"`,
	} {
		_, err := metric.Lookup(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Lookup(%q): %v, want …%s…", name, err, want)
		}
	}
}

func TestAMetricFitsItsTaskOnly(t *testing.T) {
	for _, c := range []struct {
		metric  string
		task    metric.Task
		classes int
		want    string // "" where it fits
	}{
		{"auroc", metric.Classification, 0, ""},
		{"auroc", metric.Classification, 7, ""},
		{"sensitivity", metric.Classification, 0, ""},
		{"sensitivity", metric.Classification, 2, ""},
		{"rmse", metric.Regression, 0, ""},
		{"rmse", metric.Classification, 2, "metric rmse is for a regression, not a classification; for that there are accuracy, auprc"},
		{"auroc", metric.Regression, 0, "metric auroc is for a classification, not a regression; for that there are mae, mape, medae, mse, pearson, r2, rmse, smape, spearman"},
		{"sensitivity", metric.Classification, 3, "metric sensitivity is for two classes, not 3; for that there are accuracy, auprc, auprc@class=1, auroc"},
		{"sensitivity@class=2", metric.Classification, 3, ""},
		{"sensitivity@class=2", metric.Classification, 0, ""},
		{"sensitivity@class=3", metric.Classification, 3, "metric sensitivity@class=3 is of class 3, and the last of 3 is 2"},
		{"mae", metric.Forecasting, 0, ""},
		{"mse", metric.Reconstruction, 0, ""},
		{"ssim", metric.Reconstruction, 0, ""},
		{"mase", metric.Reconstruction, 0, "metric mase is for a forecasting, not a reconstruction; for that there are mae"},
		{"auroc", metric.Anomaly, 2, ""},
		{"rmse", metric.Anomaly, 2, "metric rmse is for a regression, not an anomaly; for that there are accuracy"},
	} {
		err := lookup(t, c.metric).Fits(c.task, c.classes)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s of %d classes: %v", c.metric, c.classes, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%s of %d classes: %v, want %s…", c.metric, c.classes, err, c.want)
		}
	}
}

func TestNaNIsNeverBetter(t *testing.T) {
	nan := math.NaN()
	for _, name := range []string{"auroc", "rmse"} {
		m := lookup(t, name)
		if m.Better(nan, 0.5) || m.Better(nan, nan) || !m.Better(0.5, nan) || m.Better(0.5, 0.5) {
			t.Errorf("%s takes NaN for better", name)
		}
		if m.Better(0.9, 0.1) != m.Higher || m.Better(0.1, 0.9) == m.Higher {
			t.Errorf("%s has its direction wrong", name)
		}
	}
}

func TestPredictionsThatDoNotFitTogetherPanic(t *testing.T) {
	for name, c := range map[string]struct {
		metric string
		p      metric.Predictions
	}{
		"more scores than labels":           {"auroc", metric.Predictions{Scores: []float64{1, 2}, Classes: 2, Labels: []int32{1}}},
		"a class too many":                  {"auroc", metric.Predictions{Scores: []float64{1}, Classes: 2, Labels: []int32{2}}},
		"a single column for three classes": {"accuracy", metric.Predictions{Scores: []float64{1}, Classes: 3, Labels: []int32{2}}},
		"labels for a regression":           {"rmse", metric.Predictions{Scores: []float64{1}, Classes: 2, Labels: []int32{1}}},
		"targets for a classification":      {"auroc", metric.Predictions{Scores: []float64{1}, Targets: []float64{1}}},
		"three classes for two":             {"precision", metric.Predictions{Scores: make([]float64, 9), Classes: 3, Labels: []int32{0, 1, 2}}},
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.HasPrefix(r.(string), "metric: ") {
					t.Errorf("%s: %v", name, r)
				}
			}()
			lookup(t, c.metric).Compute(c.p)
		}()
	}
}

func FuzzLookup(f *testing.F) {
	for _, name := range metric.Names("") {
		f.Add(name)
	}
	f.Add("sensitivity@specificity=1e-400")
	f.Add("fbeta@beta=0x1p4")
	f.Add("ece@bins=999999999999999999999")
	f.Fuzz(func(t *testing.T, name string) {
		m, err := metric.Lookup(name)
		if err != nil {
			if m.Compute != nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("Lookup(%q): %v", name, err)
			}
			return
		}
		again, err := metric.Lookup(m.Name)
		if err != nil || again.Name != m.Name {
			t.Fatalf("Lookup(%q) is called %q, which is %q, %v", name, m.Name, again.Name, err)
		}
		p := metric.Predictions{Scores: []float64{0.2, 0.8}, Classes: 2, Labels: []int32{0, 1}}
		if m.Task != metric.Classification {
			p = metric.Predictions{Scores: []float64{1, 2}, Targets: []float64{1, 3}}
		}
		if x := m.Compute(p); x < m.Low || x > m.High {
			t.Fatalf("%s = %v", m.Name, x)
		}
	})
}
