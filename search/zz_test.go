package search_test

import (
	"encoding/json"

	"os"

	"testing"

	"medml"
)

// The functions of testdata/optuna/regret.py.

func TestZZWhatOptunaFinds(t *testing.T) {
	var peer struct{ Best map[string][]float64 }
	b, err := os.ReadFile("/tmp/all.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &peer); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]struct {
		space     medml.Space
		objective func(medml.Params) float64
	}{
		"branin": {box(2), branin}, "hartmann": {box(6), hartmann}, "rosenbrock": {box(5), rosenbrock},
		"rastrigin": {box(5), rastrigin}, "ackley": {box(10), ackley}, "conditional": {mixed(), training},
	} {
		for lookback, against := range map[int]string{0: "/0", 12: "/11"} {
			t.Run(name+against, func(t *testing.T) {
				theirs := peer.Best[name+against]
				for _, cands := range []int{24} {
					joint := true
					c := config("tpe")
					c.Lookback, c.Sampler.Multivariate = lookback, &joint
					c.Sampler.Candidates = cands
					var ours []float64
					for seed := range 200 {
						c.Sampler.Seed = uint64(seed)
						ours = append(ours, best(run(t, mustNew(t, f.space, c), 100, f.objective), medml.Minimize))
					}
					t.Logf("ZZ %s %d median %.4g, Optuna's %.4g; worse with z = %.2f", t.Name(), cands, median(ours), median(theirs), higher(ours, theirs))
				}
			})
		}
	}
}
