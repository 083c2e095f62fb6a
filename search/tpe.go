package search

import (
	"fmt"

	"github.com/c-bata/goptuna"
)

// tpe is the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl,
// Algorithms for Hyper-Parameter Optimization, 2011) with the settings that Optuna made
// usual (Watanabe, Tree-Structured Parzen Estimator, 2023): group by group, the parameters
// of a group jointly, or parameter by parameter.
//
// The trials that have a group's parameters are split into the best tenth, 25 at most, and
// the others. Of some candidates drawn from the density l of the good ones, it proposes the
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
	joint      bool
	groups     []group
	groupOf    []int
}

func newTPE(c Config, dims []dimension) (sampler, faults) {
	t := &tpe{random: uniformly(c.Sampler.Seed, dims), startup: c.Sampler.StartupTrials,
		candidates: c.Sampler.Candidates, joint: c.Sampler.multivariate()}
	t.groups, t.groupOf = groupsOf(dims)
	if t.startup == 0 {
		t.startup = 10
	}
	if t.candidates == 0 {
		t.candidates = 24
	}
	return sampler{about: t.about(c.Lookback), independent: t}, nil
}

func (t *tpe) about(lookback int) string {
	about := fmt.Sprintf("tpe (%d startup trials, %d candidates", t.startup, t.candidates)
	if t.joint {
		about = fmt.Sprintf("tpe (multivariate, %d startup trials, %d candidates", t.startup, t.candidates)
	}
	if lookback > 0 {
		about += fmt.Sprintf(", lookback %d", lookback)
	}
	return about + ")"
}

// Sample draws a parameter. The parameters of a group are drawn together, from one stream,
// whichever of them is asked for.
func (t *tpe) Sample(s *goptuna.Study, trial goptuna.FrozenTrial, name string, dist any) (float64, error) {
	i, ok := t.index[name]
	if !ok {
		return 0, fmt.Errorf("sample %q: no parameter of the space", name)
	}
	p, err := pastOf(s, t.dims, trial.Number)
	if err != nil {
		return 0, err
	}
	if len(p.ranked()) < t.startup {
		return t.random.Sample(s, trial, name, dist)
	}
	if !t.joint {
		e := keep(p, i, func() *estimate { return t.estimate(p, t.groupOf[i], i) })
		return e.propose(t, trial)[0], nil
	}
	g := t.groupOf[i]
	e := keep(p, t.groups[g][0], func() *estimate { return t.estimate(p, g, t.groups[g]...) })
	return e.propose(t, trial)[e.places[i]], nil
}

// estimate is the densities of some parameters that are drawn together, and what has been
// drawn from them last.
type estimate struct {
	stream int // the place in the space of the first of them
	places map[int]int
	l, g   *parzen
	drawn  []float64
	for_   string
}

// estimate estimates the densities of dimensions, all of one group.
func (t *tpe) estimate(p *past, group int, dims ...int) *estimate {
	e := &estimate{stream: dims[0], places: map[int]int{}}
	var of []*dimension
	for place, i := range dims {
		e.places[i] = place
		of = append(of, &t.dims[i])
	}
	good, others := split(p, group, mostOf(of))
	e.l = newParzen(of, good.points(p, dims))
	e.g = newParzen(of, others.points(p, dims))
	return e
}

// points returns the coordinates of a sample's trials.
func (s sample) points(p *past, dims []int) points {
	at := points{weights: s.weights, n: s.n}
	for _, i := range dims {
		xs := make([]float64, len(s.numbers), len(s.numbers)+1)
		for j, number := range s.numbers {
			xs[j] = p.columns[i][number]
		}
		at.coordinates = append(at.coordinates, xs)
	}
	return at
}

// propose draws candidates from l and returns the one with the highest l/g.
func (e *estimate) propose(t *tpe, trial goptuna.FrozenTrial) []float64 {
	if attempt := trial.SystemAttrs[attemptAttr]; e.drawn == nil || e.for_ != attempt {
		r := streamOf(t.seed, trial, e.stream)
		candidates := make([][]float64, t.candidates)
		for i := range candidates {
			candidates[i] = e.l.draw(r)
		}
		l, g := e.l.logAt(candidates), e.g.logAt(candidates)
		best := 0
		for i := range candidates {
			if l[i]-g[i] > l[best]-g[best] {
				best = i
			}
		}
		e.drawn, e.for_ = candidates[best], attempt
	}
	return e.drawn
}
