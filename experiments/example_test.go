package experiments_test

import (
	"fmt"

	"medml/experiments"
)

func Example() {
	src := []byte(`version: 1
name: frailty
task: classification
data: {source: "builtin:wdbc"}
objective: {metric: auroc}
space:
  architecture: cnn
  learning_rate: {type: float, low: 1e-4, high: 1e-2, log: true}
  filters: {type: int, low: 8, high: 32, step: 8}
`)
	spec, err := experiments.Parse("frailty.yaml", src, []string{"sampler.seed=7"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(spec.Name, spec.Objective.Direction, spec.Sampler.Name, spec.Sampler.Seed)
	for _, p := range spec.Space() {
		if !p.Single() {
			fmt.Println(p.Name, p.Kind, p.Low, p.High)
		}
	}
	// Output:
	// frailty maximize tpe 7
	// learning_rate float 0.0001 0.01
	// filters int 8 32
}

func ExampleParse_mistakes() {
	src := []byte(`version: 1
task: classification
data: {source: "builtin:wdbc"}
objective: {metric: auroc}
space:
  architecture: cnn
  filterz: 8
sampler: {sed: 3}
`)
	_, err := experiments.Parse("frailty.yaml", src, nil)
	fmt.Println(err)
	// Output:
	// frailty.yaml:7:3: space.filterz: unknown hyperparameter "filterz" of cnn; did you mean filters?
	// frailty.yaml:8:11: sampler.sed: unknown key "sed" in sampler; did you mean seed?
}
