package trainer_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"slices"
	"testing"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"

	"github.com/google/go-cmp/cmp"
)

// kept are data of each kind, with the trainer that keeps what it trains on them.
func kept(t testing.TB, task dataset.Task, csv, metric string, change func(*trainer.Config)) *trainer.Trainer {
	return configured(t, task, csv, metric, 2, func(c *trainer.Config) {
		c.Keep = true
		change(c)
	})
}

func open(t testing.TB, b []byte) *trainer.Artifact {
	t.Helper()
	a, err := trainer.OpenArtifact(b)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// prepared prepares rows of the data as a fold's preparation does, without labels.
func prepared(d *dataset.Dataset, p *dataset.Preparation, rows []int) dataset.Matrix {
	m := dataset.Matrix{Width: len(d.Features), X: make([]float32, len(rows)*len(d.Features))}
	for i, row := range rows {
		p.Apply(m.X[i*m.Width:][:m.Width], d.Row(row))
	}
	return m
}

func TestAnArtifactPredictsWhatTheTrainedModelDid(t *testing.T) {
	for _, of := range []struct {
		name, metric, csv string
		task              dataset.Task
		change            func(*trainer.Config)
		classes           []string
		width             int
	}{
		{"two classes", "auroc", table(70, twoClasses), dataset.Classification, func(*trainer.Config) {}, []string{"well", "ill"}, 1},
		{"three classes", "accuracy", table(70, threeClasses), dataset.Classification, func(*trainer.Config) {}, []string{"a", "b", "c"}, 3},
		{"a number", "rmse", table(70, number), dataset.Regression, func(*trainer.Config) {}, nil, 1},
		{"shares", "rmse", table(70, number), dataset.Regression, func(c *trainer.Config) { c.Shares = []float64{0.5, 0.8} }, nil, 1},
	} {
		tr := kept(t, of.task, of.csv, of.metric, of.change)
		d, folds, _ := data(t, of.task, of.csv)
		for _, candidate := range variants {
			r := train(t, tr, candidate)
			a := open(t, r.Artifact)
			if a.Architecture != candidate.Architecture() || a.Width() != of.width || !slices.Equal(a.Shape, d.Shape) || !slices.Equal(a.Features, d.Features) {
				t.Errorf("%s: an artifact of %s, %d wide, of shape %v", of.name, a.Architecture, a.Width(), a.Shape)
			}
			if d := cmp.Diff(of.classes, a.Classes); d != "" {
				t.Errorf("%s: %s", of.name, d)
			}
			for k, f := range a.Folds {
				if f.Weights != r.Runs[k].Weights {
					t.Errorf("%s: fold %d has the weights %.8s, was trained to %.8s", of.name, k+1, f.Weights, r.Runs[k].Weights)
				}
				if d := cmp.Diff(folds[k].Valid, f.Rows); d != "" {
					t.Errorf("%s: fold %d: %s", of.name, k+1, d)
				}
				scores, err := a.Predict(k, prepared(d, f.Preparation, f.Rows))
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(scores, f.Scores) {
					t.Errorf("%s, trial %d: fold %d predicts other scores than it did", of.name, candidate.Number, k+1)
				}
				one, err := a.Predict(k, prepared(d, f.Preparation, f.Rows[3:4]))
				if err != nil || !slices.Equal(one, f.Scores[3*of.width:4*of.width]) {
					t.Errorf("%s: a row alone is predicted as %v, %v", of.name, one, err)
				}
			}
		}
	}
}

// The fixture was written by version 1, with the same data and an autoencoder.
func TestAnArtifactOfTheFirstVersionIsRead(t *testing.T) {
	b, err := os.ReadFile("testdata/artifact1.bin")
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, b)
	d, _, _ := data(t, dataset.Classification, table(40, twoClasses))
	for k, f := range a.Folds {
		scores, err := a.Predict(k, prepared(d, f.Preparation, f.Rows))
		if err != nil || len(scores) == 0 || !slices.Equal(scores, f.Scores) {
			t.Errorf("fold %d predicts %v, not %v: %v", k+1, scores, f.Scores, err)
		}
	}
	for at := 0; at < len(b); at += 1 + len(b)/100 {
		if _, err := trainer.OpenArtifact(flipped(b, at)); err == nil {
			t.Errorf("byte %d of %d can be changed", at, len(b))
		}
	}
}

func TestAnArtifactHoldsAllThatWasLearntToPrepare(t *testing.T) {
	csv := table(60, twoClasses)
	d, folds, _ := data(t, dataset.Classification, csv)
	how := dataset.Preprocess{Impute: "knn", Scale: "quantile-normal"}
	m, err := metric.Lookup("auroc")
	if err != nil {
		t.Fatal(err)
	}
	tr, err := trainer.New(trainer.Config{Seed: 9, Task: d.Task, Metric: m, Epochs: 1, Keep: true}, d, folds, how)
	if err != nil {
		t.Fatal(err)
	}
	for k, f := range open(t, train(t, tr, trials[0]).Artifact).Folds {
		p, err := d.Prepare(how, folds[k].Train)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := p.AppendBinary(nil)
		if got, _ := f.Preparation.AppendBinary(nil); !bytes.Equal(got, want) {
			t.Errorf("fold %d: %d bytes of another preparation, want %d", k+1, len(got), len(want))
		}
	}
}

func TestOutOfFoldPredictionsCoverEveryRowOnce(t *testing.T) {
	tr := kept(t, dataset.Classification, table(70, threeClasses), "accuracy", func(*trainer.Config) {})
	_, folds, _ := data(t, dataset.Classification, table(70, threeClasses))
	a := open(t, train(t, tr, trials[0]).Artifact)
	rows, scores := a.OutOfFold()
	var all []int
	for _, f := range folds {
		all = append(all, f.Valid...)
	}
	slices.Sort(all)
	if !slices.Equal(rows, all) || len(scores) != 3*len(rows) {
		t.Fatalf("%d rows and %d scores of %d", len(rows), len(scores), len(all))
	}
	for k, f := range folds {
		for i, row := range f.Valid {
			at := slices.Index(rows, row)
			if !slices.Equal(scores[3*at:3*at+3], a.Folds[k].Scores[3*i:3*i+3]) {
				t.Errorf("row %d has another fold's scores", row)
			}
		}
	}
}

func TestSettingsOfAnArtifactAreResolved(t *testing.T) {
	a := open(t, train(t, kept(t, dataset.Classification, table(70, twoClasses), "auroc", func(*trainer.Config) {}), trials[1]).Artifact)
	got := medml.Params(a.Settings)
	for name, want := range map[string]medml.Value{
		"cell": medml.StringValue("gru"), "hidden": medml.IntValue(6), "layers": medml.IntValue(1),
		"bidirectional": medml.BoolValue(false), "optimizer": medml.StringValue("rmsprop"), "learning_rate": medml.FloatValue(1e-3),
	} {
		if v, ok := got.Lookup(name); !ok || v != want {
			t.Errorf("%s is %v, want %v", name, v, want)
		}
	}
	if want := len(trainer.Hyperparameters()) + len(trainer.ArchitectureHyperparameters("lstm")); len(got) != want {
		t.Errorf("%d settings, want %d", len(got), want)
	}
}

func TestTheSameTrialKeepsTheSameBytes(t *testing.T) {
	keep := func(threads int) []byte {
		tr := kept(t, dataset.Classification, table(70, twoClasses), "auroc", func(c *trainer.Config) { c.Threads = threads })
		return train(t, tr, trials[3]).Artifact
	}
	if !bytes.Equal(keep(1), keep(3)) {
		t.Error("two trainings keep other bytes")
	}
}

func TestADamagedArtifactIsRefused(t *testing.T) {
	whole := train(t, kept(t, dataset.Classification, table(70, twoClasses), "auroc", func(*trainer.Config) {}), trials[2]).Artifact
	for at := 0; at < len(whole); at += 1 + len(whole)/300 {
		if _, err := trainer.OpenArtifact(flipped(whole, at)); err == nil {
			t.Errorf("byte %d of %d can be changed", at, len(whole))
		}
		if _, err := trainer.OpenArtifact(whole[:at]); err == nil {
			t.Errorf("the first %d bytes of %d suffice", at, len(whole))
		}
	}
	a := open(t, whole)
	for name, m := range map[string]dataset.Matrix{
		"too narrow": {Width: 5, X: make([]float32, 10)}, "a part of a row": {Width: 6, X: make([]float32, 7)}, "no width": {},
	} {
		if _, err := a.Predict(0, m); err == nil {
			t.Errorf("%s: predicted", name)
		}
	}
	if _, err := a.Predict(3, dataset.Matrix{Width: 6}); err == nil {
		t.Error("a fold that isn't there predicts")
	}
}

// sealed gives a file a checksum that is right, so that a fuzzer gets past it.
func sealed(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(slices.Clip(b), crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// FuzzArtifact holds that no bytes panic or take much memory, and that whatever opens can be
// asked for predictions.
func FuzzArtifact(f *testing.F) {
	tr := kept(f, dataset.Classification, table(40, twoClasses), "auroc", func(*trainer.Config) {})
	for _, of := range []medml.Trial{
		trial(0, "cnn", "architecture.cnn.filters", 1), trial(1, "lstm", "architecture.lstm.hidden", 1), trial(2, "autoencoder", "architecture.autoencoder.hidden", 1),
	} {
		b := train(f, tr, of).Artifact
		f.Add(b[:len(b)-4])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := trainer.OpenArtifact(sealed(b))
		if err != nil {
			return
		}
		a.OutOfFold()
		for k, fold := range a.Folds {
			m := dataset.Matrix{Width: len(a.Features), X: make([]float32, 2*len(a.Features))}
			fold.Preparation.Apply(m.X[:m.Width], make([]float64, len(a.Features)))
			scores, err := a.Predict(k, m)
			if err == nil && len(scores) != 2*a.Width() {
				t.Errorf("%d scores of 2 rows, %d wide", len(scores), a.Width())
			}
		}
	})
}
