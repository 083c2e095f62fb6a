package trainer_test

import (
	"context"
	"errors"
	"testing"

	"medml"
	"medml/dataset"
)

// FuzzCheckpoint holds that no state panics, hangs or takes much memory: it is refused by
// name, or trained on from, to whatever its numbers lead to.
func FuzzCheckpoint(f *testing.F) {
	tr := setup(f, dataset.Classification, table(40, twoClasses), "auroc", 2)
	of := trial(0, "autoencoder", "architecture.autoencoder.hidden", 1, "architecture.autoencoder.latent", 1, "batch_size", 9)
	var runs []medml.Run
	for _, every := range []int{1, 4, 5} {
		w := watcher{ctx: context.Background(), every: every, prune: 4}
		if _, err := tr.Objective(context.Background(), of, &w); !errors.Is(err, medml.ErrPruned) {
			f.Fatal(err)
		}
		f.Add(w.state[:len(w.state)-4])
		runs = w.runs
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := watcher{ctx: context.Background(), state: sealed(b), runs: runs}
		_, err := tr.Objective(context.Background(), of, &m)
		if err != nil && !errors.Is(err, medml.ErrCheckpoint) && !errors.Is(err, medml.ErrDiverged) {
			t.Error(err)
		}
	})
}
