package trainer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"
)

// table makes a CSV of n rows with 6 features; the target's column is made by label.
func table(n int, label func(x []float64) string) string {
	rng := medml.Stream(1, "test table")
	var b strings.Builder
	b.WriteString("a,b,c,d,e,f,y\n")
	for range n {
		x := make([]float64, 6)
		for j := range x {
			x[j] = 2*rng.Float64() - 1
			fmt.Fprintf(&b, "%.6f,", x[j])
		}
		b.WriteString(label(x) + "\n")
	}
	return b.String()
}

func twoClasses(x []float64) string {
	if x[0]+x[1]*x[2] > 0 {
		return "ill"
	}
	return "well"
}

func threeClasses(x []float64) string {
	switch {
	case x[0] > 0.3:
		return "c"
	case x[1] > 0:
		return "b"
	}
	return "a"
}

func number(x []float64) string { return fmt.Sprintf("%.6f", 100+10*x[0]-5*x[1]) }

// setup makes a trainer of 3 folds.
func setup(t testing.TB, task dataset.Task, csv, metricName string, epochs int) *trainer.Trainer {
	t.Helper()
	return configured(t, task, csv, metricName, epochs, func(*trainer.Config) {})
}

// configured makes one with a configuration that is changed first.
func configured(t testing.TB, task dataset.Task, csv, metricName string, epochs int, change func(*trainer.Config)) *trainer.Trainer {
	t.Helper()
	d, folds, c := data(t, task, csv)
	m, err := metric.Lookup(metricName)
	if err != nil {
		t.Fatal(err)
	}
	tc := trainer.Config{Seed: 9, Task: task, Metric: m, Metrics: []metric.Metric{m}, Epochs: epochs}
	if task == dataset.Regression {
		mae, _ := metric.Lookup("mae")
		tc.Metrics = append(tc.Metrics, mae)
	}
	change(&tc)
	tr, err := trainer.New(tc, d, folds, c.Preprocess)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// data reads a table and splits it in 3 folds.
func data(t testing.TB, task dataset.Task, csv string) (*dataset.Dataset, []dataset.Fold, dataset.Config) {
	t.Helper()
	c := dataset.Config{Source: "test.csv", Target: "y", Shape: []int{3, 2}}
	if strings.Contains(csv, "ill") {
		c.Positive = "ill"
	}
	c.Split.Folds = 3
	c = c.Resolved(task)
	d, err := dataset.Read("test.csv", strings.NewReader(csv), c, task)
	if err != nil {
		t.Fatal(err)
	}
	splits, err := d.Split(c.Split, medml.Stream(5, "split"))
	if err != nil {
		t.Fatal(err)
	}
	return d, splits.Folds, c
}

func forFolds(t testing.TB, d *dataset.Dataset, folds []dataset.Fold, c dataset.Config, task dataset.Task, metricName string, epochs int) *trainer.Trainer {
	t.Helper()
	m, err := metric.Lookup(metricName)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := trainer.New(trainer.Config{Seed: 9, Task: task, Metric: m, Metrics: []metric.Metric{m}, Epochs: epochs}, d, folds, c.Preprocess)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// trial makes a trial of an architecture with settings given as name, value pairs.
func trial(n int, architecture string, settings ...any) medml.Trial {
	ps := medml.Params{{Name: "architecture", Value: medml.StringValue(architecture)}}
	for i := 0; i < len(settings); i += 2 {
		v, _ := trainer.ValueOf(settings[i+1])
		ps = append(ps, medml.Setting{Name: settings[i].(string), Value: v})
	}
	return medml.Trial{Number: n, Params: ps}
}

var ignore = medml.ReportFunc(func(int, medml.Epoch) error { return nil })

func train(t testing.TB, tr *trainer.Trainer, of medml.Trial) medml.Result {
	t.Helper()
	r, err := tr.Objective(context.Background(), of, ignore)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// trials are one of each architecture, with options away from the defaults.
var trials = []medml.Trial{
	trial(0, "cnn", "architecture.cnn.filters", 8, "dropout", 0.2, "batch_size", 16, "class_weight", "balanced"),
	trial(1, "lstm", "architecture.lstm.hidden", 6, "architecture.lstm.cell", "gru", "optimizer", "rmsprop", "schedule", "step"),
	trial(2, "autoencoder", "architecture.autoencoder.latent", 4, "architecture.autoencoder.hidden", 16, "optimizer", "sgd", "schedule", "plateau", "learning_rate", 0.05),
	trial(3, "cnn", "architecture.cnn.batch_norm", true, "warmup", 0.2, "label_smoothing", 0.1, "focal_gamma", 2.0),
}
