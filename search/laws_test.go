package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"medml"
	"medml/search"
)

// lawConfigs are the configurations for which the laws of determinism are tested.
func lawConfigs() map[string]search.Config {
	goal, upper := 0.02, 2.0
	configs := map[string]search.Config{}
	for _, sampler := range search.Samplers() {
		pruners, trials := search.Pruners(), 60
		if slow := sampler == "gp" || sampler == "auto"; slow {
			pruners, trials = []string{"none", "asha"}, 32
		}
		for _, pruner := range pruners {
			c := config(sampler)
			c.Lookback, c.Trials = 12, trials
			c.Pruner = search.PrunerConfig{Name: pruner, Warmup: 1, Patience: 3, Upper: &upper, Threshold: 0.3}
			configs[sampler+" with "+pruner] = c
		}
		c := config(sampler)
		c.Lookback, c.Trials, c.Goal = 12, trials, &goal
		configs[sampler+" to a goal"] = c
		c.Goal, c.Patience, c.MinDelta = nil, 15, 0.01
		configs[sampler+" with patience"] = c
		c = config(sampler)
		c.Lookback, c.Trials = 12, trials
		c.Require = func(ps medml.Params) bool { return !slices.Contains(ps, lstm) || slices.Contains(ps, ps32) }
		c.Initial = []medml.Params{{cnn}, {}, {lstm, ps32}}
		c.Warm = warmTrials()
		configs[sampler+" under conditions, begun warm"] = c
		if sampler == "gp" || sampler == "cma-es" {
			continue // they know one objective
		}
		c.Goals = []medml.Goal{{Metric: "loss", Direction: c.Direction}, {Metric: "rate", Direction: medml.Maximize}}
		c.Sampler.Population, c.Patience = 10, 25
		configs[sampler+" with two objectives"] = c
		if sampler == "tpe" {
			joint := true
			c.Sampler.Multivariate = &joint
			configs[sampler+" with two objectives jointly"] = c
		}
	}
	return configs
}

var (
	cnn  = medml.Setting{Name: "architecture", Value: medml.StringValue("cnn")}
	lstm = medml.Setting{Name: "architecture", Value: medml.StringValue("lstm")}
	ps32 = medml.Setting{Name: "batch_size", Value: medml.StringValue("32")}
)

// warmTrials are trials of another study on the mixed space, and one that isn't finished.
func warmTrials() []medml.Trial {
	var trials []medml.Trial
	for i, rate := range []float64{1e-4, 1e-3, 3e-3, 3e-2} {
		trials = append(trials, medml.Trial{Number: i, State: medml.Complete, Value: rate, Objectives: []float64{rate, rate}, Params: medml.Params{
			{Name: "architecture", Value: medml.StringValue("autoencoder")},
			{Name: "architecture.autoencoder.latent", Value: medml.IntValue(2)},
			{Name: "learning_rate", Value: medml.FloatValue(rate)},
			{Name: "batch_size", Value: medml.StringValue("16")},
			{Name: "dropout", Value: medml.FloatValue(0)},
			{Name: "bidirectional", Value: medml.BoolValue(true)},
		}})
	}
	return append(trials, medml.Trial{Number: 9, State: medml.Running})
}

func TestAnyNumberOfWorkersGivesTheSameStudy(t *testing.T) {
	for name, c := range lawConfigs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one := newSweep(t, c, 1, 1).until(t, -1)
			if len(one) < 15 {
				t.Fatalf("only %d trials", len(one))
			}
			for i, workers := range []int{1, 2, 4, 7, 30} {
				w := newSweep(t, c, workers, 2)
				w.interrupt = []float64{0.05, 0}[i%2]
				if trials := w.until(t, -1); digest(t, trials) != digest(t, one) {
					t.Errorf("%d workers, interrupted with probability %v: %s", workers, w.interrupt, firstDifference(one, trials))
				}
			}
		})
	}
}

func TestAStudyCutAnywhereGoesOnAsItWould(t *testing.T) {
	for name, c := range lawConfigs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := newSweep(t, c, 4, 1).until(t, -1)
			r := rand.New(rand.NewPCG(1, 2))
			for cut := 0; cut < len(whole); cut += 17 {
				w := newSweep(t, c, 4, 3)
				w.interrupt = 0.02
				past := w.until(t, cut)
				r.Shuffle(len(past), func(i, j int) { past[i], past[j] = past[j], past[i] })
				rest := newSweep(t, c, 3, 4, past...).until(t, -1)
				if digest(t, rest) != digest(t, whole) {
					t.Errorf("cut after %d: %s", cut, firstDifference(whole, rest))
				}
			}
		})
	}
}

func TestAnAsynchronousStudyOfOneWorkerGoesOnAsItWould(t *testing.T) {
	for _, sampler := range search.Samplers() {
		c := config(sampler)
		c.Trials, c.Pruner.Name = 40, "median"
		whole := newSweep(t, c, 1, 1).until(t, -1)
		for cut := 0; cut < len(whole); cut += 5 {
			past := newSweep(t, c, 1, 1).until(t, cut)
			if rest := newSweep(t, c, 1, 1, past...).until(t, -1); digest(t, rest) != digest(t, whole) {
				t.Errorf("%s cut after %d: %s", sampler, cut, firstDifference(whole, rest))
			}
		}
	}
}

// A crash can lose a trial that had started while a later one was kept.
func TestANumberLeftOutIsProposedAsItWas(t *testing.T) {
	for _, name := range []string{"random with none", "grid with asha", "tpe with median", "tpe to a goal", "cma-es with asha", "gp with none", "sobol with none"} {
		c := lawConfigs()[name]
		whole := newSweep(t, c, 4, 1).until(t, -1)
		past := slices.Clone(newSweep(t, c, 4, 1).until(t, 14))
		pending := 0
		past = slices.DeleteFunc(past, func(trial medml.Trial) bool {
			if trial.State.Finished() {
				return false
			}
			pending++
			return pending == 1
		})
		if pending < 2 {
			t.Fatalf("%s: %d trials pending, the test needs two", name, pending)
		}
		if rest := newSweep(t, c, 2, 5, past...).until(t, -1); digest(t, rest) != digest(t, whole) {
			t.Errorf("%s: %s", name, firstDifference(whole, rest))
		}
	}
}

func TestNewTakesTrialsAsTheyWereTold(t *testing.T) {
	c := config("tpe")
	c.Lookback, c.Trials = 4, 30
	trials := newSweep(t, c, 2, 1).until(t, -1)
	before := digest(t, trials)
	rest := newSweep(t, c, 2, 1, trials...).until(t, -1)
	if digest(t, rest) != before || digest(t, trials) != before {
		t.Error("a finished study changed when it was built anew")
	}
}

func firstDifference(want, got []medml.Trial) string {
	for i := range min(len(want), len(got)) {
		w, g := want[i], got[i]
		a := fmt.Sprint(w.Number, w.State, w.Params, w.Value, w.Epochs())
		if b := fmt.Sprint(g.Number, g.State, g.Params, g.Value, g.Epochs()); a != b {
			return "want " + a + ", got " + b
		}
	}
	return fmt.Sprintf("want %d trials, got %d", len(want), len(got))
}
