package trainer_test

import (
	"os"
	"slices"
	"testing"

	"medml/dataset"
	"medml/trainer"
)

// testdata/first.artifact is of the first trial in the tests' table, as it was kept when there
// were 17 settings. It predicts what it did, and the trial still trains to its weights.
func TestAnArtifactFromBeforeLaterSettingsIsRead(t *testing.T) {
	b, err := os.ReadFile("testdata/first.artifact")
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, b)
	if len(a.Settings) != 17 {
		t.Fatalf("%d settings", len(a.Settings))
	}
	csv := table(60, twoClasses)
	d, _, _ := data(t, dataset.Classification, csv)
	for k, f := range a.Folds {
		if scores, err := a.Predict(k, prepared(d, f.Preparation, f.Rows)); err != nil || !slices.Equal(scores, f.Scores) {
			t.Errorf("fold %d predicts other scores than it did: %v", k+1, err)
		}
	}
	tr := configured(t, dataset.Classification, csv, "auroc", 2, func(c *trainer.Config) { c.Keep = true })
	for k, run := range train(t, tr, trials[0]).Runs {
		if run.Weights != a.Folds[k].Weights {
			t.Errorf("fold %d trains to other weights", k+1)
		}
	}
}
