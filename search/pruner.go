package search

import (
	"fmt"

	"github.com/c-bata/goptuna"
)

// pruners is the table of pruners. A new one is a file and a line.
var pruners = map[string]func(Config) (pruner, faults){
	"asha":       newASHA,
	"hyperband":  newHyperband,
	"median":     newMedian,
	"none":       newNone,
	"patient":    newPatient,
	"percentile": newPercentile,
	"threshold":  newThreshold,
	"wilcoxon":   newWilcoxon,
}

// Pruners returns the names of the pruners.
func Pruners() []string { return sortedNames(pruners) }

func (c PrunerConfig) name() string {
	if c.Name == "" {
		return "none"
	}
	return c.Name
}

// pruner is one of the algorithms that end hopeless trials.
type pruner struct {
	// about describes it in a line.
	about string
	goptuna.Pruner
}

// none prunes nothing. It stands where goptuna would drop intermediate values for want of
// a pruner.
type none struct{}

func newNone(Config) (pruner, faults) { return pruner{"none", none{}}, nil }

// Prune says no.
func (none) Prune(*goptuna.Study, goptuna.FrozenTrial) (bool, error) { return false, nil }

// curveOf returns the intermediate values of a trial by rising steps.
func curveOf(t goptuna.FrozenTrial) []point {
	h := newHistory(nil)
	h.add()
	for step, v := range t.IntermediateValues {
		h.report(0, step, v)
	}
	return h.trials[0].curve
}

// epochs is n and its unit, for descriptions.
func epochs(n int) string { return counted(n, "epoch") }

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
