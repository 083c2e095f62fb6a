package trainer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"
)

// besideMolecules turns the table into molecules [5, …] with the table's columns beside
// them as covariates, or without these; alone leaves the covariates as a table.
func besideMolecules(t testing.TB, n int, covariates, alone bool) *trainer.Trainer {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(table(n, twoClasses)), "\n")
	var file strings.Builder
	for i, line := range lines {
		smiles := strings.Repeat("C", 1+i%3) + strings.Repeat("O", i%2)
		if i == 0 {
			smiles = "smiles"
		}
		fmt.Fprintf(&file, "%s,%s\n", smiles, line)
	}
	names := []string{"a", "b", "c", "d", "e", "f"}
	c := dataset.Config{Source: "test.csv", Target: "y", Positive: "ill"}
	switch {
	case alone:
		c.Features = names
	case covariates:
		c.Covariates = names
		c.Preprocess.Covariates = "standard"
		fallthrough
	default:
		c.Molecule = dataset.MoleculeConfig{Column: "smiles", Length: 5}
	}
	c.Split.Folds = 3
	c = c.Resolved(dataset.Classification)
	d, err := dataset.Read("test.csv", strings.NewReader(file.String()), c, dataset.Classification)
	if err != nil {
		t.Fatal(err)
	}
	splits, err := d.Split(c.Split, medml.Stream(5, "split"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := metric.Lookup("auroc")
	if err != nil {
		t.Fatal(err)
	}
	tr, err := trainer.New(trainer.Config{Seed: 9, Task: dataset.Classification, Metric: m, Epochs: 2, Keep: true}, d, splits.Folds, c.Preprocess)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// What a model doesn't read can't change it: it trains to the bits that it trains to where
// the rest isn't there.
func TestCovariatesIgnoredAndCovariatesAlone(t *testing.T) {
	joined := besideMolecules(t, 60, true, false)
	without := besideMolecules(t, 60, false, false)
	table := besideMolecules(t, 60, false, true)
	for _, architecture := range []string{"mlp", "lstm", "cnn", "autoencoder", "inception"} {
		bits := map[string]string{}
		for _, part := range []string{"join", "only", "ignore"} {
			bits[part] = train(t, joined, trial(0, architecture, "covariates", part)).Weights
		}
		if want := train(t, without, trial(0, architecture)).Weights; bits["ignore"] != want {
			t.Errorf("%s with ignored covariates trains to %.8s, without any to %.8s", architecture, bits["ignore"], want)
		}
		// A float32 covariate and a float64 column may round apart, so here scores decide.
		alone, read := train(t, table, trial(0, architecture)), train(t, joined, trial(0, architecture, "covariates", "only"))
		for k, f := range open(t, read.Artifact).Folds {
			for i, want := range open(t, alone.Artifact).Folds[k].Scores {
				if got := f.Scores[i]; got-want > 1e-3 || want-got > 1e-3 {
					t.Errorf("%s of covariates alone predicts %v, of a table of them %v", architecture, got, want)
				}
			}
		}
		if bits["join"] == bits["only"] || bits["join"] == bits["ignore"] {
			t.Errorf("%s: joined, covariates change nothing", architecture)
		}
	}
}

func TestCovariatesAreNeverAugmented(t *testing.T) {
	tr := besideMolecules(t, 60, true, false)
	plain := train(t, tr, trial(0, "mlp", "covariates", "only")).Weights
	if got := train(t, tr, trial(0, "mlp", "covariates", "only", "jitter", 0.5, "channel_dropout", 0.3)).Weights; got != plain {
		t.Error("covariates alone are changed by noise that is for signals")
	}
	if got := train(t, tr, trial(0, "mlp", "covariates", "only", "mixup", 0.4)).Weights; got == plain {
		t.Error("covariates alone aren't mixed")
	}
	joined := train(t, tr, trial(0, "lstm")).Weights
	if got := train(t, tr, trial(0, "lstm", "jitter", 0.5)).Weights; got == joined {
		t.Error("signals with covariates beside them aren't changed")
	}
	before, err := tr.Augmented(trial(0, "lstm", "batch_size", 8))
	if err != nil {
		t.Fatal(err)
	}
	after, err := tr.Augmented(trial(0, "lstm", "batch_size", 8, "jitter", 0.5, "brightness", 0.5, "contrast", 0.5))
	if err != nil {
		t.Fatal(err)
	}
	width := len(before) / 8
	for row := range 8 {
		was, is := before[row*width:][:width], after[row*width:][:width]
		if !slices.Equal(was[width-6:], is[width-6:]) || slices.Equal(was[:width-6], is[:width-6]) {
			t.Errorf("row %d with covariates behind its signal was %v and is %v", row, was, is)
		}
	}
}

func TestAnArtifactPredictsWithCovariates(t *testing.T) {
	tr := besideMolecules(t, 60, true, false)
	for _, of := range []medml.Trial{
		trial(0, "lstm"), trial(1, "cnn", "covariate_units", 0, "jitter", 0.2), trial(2, "mlp", "covariates", "only"),
		trial(3, "autoencoder", "covariates", "ignore"), trial(4, "autoencoder"),
	} {
		r := train(t, tr, of)
		a := open(t, r.Artifact)
		if want := []string{"a", "b", "c", "d", "e", "f"}; !slices.Equal(a.Covariates, want) || a.Features != nil {
			t.Errorf("an artifact of covariates %q, features %q", a.Covariates, a.Features)
		}
		for k, f := range a.Folds {
			scores, err := a.Predict(k, tr.Valid(k))
			if err != nil || !slices.Equal(scores, f.Scores) {
				t.Errorf("trial %d: fold %d predicts %v, %v; it did %v", of.Number, k+1, scores, err, f.Scores)
			}
		}
	}
}

func TestCovariatesThatArentThereAreNamed(t *testing.T) {
	tr := besideMolecules(t, 60, false, false)
	want := "covariates is only, and the examples have none (data.covariates names them)"
	if _, err := tr.Need(trial(0, "mlp", "covariates", "only")); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
