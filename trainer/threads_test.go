package trainer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"medml"
	"medml/dataset"
	"medml/metric"
	"medml/trainer"
)

func TestATrialGivesTheSameBitsOnSeveralThreads(t *testing.T) {
	defer goleak.VerifyNone(t)
	c := dataset.Config{Source: "test.csv", Target: "y", Shape: []int{3, 2}, Positive: "ill"}
	c.Split.Folds = 2
	c = c.Resolved(dataset.Classification)
	d, err := dataset.Read("test.csv", strings.NewReader(table(120, twoClasses)), c, dataset.Classification)
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
	// Wide enough that its work is shared.
	wide := trial(0, "cnn", "architecture.cnn.filters", 256, "batch_size", 32)
	var want medml.Result
	for _, threads := range []int{0, 1, 2, 5} {
		tr, err := trainer.New(trainer.Config{Seed: 9, Task: dataset.Classification, Metric: m, Epochs: 2, Threads: threads}, d, splits.Folds, c.Preprocess)
		if err != nil {
			t.Fatal(err)
		}
		got := train(t, tr, wide)
		if threads == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d threads:\n%s", threads, diff)
		}
	}
}
