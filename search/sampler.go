package search

import (
	"math/rand/v2"
	"strconv"

	"github.com/c-bata/goptuna"

	"medml"
)

// samplers is the table of samplers. A new one is a file and a line.
var samplers = map[string]func(Config, []dimension) (sampler, faults){
	"auto":    newAuto,
	"cma-es":  newCMAES,
	"gp":      newGP,
	"grid":    newGrid,
	"nsga-ii": newNSGA2,
	"random":  newRandom,
	"sobol":   newSobol,
	"tpe":     newTPE,
}

// Samplers returns the names of the samplers.
func Samplers() []string { return sortedNames(samplers) }

func (c SamplerConfig) name() string {
	if c.Name == "" {
		return "tpe"
	}
	return c.Name
}

// sampler is one of the algorithms that propose trials.
type sampler struct {
	// about describes it in a line.
	about string
	// independent draws the parameters that relative, which may be nil, leaves open.
	independent goptuna.Sampler
	relative    goptuna.RelativeSampler
	// exhausted, if not nil, returns why nothing is left to propose to the trial that sees
	// that past, or "".
	exhausted func(*past) string
}

// attemptAttr is the system attribute of a trial whose proposal was a duplicate: how often
// it has been drawn again.
const attemptAttr = "attempt"

// streamOf returns the random stream from which a sampler draws one parameter of a trial.
// It depends on the study's seed, the trial's number, the attempt and the parameter's
// place in the space, and on nothing that has been drawn before.
func streamOf(seed uint64, t goptuna.FrozenTrial, index int) *rand.Rand {
	return streamAt(seed, t.Number, attemptOf(t), index)
}

func streamAt(seed uint64, number, attempt, index int) *rand.Rand {
	return medml.Stream(seed, "propose", number, attempt, index)
}

// attemptOf returns how often a trial has been drawn again.
func attemptOf(t goptuna.FrozenTrial) int {
	attempt, err := strconv.Atoi(t.SystemAttrs[attemptAttr])
	if err != nil {
		return 0 // the trial has been drawn once
	}
	return attempt
}
