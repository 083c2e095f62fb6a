package search_test

import (
	"slices"
	"strings"
	"testing"

	"medml"
	"medml/search"
)

// either is a space whose second parameter exists for two of the first one's three words.
func either() medml.Space {
	on := func(word string) *medml.Condition {
		return &medml.Condition{Param: "rule", Equals: medml.StringValue(word)}
	}
	p := float("momentum", 0, 1)
	p.When = on("sgd")
	p.When.Or = on("rmsprop")
	return medml.Space{words("rule", "adam", "sgd", "rmsprop"), p}
}

func TestAParameterExistsForEachOfTheValuesItDependsOn(t *testing.T) {
	for _, name := range search.Samplers() {
		c := search.Config{Direction: medml.Minimize, Sampler: search.SamplerConfig{Name: name}, Lookback: 3}
		study, err := search.New(either(), c, nil)
		if err != nil {
			if name == "grid" {
				continue // a float without a step
			}
			t.Fatalf("%s: %v", name, err)
		}
		seen := map[string]int{}
		var past []medml.Trial
		for range 60 {
			trial, err := study.Ask()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			rule, _ := trial.Params.Lookup("rule")
			momentum, has := trial.Params.Lookup("momentum")
			if has != (rule.String() != "adam") {
				t.Fatalf("%s: trial %d is %v", name, trial.Number, trial.Params)
			}
			seen[rule.String()]++
			trial.State, trial.Value = medml.Complete, 2.0
			if has {
				trial.Value = momentum.Float()
			}
			if err := study.Tell(trial); err != nil {
				t.Fatal(err)
			}
			past = append(past, trial)
		}
		if len(seen) != 3 {
			t.Errorf("%s: drew only %v", name, seen)
		}
		again, err := search.New(either(), c, past)
		if err != nil {
			t.Fatalf("%s: going on: %v", name, err)
		}
		next, err := study.Ask()
		if err != nil {
			t.Fatal(err)
		}
		resumed, err := again.Ask()
		if err != nil || !slices.Equal(next.Params, resumed.Params) {
			t.Errorf("%s: goes on with %v, resumed with %v, %v", name, next.Params, resumed.Params, err)
		}
	}
}

func TestAConditionIsOnOneParameterAndWhatItCanBe(t *testing.T) {
	two := either()
	two[1].When.Or.Param = "momentum"
	never := either()
	never[1].When.Or.Equals = medml.StringValue("lion")
	for want, space := range map[string]medml.Space{
		"space.momentum: depends on both rule and momentum, expected one of them": two,
		"space.momentum: depends on rule=lion, which it never is":                 never,
	} {
		err := search.Config{Direction: medml.Minimize}.Validate(space)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
