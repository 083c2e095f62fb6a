package search_test

import (
	"fmt"
	"slices"
	"testing"

	"medml"
	"medml/search"
)

// medianRegret returns the median over 20 seeds of how far the best of 100 trials is above
// the optimum.
func medianRegret(t *testing.T, space medml.Space, c search.Config, objective func(medml.Params) float64, optimum float64) float64 {
	t.Helper()
	var regrets []float64
	for seed := range 20 {
		c.Sampler.Seed = uint64(seed)
		trials := run(t, mustNew(t, space, c), 100, objective)
		regrets = append(regrets, best(trials, medml.Minimize)-optimum)
	}
	slices.Sort(regrets)
	return (regrets[9] + regrets[10]) / 2
}

// TestTPEFindsMoreThanRandom holds the median regret of TPE to a share of that of random
// search. Optuna 4.9 without a lookback reaches 0.046 on Branin and 1.14 on a sphere of
// five dimensions, random search 0.36 and 7.3.
func TestTPEFindsMoreThanRandom(t *testing.T) {
	for name, f := range map[string]struct {
		space     medml.Space
		objective func(medml.Params) float64
		optimum   float64
		share     float64
	}{
		"branin":                 {box(2), branin, 0.397887, 0.33},
		"a sphere":               {box(5), sphere, 0, 0.33},
		"a conditional training": {mixed(), training, 0, 0.05},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := medianRegret(t, f.space, config("random"), f.objective, f.optimum)
			for _, joint := range []bool{true, false} {
				for _, lookback := range []int{0, 12} {
					c := config("tpe")
					c.Lookback, c.Sampler.Multivariate = lookback, &joint
					tpe := medianRegret(t, f.space, c, f.objective, f.optimum)
					what := fmt.Sprintf("multivariate %v, lookback %d: median regret %.3g, random %.3g", joint, lookback, tpe, random)
					t.Log(what)
					if tpe > f.share*random {
						t.Errorf("%s: expected at most %v of that", what, f.share)
					}
				}
			}
		})
	}
}

// To maximise is to minimise the negative: the same trials, to the bit.
func TestBothDirectionsAreOne(t *testing.T) {
	for _, name := range search.Samplers() {
		c := config(name)
		c.Lookback = 5
		low := run(t, mustNew(t, sweepSpace(c), c), 50, training)
		c.Direction = medml.Maximize
		high := run(t, mustNew(t, sweepSpace(c), c), 50, func(ps medml.Params) float64 { return -training(ps) })
		for i := range low {
			if configOf(low[i]) != configOf(high[i]) {
				t.Fatalf("%s: trial %d is %v, maximising %v", name, i, low[i].Params, high[i].Params)
			}
		}
	}
}

// TestTPEIsNotLockedIntoAWrongBranch plays three arms that differ by less than the noise.
// A study is wrong if the best arm has less than a fifth of its last 50 trials.
func TestTPEIsNotLockedIntoAWrongBranch(t *testing.T) {
	for bestArm, arm := range []string{"cnn", "lstm", "autoencoder"} {
		wrong := 0
		for seed := range 20 {
			noise := medml.Stream(uint64(seed), "noise")
			c := config("tpe")
			c.Sampler.Seed = uint64(seed)
			space := medml.Space{words("architecture", "cnn", "lstm", "autoencoder"), float("x", 0, 1)}
			trials := run(t, mustNew(t, space, c), 150, func(ps medml.Params) float64 {
				v := 0.1 * (noise.Float64() + noise.Float64() - 1)
				if ps[0].Value != medml.StringValue(arm) {
					v += 0.05
				}
				return v
			})
			right := 0
			for _, trial := range trials[100:] {
				if trial.Architecture() == arm {
					right++
				}
			}
			if right < 10 {
				wrong++
			}
		}
		if wrong > 1 {
			t.Errorf("best arm %d: %d of 20 studies ended in another", bestArm, wrong)
		}
	}
}

// A region whose trainings diverge is left alone, as one whose values are bad would be.
func TestTPELeavesADivergingRegionAlone(t *testing.T) {
	for _, state := range []medml.State{medml.Complete, medml.Pruned} {
		diverged := 0
		study := mustNew(t, medml.Space{float("x", 0, 1), float("y", 0, 1)}, config("tpe"))
		for i := range 150 {
			trial, err := study.Ask()
			if err != nil {
				t.Fatal(err)
			}
			x, y := trial.Params[0].Value.Float(), trial.Params[1].Value.Float()
			trial.State, trial.Value = medml.Complete, (y-0.3)*(y-0.3)
			if x > 0.5 {
				nan := 0.0
				trial.State, trial.Value = state, nan/nan
				if i >= 50 {
					diverged++
				}
			}
			if err := study.Tell(trial); err != nil {
				t.Fatal(err)
			}
		}
		if diverged > 20 {
			t.Errorf("%v: %d of the last 100 trials diverged", state, diverged)
		}
	}
}
