package trainer_test

import (
	"testing"

	"medml/dataset"
	"medml/trainer"
)

func rare(x []float64) string {
	switch {
	case x[0] > 0.8:
		return "c"
	case x[0] > 0.5:
		return "b"
	}
	return "a"
}

// An epoch that is balanced has as many rows as any, as many of each class but for the
// remainder, and every row of a class as often as any other, or nearly so.
func TestABalancedEpochHasAsManyOfEveryClass(t *testing.T) {
	tr := setup(t, dataset.Classification, table(150, rare), "accuracy", 1)
	epochs, err := tr.Orders(trial(0, "mlp", "sampling", "balanced"), 30)
	if err != nil {
		t.Fatal(err)
	}
	labels := tr.TrainLabels(0)
	of := map[int32]int{}
	for _, l := range labels {
		of[l]++
	}
	drawn := make([]int, len(labels))
	for _, order := range epochs {
		classes, rows := map[int32]int{}, map[int]int{}
		for _, row := range order {
			classes[labels[row]]++
			rows[row]++
			drawn[row]++
		}
		if len(order) != len(labels) {
			t.Fatalf("%d rows of %d", len(order), len(labels))
		}
		for c, n := range classes {
			if n < len(labels)/3 || n > len(labels)/3+1 {
				t.Errorf("class %d has %d rows of %d", c, n, len(labels))
			}
		}
		for row, l := range labels {
			each := classes[l] / of[l]
			if rows[row] < each || rows[row] > each+1 {
				t.Errorf("row %d of a class of %d comes %d times of %d", row, of[l], rows[row], classes[l])
			}
		}
	}
	for row, n := range drawn {
		if n == 0 {
			t.Errorf("row %d is never drawn in 30 epochs", row)
		}
	}
}

// Of 60 rows 20 % are the test part's, and a third of the others is validated on.
func TestAShuffledEpochHasEveryRowOnce(t *testing.T) {
	for _, tr := range []*trainer.Trainer{
		setup(t, dataset.Classification, table(60, rare), "accuracy", 1),
		setup(t, dataset.Regression, table(60, number), "rmse", 1),
	} {
		for _, how := range []string{"shuffle", "balanced"} {
			if how == "balanced" && tr.TrainLabels(0) != nil {
				continue
			}
			epochs, err := tr.Orders(trial(0, "mlp", "sampling", how), 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, order := range epochs {
				seen := map[int]bool{}
				for _, row := range order {
					seen[row] = true
				}
				if len(order) != 32 || len(seen) != 32 {
					t.Errorf("%s: %d different of %d rows", how, len(seen), len(order))
				}
			}
		}
	}
}
