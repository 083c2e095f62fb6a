package search_test

import (
	"errors"
	"fmt"
	"log"

	"medml"
	"medml/search"
)

// A study is asked for trials and told what became of them, here the square of the
// distance to 0.3.
func Example() {
	space := medml.Space{{Name: "dropout", Kind: medml.Float, Low: 0, High: 0.5}}
	study, err := search.New(space, search.Config{
		Direction: medml.Minimize,
		Sampler:   search.SamplerConfig{Name: "tpe", Seed: 42},
		Pruner:    search.PrunerConfig{Name: "median"},
		Lookback:  12,
		Trials:    60,
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(study.Describe())

	var trials []medml.Trial
	for {
		trial, err := study.Ask()
		if done := new(medml.Done); errors.As(err, &done) {
			fmt.Println(done.Reason)
			break
		} else if err != nil {
			log.Fatal(err)
		}
		d := trial.Params[0].Value.Float() - 0.3
		trial.State, trial.Value = medml.Complete, d*d
		if err := study.Tell(trial); err != nil {
			log.Fatal(err)
		}
		trials = append(trials, trial)
	}
	best, _ := medml.Best(medml.Minimize, trials)
	fmt.Printf("dropout %.2f\n", best.Params[0].Value.Float())
	// Output:
	// tpe (multivariate, 10 startup trials, 24 candidates, lookback 12) median (5 startup trials, 0 epochs of warm-up)
	// 60 trials done
	// dropout 0.30
}
