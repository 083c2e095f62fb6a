// Command goptuna searches medml's problems with the samplers that goptuna ships, and
// prints a row a search as `medml bench search --quality --json` does. bench/quality.py
// runs it. It is a module of its own: medml uses none of these samplers.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"strconv"

	"github.com/c-bata/goptuna"
	"github.com/c-bata/goptuna/cmaes"
	"github.com/c-bata/goptuna/sobol"
	"github.com/c-bata/goptuna/tpe"

	"medml"
	"medml/search/problems"
)

func main() {
	name := flag.String("problem", "branin", "")
	sampler := flag.String("sampler", "tpe", "")
	pending := flag.Int("pending", 1, "")
	trials := flag.Int("trials", 100, "")
	seeds := flag.Int("seeds", 30, "")
	flag.Parse()
	p, err := problems.Lookup(*name)
	check(err)
	for seed := range *seeds {
		study, err := study(*sampler, int64(seed))
		check(err)
		regret, err := problems.Search(&adapter{study: study, space: p.Space}, p, *trials, *pending)
		check(err)
		row, err := json.Marshal(map[string]any{
			"tool": "goptuna", "problem": p.Name, "sampler": *sampler, "pending": *pending, "seed": seed, "regret": regret,
		})
		check(err)
		fmt.Println(string(row))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func study(sampler string, seed int64) (*goptuna.Study, error) {
	options := []goptuna.StudyOption{goptuna.StudyOptionLogger(nil)}
	switch sampler {
	case "random":
		options = append(options, goptuna.StudyOptionSampler(goptuna.NewRandomSampler(goptuna.RandomSamplerOptionSeed(seed))))
	case "tpe":
		options = append(options, goptuna.StudyOptionSampler(tpe.NewSampler(tpe.SamplerOptionSeed(seed))))
	case "cma-es":
		options = append(options, goptuna.StudyOptionRelativeSampler(cmaes.NewSampler(cmaes.SamplerOptionSeed(seed))))
	case "sobol":
		options = append(options, goptuna.StudyOptionRelativeSampler(sobol.NewSampler()))
	default:
		return nil, fmt.Errorf("no sampler %q", sampler)
	}
	return goptuna.CreateStudy("bench", options...)
}

// adapter is a goptuna study as medml's problems ask for one.
type adapter struct {
	study *goptuna.Study
	space medml.Space
}

// Ask draws the parameters in order.
func (a *adapter) Ask() (medml.Trial, error) {
	id, err := a.study.Storage.CreateNewTrial(a.study.ID)
	if err != nil {
		return medml.Trial{}, err
	}
	trial := goptuna.Trial{Study: a.study, ID: id}
	if a.study.RelativeSampler != nil {
		if err := trial.CallRelativeSampler(); err != nil {
			return medml.Trial{}, err
		}
	}
	out := medml.Trial{Number: id, State: medml.Running}
	for _, p := range a.space {
		if !a.space.Active(p, out.Params) {
			continue
		}
		v, err := suggest(&trial, p)
		if err != nil {
			return medml.Trial{}, err
		}
		out.Params = append(out.Params, medml.Setting{Name: p.Name, Value: v})
	}
	return out, nil
}

func suggest(trial *goptuna.Trial, p medml.Param) (medml.Value, error) {
	switch {
	case p.Kind == medml.Categorical:
		labels := make([]string, len(p.Choices))
		for i := range labels {
			labels[i] = strconv.Itoa(i)
		}
		label, err := trial.SuggestCategorical(p.Name, labels)
		if err != nil {
			return medml.Value{}, err
		}
		i, err := strconv.Atoi(label)
		if err != nil {
			return medml.Value{}, err
		}
		return p.Choices[i], nil
	case p.Kind == medml.Int && p.Log: // goptuna has no such distribution
		x, err := trial.SuggestLogFloat(p.Name, p.Low, p.High)
		return medml.IntValue(int(math.Round(x))), err
	case p.Kind == medml.Int:
		x, err := trial.SuggestStepInt(p.Name, int(p.Low), int(p.High), max(1, int(p.Step)))
		return medml.IntValue(x), err
	case p.Log:
		x, err := trial.SuggestLogFloat(p.Name, p.Low, p.High)
		return medml.FloatValue(x), err
	}
	x, err := trial.SuggestFloat(p.Name, p.Low, p.High)
	return medml.FloatValue(x), err
}

func (a *adapter) Report(medml.Trial, int, medml.Epoch) (bool, error) { return false, nil }

// Tell finishes a trial.
func (a *adapter) Tell(t medml.Trial) error {
	if err := a.study.Storage.SetTrialValue(t.Number, t.Value); err != nil {
		return err
	}
	return a.study.Storage.SetTrialState(t.Number, goptuna.TrialStateComplete)
}
