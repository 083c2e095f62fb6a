package trainer_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"

	"github.com/google/go-cmp/cmp"
)

func TestATrialGivesTheSameBitsAgainAndOnOtherWorkers(t *testing.T) {
	tr := setup(t, dataset.Classification, table(120, twoClasses), "auroc", 3)
	want := make([]medml.Result, len(trials))
	for i, of := range trials {
		want[i] = train(t, tr, of)
	}
	for i := range want {
		for j := range i {
			if want[i].Weights == want[j].Weights {
				t.Errorf("trials %d and %d have the same weights", i, j)
			}
		}
	}
	var wg sync.WaitGroup
	for range 3 {
		for i, of := range trials {
			wg.Go(func() {
				got, err := tr.Objective(context.Background(), of, ignore)
				if err != nil {
					t.Error(err)
				}
				if d := cmp.Diff(want[i], got); d != "" {
					t.Errorf("trial %d differs on another worker:\n%s", i, d)
				}
			})
		}
	}
	wg.Wait()
}

func TestTrainingLearns(t *testing.T) {
	for _, c := range []struct {
		task   dataset.Task
		csv    string
		metric string
		good   func(v float64) bool
	}{
		{dataset.Classification, table(240, twoClasses), "auroc", func(v float64) bool { return v > 0.93 }},
		{dataset.Classification, table(240, threeClasses), "accuracy", func(v float64) bool { return v > 0.85 }},
		{dataset.Regression, table(240, number), "r2", func(v float64) bool { return v > 0.9 }},
		{dataset.Regression, table(240, number), "rmse", func(v float64) bool { return v < 2 }}, // of a deviation of 6.5
	} {
		tr := setup(t, c.task, c.csv, c.metric, 25)
		for _, a := range trainer.Architectures() {
			r := train(t, tr, trial(0, a, "learning_rate", 0.01, "batch_size", 16))
			if !c.good(r.Value) {
				t.Errorf("%s by %s: %s is %v", c.task, a, c.metric, r.Value)
			}
			if !(r.Low <= r.Value && r.Value <= r.High) || len(r.Runs) != 3 || r.WeightCount == 0 {
				t.Errorf("%s by %s: %v in [%v, %v] of %d runs and %d weights", c.task, a, r.Value, r.Low, r.High, len(r.Runs), r.WeightCount)
			}
		}
	}
}

func TestWhatIsValidatedOnIsNotTrainedOn(t *testing.T) {
	const n = 60
	c := dataset.Config{Source: "test.csv", Target: "y", Positive: "ill"}.Resolved(dataset.Classification)
	fold := []dataset.Fold{{}}
	for i := range n {
		if i%3 == 0 {
			fold[0].Valid = append(fold[0].Valid, i)
		} else {
			fold[0].Train = append(fold[0].Train, i)
		}
	}
	weights := func(csv string) string {
		d, err := dataset.Read("test.csv", strings.NewReader(csv), c, dataset.Classification)
		if err != nil {
			t.Fatal(err)
		}
		return train(t, forFolds(t, d, fold, c, dataset.Classification, "auroc", 2), trials[0]).Weights
	}
	csv := table(n, twoClasses)
	lines := strings.Split(csv, "\n")
	change := func(row int) string {
		changed := append([]string(nil), lines...)
		if strings.HasSuffix(changed[row+1], "ill") {
			changed[row+1] = "5,5,5,5,5,5,well"
		} else {
			changed[row+1] = "-5,5,-5,5,-5,5,ill"
		}
		return strings.Join(changed, "\n")
	}
	want := weights(csv)
	if weights(change(3)) != want {
		t.Error("changing a validation row changed the trained weights")
	}
	if weights(change(4)) == want {
		t.Error("changing a training row did not change the trained weights")
	}
}

func TestEpochsAreReportedInOrderAndAggregated(t *testing.T) {
	tr := setup(t, dataset.Classification, table(90, twoClasses), "auroc", 2)
	var steps []int
	var folds []int
	var reports []float64
	r, err := tr.Objective(context.Background(), trials[0], medml.ReportFunc(func(fold int, e medml.Epoch) error {
		steps, folds, reports = append(steps, e.Step), append(folds, fold), append(reports, e.Report)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int{1, 2, 3, 4, 5, 6}, steps); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{0, 0, 1, 1, 2, 2}, folds); d != "" {
		t.Error(d)
	}
	if got, want := reports[5], r.Value; got != want {
		t.Errorf("the last report is %v, the trial's value %v", got, want)
	}
	if got, want := reports[2], (r.Runs[0].Value+r.Runs[1].Epochs[0].Value)/2; math.Abs(got-want) > 1e-15 {
		t.Errorf("the first report of the second fold is %v, want the mean of both folds %v", got, want)
	}
}

func TestAPrunedOrStoppedTrialKeepsWhatItHas(t *testing.T) {
	tr := setup(t, dataset.Classification, table(90, twoClasses), "auroc", 3)
	n := 0
	r, err := tr.Objective(context.Background(), trials[0], medml.ReportFunc(func(int, medml.Epoch) error {
		if n++; n == 5 {
			return medml.ErrPruned
		}
		return nil
	}))
	if !errors.Is(err, medml.ErrPruned) || len(r.Runs) != 2 || len(r.Runs[1].Epochs) != 2 {
		t.Errorf("pruned at epoch 5: %v with %d runs", err, len(r.Runs))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := tr.Objective(ctx, trials[0], ignore); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled training returned %v", err)
	}
}

func TestStoppingTakesNoTime(t *testing.T) {
	tr := setup(t, dataset.Classification, table(240, twoClasses), "auroc", 1_000_000)
	ctx, cancel := context.WithCancel(context.Background())
	var at time.Time
	_, err := tr.Objective(ctx, trials[1], medml.ReportFunc(func(int, medml.Epoch) error {
		if at.IsZero() {
			at = time.Now()
			cancel()
		}
		return nil
	}))
	if took := time.Since(at); !errors.Is(err, context.Canceled) || took > time.Second {
		t.Errorf("returned %v %v after being stopped", err, took)
	}
}

func TestDivergenceIsNamed(t *testing.T) {
	tr := setup(t, dataset.Regression, table(90, number), "rmse", 50)
	_, err := tr.Objective(context.Background(),
		trial(0, "autoencoder", "optimizer", "sgd", "learning_rate", 10.0, "clip_norm", 0.0, "schedule", "constant"), ignore)
	if !errors.Is(err, medml.ErrDiverged) || !strings.Contains(err.Error(), "fold 1") {
		t.Errorf("got %v", err)
	}
}

func TestAggregatesJudgeTheFolds(t *testing.T) {
	csv := table(90, twoClasses)
	base := train(t, setup(t, dataset.Classification, csv, "auroc", 2), trials[0])
	var values []float64
	for _, r := range base.Runs {
		values = append(values, r.Value)
	}
	mean := (values[0] + values[1] + values[2]) / 3
	sd := math.Sqrt((math.Pow(values[0]-mean, 2) + math.Pow(values[1]-mean, 2) + math.Pow(values[2]-mean, 2)) / 2)
	lo, hi := min(values[0], values[1], values[2]), max(values[0], values[1], values[2])
	for name, want := range map[string]float64{
		"mean": mean, "min": lo, "mean-std": mean - sd, "median": values[0] + values[1] + values[2] - lo - hi,
	} {
		c := dataset.Config{Source: "test.csv", Target: "y", Positive: "ill", Shape: []int{3, 2}}
		c.Split.Folds = 3
		c = c.Resolved(dataset.Classification)
		d, err := dataset.Read("test.csv", strings.NewReader(csv), c, dataset.Classification)
		if err != nil {
			t.Fatal(err)
		}
		splits, err := d.Split(c.Split, medml.Stream(5, "split"))
		if err != nil {
			t.Fatal(err)
		}
		m, _ := metric.Lookup("auroc")
		tr, err := trainer.New(trainer.Config{Seed: 9, Task: dataset.Classification, Metric: m, Epochs: 2, Aggregate: name}, d, splits.Folds, c.Preprocess)
		if err != nil {
			t.Fatal(err)
		}
		r := train(t, tr, trials[0])
		if math.Abs(r.Value-want) > 1e-12 {
			t.Errorf("%s of %v is %v, want %v", name, values, r.Value, want)
		}
		if name != "mean" && !math.IsNaN(r.Low) {
			t.Errorf("%s has an interval, which is the mean's", name)
		}
	}
}

func TestHyperparametersAreDescribed(t *testing.T) {
	all := trainer.Hyperparameters()
	for _, a := range trainer.Architectures() {
		all = append(all, trainer.ArchitectureHyperparameters(a)...)
	}
	for _, h := range all {
		p := medml.Param{Kind: h.Kind, Low: h.Low, High: h.High}
		switch {
		case h.Bool:
			p.Choices = []medml.Value{medml.BoolValue(false), medml.BoolValue(true)}
		case h.Kind == medml.Categorical:
			for _, c := range h.Choices {
				p.Choices = append(p.Choices, medml.StringValue(c))
			}
		}
		if !p.Contains(h.Default) || h.Doc == "" {
			t.Errorf("%s: default %v is not legal, or it has no doc", h.Name, h.Default)
		}
	}
	if trainer.ArchitectureHyperparameters("transformer") != nil {
		t.Error("an unknown architecture has hyperparameters")
	}
}

func ExampleTrainer_Objective() {
	csv := table(120, twoClasses)
	c := dataset.Config{Source: "patients.csv", Target: "y", Positive: "ill"}.Resolved(dataset.Classification)
	d, err := dataset.Read("patients.csv", strings.NewReader(csv), c, dataset.Classification)
	if err != nil {
		panic(err)
	}
	splits, err := d.Split(c.Split, medml.Stream(11, "split"))
	if err != nil {
		panic(err)
	}
	auroc, _ := metric.Lookup("auroc")
	tr, err := trainer.New(trainer.Config{Seed: 42, Task: dataset.Classification, Metric: auroc, Epochs: 20}, d, splits.Folds, c.Preprocess)
	if err != nil {
		panic(err)
	}
	r, err := tr.Objective(context.Background(), trial(0, "autoencoder", "learning_rate", 0.01),
		medml.ReportFunc(func(fold int, e medml.Epoch) error { return nil }))
	if err != nil {
		panic(err)
	}
	fmt.Println(len(r.Runs), "folds, better than chance:", r.Value > 0.5)
	// Output: 5 folds, better than chance: true
}
