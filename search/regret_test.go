package search_test

import (
	"fmt"
	"slices"
	"testing"

	"medml"
	"medml/search"
)

// median returns the median regret over the seeds of a sweep of four workers.
func medianRegret(t *testing.T, space medml.Space, c search.Config, objective func(medml.Params) float64, optimum float64) float64 {
	t.Helper()
	var regrets []float64
	for seed := range 20 {
		c.Sampler.Seed = uint64(seed)
		trials := run(t, mustNew(t, space, c), 100, objective)
		b := best(trials, c.Direction)
		regrets = append(regrets, max(b-optimum, optimum-b))
	}
	slices.Sort(regrets)
	return regrets[len(regrets)/2]
}

// TestTPEFindsMoreThanRandom holds the median regret after 100 trials over 20 seeds to a
// share of that of random search. Optuna 4.9 reaches 0.046 on Branin and 1.14 on a sphere
// of five dimensions, random search 0.36 and 7.3.
func TestTPEFindsMoreThanRandom(t *testing.T) {
	for _, f := range []struct {
		name      string
		space     medml.Space
		objective func(medml.Params) float64
		optimum   float64
		share     float64
	}{
		{"branin", box(2), branin, 0.397887, 0.33},
		{"sphere", box(5), sphere, 0, 0.33},
		{"a conditional training", mixed(), training, 0, 0.05},
	} {
		for _, lookback := range []int{0, 12} {
			for _, d := range []medml.Direction{medml.Minimize, medml.Maximize} {
				t.Run(fmt.Sprintf("%s, %s, lookback %d", f.name, d, lookback), func(t *testing.T) {
					t.Parallel()
					objective, optimum := f.objective, f.optimum
					if d == medml.Maximize {
						objective, optimum = func(ps medml.Params) float64 { return -f.objective(ps) }, -f.optimum
					}
					c := search.Config{Direction: d, Lookback: lookback, Sampler: search.SamplerConfig{Name: "random"}}
					random := medianRegret(t, f.space, c, objective, optimum)
					c.Sampler.Name = "tpe"
					if tpe := medianRegret(t, f.space, c, objective, optimum); tpe > f.share*random {
						t.Errorf("median regret %.4g, random %.4g: expected at most %v of that", tpe, random, f.share)
					}
				})
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
