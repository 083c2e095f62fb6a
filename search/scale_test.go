package search_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"medml"
	"medml/search"
)

// heap returns how many bytes are in use.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// TestATrialIsSmall holds the bytes that a finished trial of ten parameters takes in a
// study, and those of an intermediate value: 10,000 trials, or with MEDML_LONG 100,000.
func TestATrialIsSmall(t *testing.T) {
	trials, values := 10_000, 30
	if os.Getenv("MEDML_LONG") != "" {
		trials = 100_000
	}
	grown := func(epochs int) float64 {
		before := heap()
		c := config("random")
		c.Lookback = 12
		study := mustNew(t, benchSpaces()["mixed"], c)
		for i := range trials {
			trial, err := study.Ask()
			if err != nil {
				t.Fatal(err)
			}
			run := medml.Run{Epochs: make([]medml.Epoch, epochs)}
			for step := range run.Epochs {
				run.Epochs[step] = medml.Epoch{Step: step + 1, Report: float64(i)}
			}
			trial.State, trial.Value, trial.Runs = medml.Complete, float64(i), []medml.Run{run}
			if err := study.Tell(trial); err != nil {
				t.Fatal(err)
			}
		}
		after := heap()
		runtime.KeepAlive(study)
		return (after - before) / float64(trials)
	}
	bare := grown(0)
	each := (grown(values) - bare) / float64(values)
	t.Logf("%.0f bytes a trial, and %.0f a value", bare, each)
	if bare > 512 {
		t.Errorf("a trial takes %.0f bytes, expected at most 512", bare)
	}
	if each > 24 {
		t.Errorf("an intermediate value takes %.0f bytes, expected at most 24", each)
	}
}

// A study that goes on from a thousand trials and more, when densities are made of samples,
// proposes what the one proposes that has seen them come.
func TestALongStudyGoesOnAsItWould(t *testing.T) {
	for _, joint := range []bool{true, false} {
		t.Run(fmt.Sprintf("multivariate %v", joint), func(t *testing.T) {
			t.Parallel()
			c := config("tpe")
			c.Lookback, c.Sampler.Multivariate = 12, &joint
			whole := mustNew(t, mixed(), c, pastTrials(t, mixed(), 2500)...)
			trials := append(pastTrials(t, mixed(), 2500), run(t, whole, 60, training)...)
			for cut := 2500; cut < len(trials); cut += 20 {
				rest := mustNew(t, mixed(), c, trials[:cut]...)
				for i, trial := range run(t, rest, 3, training) {
					if configOf(trial) != configOf(trials[cut+i]) {
						t.Fatalf("cut after %d: trial %d is %v, was %v", cut, trial.Number, trial.Params, trials[cut+i].Params)
					}
				}
			}
		})
	}
}

// What is kept from trial to trial doesn't depend on the order in which trials end.
func TestTheEndOfTrialsComesInAnyOrder(t *testing.T) {
	c := config("tpe")
	c.Sampler.StartupTrials = 1
	one, other := mustNew(t, mixed(), c), mustNew(t, mixed(), c)
	for round := range 15 {
		a, b := askFour(t, one), askFour(t, other)
		for i := range a {
			if configOf(a[i]) != configOf(b[i]) {
				t.Fatalf("round %d: trial %d is %v and %v", round, a[i].Number, a[i].Params, b[i].Params)
			}
		}
		end(t, one, a[0], a[1], a[2], a[3])
		end(t, other, b[2], b[0], b[3], b[1])
	}
}

func askFour(t *testing.T, s *search.Study) (trials []medml.Trial) {
	t.Helper()
	for range 4 {
		trial, err := s.Ask()
		if err != nil {
			t.Fatal(err)
		}
		trials = append(trials, trial)
	}
	return trials
}

func end(t *testing.T, s *search.Study, trials ...medml.Trial) {
	t.Helper()
	for _, trial := range trials {
		trial.State, trial.Value = medml.Complete, training(trial.Params)
		if trial.Number%7 == 3 {
			trial.State = medml.Failed
		}
		if err := s.Tell(trial); err != nil {
			t.Fatal(err)
		}
	}
}
