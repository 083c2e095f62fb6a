package trainer_test

import (
	"fmt"
	"strings"
	"testing"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"
)

// pictures makes a trainer on random images of a side, and signals one on random signals of
// so many steps, in one fold.
func pictures(t testing.TB, side int) *trainer.Trainer { return random(t, side, side, 1) }
func signals(t testing.TB, steps int) *trainer.Trainer { return random(t, steps, 1) }

func random(t testing.TB, shape ...int) *trainer.Trainer {
	t.Helper()
	features := 1
	for _, side := range shape {
		features *= side
	}
	const n = 96
	rng := medml.Stream(1, "pictures")
	var b strings.Builder
	for j := range features {
		fmt.Fprintf(&b, "p%d,", j)
	}
	b.WriteString("y\n")
	for i := range n {
		for range features {
			fmt.Fprintf(&b, "%.3f,", rng.Float64())
		}
		b.WriteString([]string{"ill\n", "well\n"}[i%2])
	}
	c := dataset.Config{Source: "test.csv", Target: "y", Positive: "ill", Shape: shape}.Resolved(dataset.Classification)
	d, err := dataset.Read("test.csv", strings.NewReader(b.String()), c, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	var fold dataset.Fold
	for i := range n {
		if i < 64 {
			fold.Train = append(fold.Train, i)
		} else {
			fold.Valid = append(fold.Valid, i)
		}
	}
	m, err := metric.Lookup("auroc")
	if err != nil {
		t.Fatal(err)
	}
	tr, err := trainer.New(trainer.Config{Seed: 9, Task: dataset.Classification, Metric: m, Epochs: 1}, d, []dataset.Fold{fold}, c.Preprocess)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// BenchmarkImages is a step on 32 images, on one thread: what an augmentation costs of a
// small network's, and what residual networks take.
func BenchmarkImages(b *testing.B) {
	turn := []any{"flip", "both", "rotate", 15.0, "shift", 0.1}
	small := []any{"architecture.cnn.filters", 16}
	residual := []any{"architecture.cnn.residual", true, "architecture.cnn.batch_norm", true, "architecture.cnn.pooling", "average",
		"architecture.cnn.filters", 16, "architecture.cnn.depth", 3}
	for _, of := range []struct {
		name     string
		side     int
		settings []any
	}{
		{"small 28", 28, small},
		{"small 28, turned", 28, append(turn, small...)},
		{"small 28, turned and bent", 28, append([]any{"elastic", 0.05}, append(turn, small...)...)},
		{"small 28, jitter", 28, append([]any{"jitter", 0.1}, small...)},
		{"small 28, mixup", 28, append([]any{"mixup", 0.2}, small...)},
		{"residual 28", 28, residual},
		{"residual 64", 64, residual},
		{"residual 28, 32 filters, 2 blocks", 28, append([]any{"architecture.cnn.blocks", 2}, append(residual, "architecture.cnn.filters", 32)...)},
		{"residual 64, stem of stride 2", 64, append([]any{"architecture.cnn.stem_stride", 2}, residual...)},
	} {
		tr := pictures(b, of.side)
		step, err := tr.Steps(trial(0, "cnn", of.settings...), newQuiet(b))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(of.name, func(b *testing.B) {
			for b.Loop() {
				if err := step(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(32*float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}

// BenchmarkSignals is a step of InceptionTime on 32 signals of 96 steps, on one thread.
func BenchmarkSignals(b *testing.B) {
	tr := signals(b, 96)
	step, err := tr.Steps(trial(0, "inception", "architecture.inception.filters", 16), newQuiet(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := step(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(32*float64(b.N)/b.Elapsed().Seconds(), "signals/s")
}
