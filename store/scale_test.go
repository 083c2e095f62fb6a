package store_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"medml"
	"medml/store"
)

// What a large study may cost: the figures of docs/durability.md.
const (
	largeEpochs = 100 // a trial: a million in all
	largestFile = 200 << 20
	longestOpen = time.Second
	longestLook = 100 * time.Millisecond
)

// largeTrials is how many trials a large study has; under the race detector nothing is
// measured.
func largeTrials() int {
	if underRace {
		return 500
	}
	return 10_000
}

// large makes a store with a large study. Nobody waits for a single event, so that
// transactions are large, too.
func large(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s := open(t, dir, store.Options{})
	r := begin(t, s, "x")
	rnd := rand.New(rand.NewPCG(1, 2))
	var wait func() error
	for n := range largeTrials() {
		end := complete(n)
		end.Runs = largeRuns(rnd)
		end.Weights = weightsOf(end.Runs)
		_, err := r.Queue(medml.TrialStarted{Trial: running(n)})
		must(t, err)
		wait, err = r.Queue(medml.TrialEnded{Trial: end})
		must(t, err)
	}
	must(t, wait(), r.Close(), s.Close())
	return dir
}

// largeRuns returns two folds with figures that don't compress.
func largeRuns(rnd *rand.Rand) []medml.Run {
	runs := complete(0).Runs
	for fold := range runs {
		runs[fold].Value = rnd.Float64()
		runs[fold].Epochs = make([]medml.Epoch, largeEpochs/2)
		for i := range runs[fold].Epochs {
			runs[fold].Epochs[i] = medml.Epoch{
				Step: fold*largeEpochs/2 + i + 1, Loss: rnd.Float64(), ValidLoss: rnd.Float64(), Value: rnd.Float64(), Report: rnd.Float64(),
			}
		}
	}
	return runs
}

// fastest returns the shortest time of some calls: what the machine's neighbours do isn't
// measured.
func fastest(t testing.TB, f func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 7 {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

func TestALargeStudyIsSmallAndQuick(t *testing.T) {
	dir := large(t)
	info, err := os.Stat(filepath.Join(dir, "medml.db"))
	must(t, err)
	if info.Size() > largestFile {
		t.Errorf("%d trials of %d epochs take %d MB", largeTrials(), largeEpochs, info.Size()>>20)
	}
	var s *store.Store
	opening := map[bool]time.Duration{}
	for _, readOnly := range []bool{true, false} {
		opening[readOnly] = fastest(t, func() {
			if s != nil {
				must(t, s.Close())
			}
			s = open(t, dir, store.Options{ReadOnly: readOnly})
		})
		if opening[readOnly] > longestOpen && !underRace {
			t.Errorf("opening it (for reading: %t) takes %v", readOnly, opening[readOnly])
		}
	}
	var snap medml.Snapshot
	looking := fastest(t, func() {
		snap, err = s.SnapshotHeaders("x")
		must(t, err)
	})
	if looking > longestLook && !underRace {
		t.Errorf("a leaderboard takes %v", looking)
	}
	if len(snap.Trials) != largeTrials() || snap.Trials[len(snap.Trials)-1].Epochs() != largeEpochs {
		t.Errorf("there are %d trials of %d epochs", len(snap.Trials), snap.Trials[len(snap.Trials)-1].Epochs())
	}
	all := fastest(t, func() { trials(t, s, "x") })
	begun := fastest(t, func() {
		must(t, begin(t, s, "x").Close())
	})
	t.Logf("%d MB; opened in %v for reading, %v for writing; leaderboard %v; all epochs %v; begun and recording in %v",
		info.Size()>>20, opening[true], opening[false], looking, all, begun)
}

// BenchmarkLarge measures what TestALargeStudyIsSmallAndQuick bounds.
func BenchmarkLarge(b *testing.B) {
	dir := large(b)
	info, err := os.Stat(filepath.Join(dir, "medml.db"))
	must(b, err)
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			must(b, open(b, dir, store.Options{ReadOnly: true}).Close())
		}
		b.ReportMetric(float64(info.Size())/1e6, "MB")
	})
	s := open(b, dir, store.Options{ReadOnly: true})
	for name, read := range map[string]func(string) ([]medml.Trial, error){"headers": s.Headers, "trials": s.Trials} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if list, err := read("x"); err != nil || len(list) != largeTrials() {
					b.Fatal(fmt.Errorf("%d trials: %w", len(list), err))
				}
			}
		})
	}
}
