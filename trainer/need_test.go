package trainer_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"medml"
	"medml/dataset"
	"medml/trainer"
)

// architectures are trials of every architecture and optimizer, at sizes that matter.
var architectures = []medml.Trial{
	trial(0, "cnn", "architecture.cnn.filters", 64, "architecture.cnn.batch_norm", true, "batch_size", 64),
	trial(1, "cnn", "architecture.cnn.filters", 128, "architecture.cnn.depth", 1, "architecture.cnn.dense", 512, "optimizer", "sgd"),
	trial(2, "lstm", "architecture.lstm.hidden", 128, "architecture.lstm.bidirectional", true, "dropout", 0.5, "optimizer", "rmsprop"),
	trial(3, "lstm", "architecture.lstm.cell", "gru", "architecture.lstm.hidden", 96, "architecture.lstm.layers", 2),
	trial(4, "lstm", "architecture.lstm.cell", "rnn", "architecture.lstm.hidden", 256, "optimizer", "sgd", "momentum", 0.0),
	trial(5, "autoencoder", "architecture.autoencoder.hidden", 1024, "architecture.autoencoder.latent", 64, "batch_size", 128),
	trial(6, "mlp", "architecture.mlp.hidden", 512, "mixup", 0.2, "jitter", 0.1, "batch_size", 4096, "sampling", "balanced"),
	trial(7, "inception", "architecture.inception.filters", 48),
	trial(8, "mlp", "architecture.mlp.hidden", 1024, "ema", 0.99),
}

// Need must be what a fit and its checkpoint hold in memory, to 3 % and 64 KiB.
func TestNeedIsWhatATrainingAllocates(t *testing.T) {
	tr := setup(t, dataset.Classification, table(240, threeClasses), "accuracy", 3)
	for _, of := range architectures {
		need, err := tr.Need(of)
		if err != nil {
			t.Fatal(err)
		}
		before := live()
		keep, err := tr.Fit(of)
		took := live() - before
		if err != nil {
			t.Fatal(err)
		}
		if slack := took/33 + 64<<10; need < took-slack || need > took+slack {
			t.Errorf("trial %d needs %d bytes by estimate, and took %d", of.Number, need, took)
		}
		runtime.KeepAlive(keep)
	}
}

// live is how many bytes are in use.
func live() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What is kept in an artifact is needed twice: as it grows, and in the artifact itself.
func TestNeedGrowsWithWhatIsKeptAndWithThreads(t *testing.T) {
	csv := table(120, twoClasses)
	need := func(change func(*trainer.Config)) int64 {
		n, err := configured(t, dataset.Classification, csv, "auroc", 3, change).Need(architectures[0])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	plain := need(func(*trainer.Config) {})
	if n := need(func(c *trainer.Config) { c.Threads = 4 }); n <= plain {
		t.Errorf("4 threads need %d, one needs %d", n, plain)
	}
	tr := configured(t, dataset.Classification, csv, "auroc", 3, func(c *trainer.Config) { c.Keep = true })
	kept := int64(2 * len(train(t, tr, architectures[0]).Artifact))
	if n := need(func(c *trainer.Config) { c.Keep = true }); n < plain+kept*9/10 || n > plain+kept*11/10 {
		t.Errorf("keeping needs %d more, want about %d", n-plain, kept)
	}
}

func TestCostIsTheModels(t *testing.T) {
	tr := setup(t, dataset.Classification, table(120, twoClasses), "auroc", 1)
	for _, of := range append(slices.Clone(trials), architectures...) {
		weights, flops, err := tr.Cost(of)
		if err != nil {
			t.Fatal(err)
		}
		if built, err := tr.WeightCount(of); err != nil || built != weights || flops == 0 {
			t.Errorf("trial %d has %d weights and %d flops, built with %d: %v", of.Number, weights, flops, built, err)
		}
	}
	if r := train(t, tr, trials[2]); r.WeightCount != 6*16+16+16*4+4+4+1+4*16+16+16*6+6 {
		t.Errorf("an autoencoder was trained with %d weights", r.WeightCount)
	}
	// 6 → 16 → 4 → 1, and back 4 → 16 → 6.
	of := trial(0, "autoencoder", "architecture.autoencoder.hidden", 16, "architecture.autoencoder.latent", 4)
	if _, flops, _ := tr.Cost(of); flops != 2*(6*16+16*4)+4 {
		t.Errorf("an autoencoder takes %d products", flops)
	}
	if _, _, err := tr.Cost(trial(0, "transformer")); err == nil || !strings.Contains(err.Error(), "transformer") {
		t.Errorf("an unknown architecture: %v", err)
	}
	if _, err := tr.Need(medml.Trial{}); err == nil {
		t.Error("a trial without an architecture needs something")
	}
}

// quiet is a monitor that costs what an executor's does while nothing is the matter: it
// looks at a flag and at a context.
type quiet struct {
	medml.ReportFunc
	attention *atomic.Bool
	ctx       context.Context
}

func (q quiet) Step() (bool, error) { return q.attention.Load(), q.ctx.Err() }

func newQuiet(t testing.TB) quiet {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return quiet{ignore, new(atomic.Bool), ctx}
}

func TestAStepAllocatesNothing(t *testing.T) {
	tr := setup(t, dataset.Classification, table(120, twoClasses), "auroc", 1)
	for _, of := range variants {
		step, err := tr.Steps(of, newQuiet(t))
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(20, func() {
			if err := step(); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("a step of trial %d allocates %v times", of.Number, n)
		}
	}
}

func BenchmarkNeed(b *testing.B) {
	tr := setup(b, dataset.Classification, table(120, twoClasses), "auroc", 3)
	for b.Loop() {
		if _, err := tr.Need(architectures[2]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStep is the smallest step that makes sense, and what the monitor costs of it.
func BenchmarkStep(b *testing.B) {
	tr := setup(b, dataset.Classification, table(240, twoClasses), "auroc", 1)
	small := trial(0, "autoencoder", "architecture.autoencoder.hidden", 16, "batch_size", 16)
	m := newQuiet(b)
	step, err := tr.Steps(small, m)
	if err != nil {
		b.Fatal(err)
	}
	pause := tr.Pause(m.ctx, m)
	for _, part := range []struct {
		name string
		f    func() error
	}{{"whole", step}, {"monitor", pause}} {
		b.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				if err := part.f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckpoint(b *testing.B) {
	tr := setup(b, dataset.Classification, table(240, twoClasses), "auroc", 1)
	for _, units := range []int{64, 1024} {
		encode, err := tr.Checkpoint(trial(0, "autoencoder", "architecture.autoencoder.hidden", units, "architecture.autoencoder.latent", units))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%d_bytes", len(encode())), func(b *testing.B) {
			b.SetBytes(int64(len(encode())))
			for b.Loop() {
				encode()
			}
		})
	}
}

// BenchmarkObjective trains a trial with and without an artifact.
func BenchmarkObjective(b *testing.B) {
	for _, keep := range []bool{false, true} {
		name := map[bool]string{false: "plain", true: "kept"}[keep]
		tr := configured(b, dataset.Classification, table(240, twoClasses), "auroc", 5, func(c *trainer.Config) { c.Keep = keep })
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tr.Objective(context.Background(), trials[0], ignore); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
