package trainer_test

import (
	"testing"

	"medml"
	"medml/dataset"
)

// A repeat draws everything anew, the same again each time, and the search's own training
// never changes for it.
func TestRepeatsAreOtherTrainingsOfTheSameTrial(t *testing.T) {
	tr := setup(t, dataset.Classification, table(90, twoClasses), "auroc", 2)
	for _, of := range trials {
		seen := map[string]int{}
		for seed := range 4 {
			repeat := of
			repeat.Seed = seed
			r := train(t, tr, repeat)
			if again := train(t, tr, repeat); again.Weights != r.Weights {
				t.Errorf("trial %d, seed %d: trained again to other weights", of.Number, seed)
			}
			if before, ok := seen[r.Weights]; ok {
				t.Errorf("trial %d: seeds %d and %d have the same weights", of.Number, before, seed)
			}
			seen[r.Weights] = seed
		}
	}
	// A repeat of one trial must not be the training of another.
	a, b := trials[0], trials[0]
	a.Number, a.Seed = 1, 2
	b.Number, b.Seed = 2, 1
	if train(t, tr, a).Weights == train(t, tr, b).Weights {
		t.Error("trial 1 from seed 2 is trial 2 from seed 1")
	}
}

// The streams of the search's own training know nothing of repeats.
func TestTheSearchsOwnStreamsHaveNoSeed(t *testing.T) {
	tr := setup(t, dataset.Classification, table(60, twoClasses), "auroc", 2)
	for _, purpose := range []string{"weights", "shuffle"} {
		draw := func(number, seed, fold int) uint64 {
			return tr.Stream(purpose, medml.Trial{Number: number, Seed: seed}, fold).Uint64()
		}
		if draw(3, 0, 2) != medml.Stream(9, purpose, 3, 2).Uint64() {
			t.Errorf("%s: the stream of trial 3 on fold 2 has changed", purpose)
		}
		if draw(3, 4, 2) != medml.Stream(9, purpose, 3, 2, 4).Uint64() {
			t.Errorf("%s: the stream of the repeat from seed 4 has changed", purpose)
		}
	}
}
