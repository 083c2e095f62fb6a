package search

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/c-bata/goptuna"
)

// tpe is the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl,
// Algorithms for Hyper-Parameter Optimization, 2011), parameter by parameter, with the
// settings that Optuna made usual (Watanabe, Tree-Structured Parzen Estimator, 2023).
//
// The trials that have a parameter are split into the best tenth, 25 at most, and the
// others. Of some candidates drawn from the density l of the good values, it proposes the
// one with the highest ratio of l to the density g of the others, which maximises the
// expected improvement. Pruned trials count behind the complete ones, the farthest first;
// a trial without a number for a value is among the worst, so that a region of diverging
// trainings is left alone; failed trials, whose fault was the machine's, don't count. The
// parameters of pending trials join the others, bad until proven good (the constant liar
// of Ginsbourger, Le Riche and Carraro 2010), which keeps parallel proposals apart.
type tpe struct {
	*random
	startup    int
	candidates int
}

func newTPE(c Config, dims []dimension) (sampler, faults) {
	t := &tpe{uniformly(c.Sampler.Seed, dims), c.Sampler.StartupTrials, c.Sampler.Candidates}
	if t.startup == 0 {
		t.startup = 10
	}
	if t.candidates == 0 {
		t.candidates = 24
	}
	about := fmt.Sprintf("tpe (%d startup trials, %d candidates", t.startup, t.candidates)
	if c.Lookback > 0 {
		about += fmt.Sprintf(", lookback %d", c.Lookback)
	}
	return sampler{about: about + ")", independent: t}, nil
}

// Sample draws a parameter.
func (t *tpe) Sample(s *goptuna.Study, trial goptuna.FrozenTrial, name string, dist any) (float64, error) {
	i, ok := t.index[name]
	if !ok {
		return 0, fmt.Errorf("sample %q: no parameter of the space", name)
	}
	p, err := pastOf(s, t.dims, trial.Number)
	if err != nil {
		return 0, err
	}
	ranked := p.ranked()
	if len(ranked) < t.startup {
		return t.random.Sample(s, trial, name, dist)
	}
	good, bad := split(p, ranked, i)
	d := &t.dims[i]
	return t.propose(d, newDensity(d, good), newDensity(d, bad), streamOf(t.seed, trial, i)), nil
}

// propose draws candidates from l and returns the one with the highest l/g. Both densities
// hold the prior, so neither is ever 0, and the ratio orders as the difference of the
// logarithms does.
func (t *tpe) propose(d *dimension, l, g density, r *rand.Rand) float64 {
	var best, bestRatio float64
	tried := make([]float64, 0, t.candidates)
	for range t.candidates {
		x := l.draw(r)
		if d.scale != continuous && slices.Contains(tried, x) {
			continue
		}
		tried = append(tried, x)
		if ratio := l.at(x) / g.at(x); len(tried) == 1 || ratio > bestRatio {
			best, bestRatio = x, ratio
		}
	}
	return best
}

// split returns the coordinates of dimension i in the good trials and in the others,
// pending ones included, both in the order of the trials' numbers.
func split(p *past, ranked []int32, i int) (good, bad []float64) {
	column := p.columns[i]
	has := 0
	for _, number := range ranked {
		if column[number] == column[number] {
			has++
		}
	}
	chosen := make([]int32, 0, maxGood)
	for _, number := range ranked {
		if len(chosen) == goodCount(has) || p.trials[number].class() == worstClass {
			break
		}
		if column[number] == column[number] {
			chosen = append(chosen, number)
		}
	}
	slices.Sort(chosen)
	bad = make([]float64, 0, has)
	for number := range p.end() {
		x := column[number]
		switch {
		case x != x:
		case len(chosen) > 0 && int(chosen[0]) == number:
			good, chosen = append(good, x), chosen[1:]
		case number < len(p.inRanking) && p.inRanking[number] || p.isPending(number):
			bad = append(bad, x)
		}
	}
	return good, bad
}

const maxGood = 25

// goodCount returns how many of n trials count as good: the best tenth, rounded up.
func goodCount(n int) int { return min((n+9)/10, maxGood) }

// density is what a Parzen estimator estimates.
type density interface {
	// draw returns the internal form of a random value.
	draw(*rand.Rand) float64
	// at returns the density at the internal form of a value, up to a factor that all
	// densities of a dimension share. It is never 0.
	at(x float64) float64
}

// newDensity estimates a density from the coordinates of observations, older ones first.
func newDensity(d *dimension, observations []float64) density {
	if d.scale == unordered {
		return newFrequencies(d, observations)
	}
	return newParzen(d, observations)
}

// ageWeight is the weight of the i-th of n observations: 1 for the 25 latest, and for
// those before rising from 1/n (as in Hyperopt).
func ageWeight(i, n int) float64 {
	ramp := n - 25
	if i >= ramp {
		return 1
	}
	first := 1 / float64(n)
	if ramp == 1 {
		return first
	}
	return first + float64((1-first)*(float64(i)/float64(ramp-1)))
}
