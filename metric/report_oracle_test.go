package metric_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"medml/metric"
)

// reportFixtures is testdata/report_fixtures.json, which testdata/report_fixtures.py writes.
type reportFixtures struct {
	DeLong []struct {
		Name                   string
		Labels                 []int32
		First, Second, Areas   []float64
		Variance, Low, High, P float64
	}
	Clustered []struct {
		Name                   string
		Patients               []int
		Labels                 []int32
		First, Second, Areas   []float64
		Interval               []float64
		Variance, Low, High, P float64
	}
	Balanced []struct {
		Right, Of [2]int // of the negatives, of the positives
		Low, High float64
	}
	McNemar []struct {
		B, C   int
		P      float64
		Method string
	}
	Calibration []struct {
		Name                    string
		Scores                  []float64
		Labels                  []int32
		Platt, Grid, Isotonic   []float64
		Temperature, NLL, Large float64
		Line                    []float64
		LineCI                  []float64 `json:"line_ci"`
		LargeCI                 []float64 `json:"large_ci"`
		CurveObserved           []float64 `json:"curve_observed"`
		CurveSaid               []float64 `json:"curve_said"`
	}
	Thresholds []struct {
		Name     string
		Scores   []float64
		Labels   []int32
		Best     map[string]*float64
		FPR, TPR []float64
		AreaPR   float64 `json:"area_pr_trapezoid"`
	}
	Forecast struct {
		Horizon                                            int
		Series                                             [][]float64
		Targets, Mean, Spread, Quantiles, Predicted, Scale []float64
		Seasonal                                           []float64
		MASE, Pinball                                      float64
		CRPSQuantiles                                      float64   `json:"crps_quantiles"`
		CRPSNormal                                         float64   `json:"crps_normal"`
		Coverage                                           float64   `json:"interval_coverage"`
		MAE                                                []float64 `json:"mae_by_horizon"`
		RMSE                                               []float64 `json:"rmse_by_horizon"`
	}
	ManyClasses struct {
		Scores                       []float64
		Labels                       []int32
		Platt, Isotonic, Temperature []float64
	} `json:"many_classes"`
	SSIM []struct {
		Name          string
		Height, Width int
		First, Second []float64
		Range, Want   float64
	}
}

func readReportFixtures(t *testing.T) (f reportFixtures) {
	t.Helper()
	b, err := os.ReadFile("testdata/report_fixtures.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// near reports a value that is off by more than within, relatively above 1.
func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.15g, want %.15g", what, got, want)
	}
}

func nearAll(t *testing.T, what string, got, want []float64, within float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range got {
		near(t, what, got[i], want[i], within)
	}
}

func TestDeLongTestAgreesWithMidranks(t *testing.T) {
	for _, c := range readReportFixtures(t).DeLong {
		a := metric.Predictions{Scores: c.First, Classes: 2, Labels: c.Labels}
		b := metric.Predictions{Scores: c.Second, Classes: 2, Labels: c.Labels}
		got := metric.DeLongTest(a, b, nil)
		nearAll(t, c.Name, []float64{got.A, got.B, got.Low, got.High, got.P}, append(c.Areas, c.Low, c.High, c.P), 1e-12)
		_, variance := metric.DeLong(c.First, c.Labels)
		near(t, c.Name, variance, c.Variance, 1e-13)
		back := metric.DeLongTest(b, a, nil)
		nearAll(t, c.Name, []float64{back.Difference, back.P}, []float64{-got.Difference, got.P}, 1e-15)
	}
}

// The example of pROC (Robin et al. 2011, BMC Bioinformatics 12:77): 113 patients with a
// subarachnoid haemorrhage. Its documentation prints area and interval of S100β, 0.7314
// (0.6301–0.8326), and the paired test of WFNS against it, Z = 2.209, p = 0.02718.
func TestDeLongReproducesThePublishedExample(t *testing.T) {
	b, err := os.ReadFile("testdata/asah.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Outcome     []int32
		WFNS, S100B []float64
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	s100b := metric.Predictions{Scores: f.S100B, Classes: 2, Labels: f.Outcome}
	wfns := metric.Predictions{Scores: f.WFNS, Classes: 2, Labels: f.Outcome}
	e := metric.Evaluate([]metric.Metric{lookup(t, "auroc")}, s100b, metric.Options{})[0]
	near(t, "area", e.Value, 0.7314, 5e-5)
	near(t, "low", e.Low, 0.6301, 5e-5)
	near(t, "high", e.High, 0.8326, 5e-5)
	got := metric.DeLongTest(wfns, s100b, nil)
	near(t, "area of WFNS", got.A, 0.8236789, 5e-8)
	near(t, "p", got.P, 0.02718, 5e-6)
	if e.Method != "delong" || got.Method != "delong" {
		t.Errorf("methods %q and %q", e.Method, got.Method)
	}
}

func TestMcNemarAgreesWithStatsmodels(t *testing.T) {
	for _, c := range readReportFixtures(t).McNemar {
		p, method := metric.McNemarP(c.B, c.C)
		near(t, method, p, c.P, 1e-12)
		if method != c.Method {
			t.Errorf("%d and %d: %s, want %s", c.B, c.C, method, c.Method)
		}
	}
}

func TestCalibrationsAgreeWithTheirPeers(t *testing.T) {
	for _, c := range readReportFixtures(t).Calibration {
		t.Run(c.Name, func(t *testing.T) {
			platt, err := metric.FitPlatt(c.Scores, c.Labels, 2)
			if err != nil {
				t.Fatal(err)
			}
			nearAll(t, "Platt's line", []float64{platt.Intercept[0], platt.Slope[0]}, c.Platt, 1e-9)
			iso, err := metric.FitIsotonic(c.Scores, c.Labels, 2)
			if err != nil {
				t.Fatal(err)
			}
			nearAll(t, "isotonic", iso.Apply(c.Grid), c.Isotonic, 1e-12)
			warm, err := metric.FitTemperature(c.Scores, c.Labels, 2)
			if err != nil {
				t.Fatal(err)
			}
			// SciPy finds the least loss by comparing losses, so to half the digits.
			near(t, "temperature", math.Log(warm.T), math.Log(c.Temperature), 1e-6)
			q := metric.Predictions{Scores: warm.Apply(c.Scores), Classes: 2, Labels: c.Labels}
			if got := lookup(t, "log_loss").Compute(q); got > c.NLL+1e-12 || got < c.NLL-1e-8 {
				t.Errorf("log loss %.15g at the temperature, SciPy has %.15g", got, c.NLL)
			}
		})
	}
}

func TestCalibrationsOfManyClassesAgreeWithTheirPeers(t *testing.T) {
	c := readReportFixtures(t).ManyClasses
	p := metric.Predictions{Scores: c.Scores, Classes: 3, Labels: c.Labels}
	for how, want := range map[string][]float64{"platt": c.Platt, "isotonic": c.Isotonic, "temperature": c.Temperature} {
		nearAll(t, how, calibrate(t, how, p).Apply(c.Scores), want, 1e-9)
	}
}

func TestRecalibrationAgreesWithStatsmodels(t *testing.T) {
	for _, c := range readReportFixtures(t).Calibration {
		p := metric.Predictions{Scores: c.Scores, Classes: 2, Labels: c.Labels}
		got := metric.Recalibrate(p, metric.Options{})
		s, i, l := got.Slope, got.Intercept, got.InTheLarge
		nearAll(t, c.Name, []float64{i.Value, s.Value, l.Value}, append(c.Line, c.Large), 1e-9)
		nearAll(t, c.Name, []float64{i.Low, i.High, s.Low, s.High, l.Low, l.High}, append(c.LineCI, c.LargeCI...), 1e-7)
	}
}

func TestCalibrationCurvesAgreeWithScikitLearn(t *testing.T) {
	for _, c := range readReportFixtures(t).Calibration {
		p := metric.Predictions{Scores: c.Scores, Classes: 2, Labels: c.Labels}
		bins, err := metric.CalibrationCurve(p, 5, true, metric.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var said, observed []float64
		for _, b := range bins {
			said, observed = append(said, b.Said), append(observed, b.Observed)
			if !(b.Low <= b.Observed && b.Observed <= b.High && b.From <= b.Said && b.Said <= b.To) {
				t.Errorf("%s: %+v", c.Name, b)
			}
		}
		nearAll(t, c.Name, said, c.CurveSaid, 1e-12)
		nearAll(t, c.Name, observed, c.CurveObserved, 1e-12)
	}
}

func TestThresholdsAgreeWithScikitLearn(t *testing.T) {
	rules := map[string]metric.Rule{
		"youden": {Kind: "youden"}, "sensitivity": {Kind: "sensitivity", At: 0.8},
		"specificity": {Kind: "specificity", At: 0.8}, "cost": {Kind: "cost", CostFN: 5, CostFP: 2},
	}
	for _, c := range readReportFixtures(t).Thresholds {
		p := metric.Predictions{Scores: c.Scores, Classes: 2, Labels: c.Labels}
		for kind, rule := range rules {
			got, err := metric.Choose(p, rule)
			if err != nil {
				t.Fatal(err)
			}
			if want := c.Best[kind]; want == nil && got <= maxOf(c.Scores) || want != nil && got != *want {
				t.Errorf("%s, %s: %v, want %v", c.Name, kind, got, want)
			}
		}
		var fpr, tpr []float64
		for _, at := range metric.ROC(p, 1) {
			fpr, tpr = append(fpr, at.FPR), append(tpr, at.TPR)
		}
		nearAll(t, c.Name, fpr, c.FPR, 1e-15)
		nearAll(t, c.Name, tpr, c.TPR, 1e-15)
	}
}

func maxOf(xs []float64) float64 {
	highest := math.Inf(-1)
	for _, x := range xs {
		highest = max(highest, x)
	}
	return highest
}

func TestForecastsAgreeWithTheirDefinitions(t *testing.T) {
	f := readReportFixtures(t).Forecast
	var scale, seasonal []float64
	for _, s := range f.Series {
		scale = append(scale, metric.NaiveScale(s, 1))
		seasonal = append(seasonal, metric.NaiveScale(s, 4))
	}
	nearAll(t, "naive scale", scale, f.Scale, 1e-13)
	nearAll(t, "seasonal scale", seasonal, f.Seasonal, 1e-13)
	point := metric.Predictions{Scores: f.Mean, Targets: f.Targets, Width: f.Horizon, Scale: scale, Spread: f.Spread}
	fan := metric.Predictions{Scores: f.Predicted, Targets: f.Targets, Width: f.Horizon, Quantiles: f.Quantiles}
	near(t, "mase", lookup(t, "mase").Compute(point), f.MASE, 1e-12)
	near(t, "crps of a normal", lookup(t, "crps").Compute(point), f.CRPSNormal, 1e-9)
	near(t, "crps of quantiles", lookup(t, "crps").Compute(fan), f.CRPSQuantiles, 1e-12)
	near(t, "pinball", lookup(t, "pinball").Compute(fan), f.Pinball, 1e-12)
	near(t, "coverage", lookup(t, "interval_coverage").Compute(fan), f.Coverage, 1e-12)
	ms := []metric.Metric{lookup(t, "mae"), lookup(t, "rmse")}
	for h, e := range metric.ByHorizon(ms, point, metric.Options{}) {
		near(t, "mae by horizon", e[0].Value, f.MAE[h], 1e-12)
		near(t, "rmse by horizon", e[1].Value, f.RMSE[h], 1e-12)
	}
	middle := lookup(t, "mae").Compute(fan) // the median of those quantiles is the mean
	near(t, "mae of the median", middle, lookup(t, "mae").Compute(point), 1e-12)
}

func TestSSIMAgreesWithScikitImage(t *testing.T) {
	ssim := lookup(t, "ssim")
	for _, c := range readReportFixtures(t).SSIM {
		form := metric.Image{Height: c.Height, Width: c.Width, Range: c.Range}
		near(t, c.Name, metric.SSIM(c.First, c.Second, form), c.Want, 1e-12)
		p := metric.Predictions{Scores: c.First, Targets: c.Second, Width: len(c.First), Image: form}
		near(t, c.Name+" in the table", ssim.Compute(p), c.Want, 1e-12)
	}
}

func TestTheIntervalOfBalancedAccuracyIsNewcombes(t *testing.T) {
	cases := readReportFixtures(t).Balanced
	if len(cases) == 0 {
		t.Fatal("no fixtures")
	}
	for _, c := range cases {
		p := metric.Predictions{Classes: 2}
		for class := range c.Of {
			for i := range c.Of[class] {
				said := float64(class)
				if i >= c.Right[class] {
					said = 1 - said
				}
				p.Labels, p.Scores = append(p.Labels, int32(class)), append(p.Scores, said)
			}
		}
		for _, e := range metric.Evaluate([]metric.Metric{lookup(t, "balanced_accuracy"), lookup(t, "sensitivity_macro")}, p, metric.Options{}) {
			nearAll(t, e.Metric, []float64{e.Low, e.High}, []float64{c.Low, c.High}, 1e-12)
			if e.Method != "mover" {
				t.Errorf("%+v", e)
			}
		}
	}
}
