package trainer_test

import (
	"context"
	"errors"
	"testing"

	"medml"
	"medml/dataset"
	"medml/trainer"

	"github.com/google/go-cmp/cmp"
)

func withShares(t *testing.T, shares ...float64) *trainer.Trainer {
	return configured(t, dataset.Classification, table(120, twoClasses), "auroc", 3, func(c *trainer.Config) { c.Shares = shares })
}

// A study that ends on all of the data has the results of one that never knew less.
func TestTheWholeShareIsTheTrainingWithoutShares(t *testing.T) {
	for _, of := range trials {
		want := train(t, withShares(t), of)
		got := train(t, withShares(t, 0.25, 1), of)
		if got.Weights != want.Weights || got.Value != want.Value || got.Low != want.Low || got.High != want.High {
			t.Errorf("trial %d: %v by weights %.8s, want %v by %.8s", of.Number, got.Value, got.Weights, want.Value, want.Weights)
		}
	}
}

func TestEachShareIsReportedOnce(t *testing.T) {
	w := watcher{ctx: context.Background()}
	r, err := withShares(t, 1.0/9, 1.0/3, 1).Objective(context.Background(), trials[0], &w)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.told) != 1 || w.told[0].Fold != 0 || len(w.told[0].Epochs) != 3 {
		t.Fatalf("reported as %+v", w.told)
	}
	for i, e := range w.told[0].Epochs {
		if e.Step != i+1 {
			t.Errorf("share %d is step %d", i+1, e.Step)
		}
	}
	last := w.told[0].Epochs[2]
	if last.Report != r.Value || last.Value != r.Runs[0].Value {
		t.Errorf("the last share reports %v and %v, the result is %v, of fold 1 %v", last.Report, last.Value, r.Value, r.Runs[0].Value)
	}
	if d := cmp.Diff(w.told[0].Epochs, r.Runs[0].Epochs); d != "" {
		t.Error(d)
	}
	if len(r.Runs) != 3 || len(r.Runs[1].Epochs) != 0 || r.Runs[1].Fold != 1 || r.Runs[1].Weights == "" {
		t.Errorf("the runs are %+v", r.Runs)
	}
}

func TestATrialPrunedAtAShareKeepsWhatItHas(t *testing.T) {
	w := watcher{ctx: context.Background(), prune: 2}
	r, err := withShares(t, 0.2, 0.4, 1).Objective(context.Background(), trials[0], &w)
	if !errors.Is(err, medml.ErrPruned) || len(r.Runs) != 3 || len(r.Runs[0].Epochs) != 2 {
		t.Errorf("%v with %+v", err, r.Runs)
	}
}

// Subsets are nested, the same for all trials, and hold each class's share.
func TestSubsetsOfTheTrainingPart(t *testing.T) {
	shares := []float64{0.001, 0.1, 1.0 / 3, 0.5, 0.999, 1}
	tr := withShares(t, shares...)
	var counted [3]map[int]int
	for fold := range 3 {
		labels := tr.TrainLabels(fold)
		total := map[int32]int{}
		for _, l := range labels {
			total[l]++
		}
		before := map[int]bool{}
		for i, share := range shares {
			rows := tr.Subset(fold, i)
			seen, of := map[int]bool{}, map[int32]int{}
			for _, row := range rows {
				if seen[row] {
					t.Fatalf("row %d stands twice", row)
				}
				seen[row] = true
				of[labels[row]]++
			}
			for row := range before {
				if !seen[row] {
					t.Errorf("fold %d: row %d is in share %v and not in %v", fold, row, shares[i-1], share)
				}
			}
			before = seen
			for class, n := range total {
				if got, want := float64(of[class]), share*float64(n); got < want-0.5 && got != 1 || got > max(want+0.5, 1) {
					t.Errorf("fold %d, share %v: %v of %d rows of class %d", fold, share, got, n, class)
				}
			}
		}
		if len(before) != len(labels) {
			t.Errorf("fold %d: the whole share has %d rows of %d", fold, len(before), len(labels))
		}
		counted[fold] = map[int]int{}
		for _, row := range tr.Subset(fold, 2) {
			counted[fold][row]++
		}
	}
	if cmp.Equal(counted[0], counted[1]) {
		t.Error("two folds draw the same rows")
	}
}

// No row outside the share may be learnt from.
func TestASmallShareLearnsFromItsRowsAlone(t *testing.T) {
	tr := withShares(t, 0.3)
	want := train(t, tr, trials[0]).Weights
	inside := map[int]bool{}
	for _, row := range tr.Subset(0, 0) {
		inside[row] = true
	}
	for _, row := range []int{1, 2, 30, 50} {
		other := withShares(t, 0.3)
		other.Spoil(0, row)
		if changed := train(t, other, trials[0]).Weights != want; changed != inside[row] {
			t.Errorf("row %d is in the share: %v, and changing it changes the weights: %v", row, inside[row], changed)
		}
	}
}
