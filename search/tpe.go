package search

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/c-bata/goptuna"
)

// tpe is the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl,
// Algorithms for Hyper-Parameter Optimization, 2011) with the settings that Optuna made
// usual (Watanabe, Tree-Structured Parzen Estimator, 2023): the parameters that every trial
// has are drawn jointly, and those of a branch one by one or, by group, jointly, too; or all
// of them one by one.
//
// The trials are split into the best tenth, 25 at most, and the others, and those of each
// that have the parameters in question count. Of some candidates drawn from the density l of the good ones, it proposes the
// one with the highest ratio of l to the density g of the others, which maximises the
// expected improvement. Pruned trials count behind the complete ones, the farthest first,
// and those that don't meet the constraints behind these; a trial without a number for a
// value is among the worst, so that a region of diverging trainings is left alone; with
// several objectives the order is by fronts, as [past.rankByFronts] says; failed trials,
// whose fault was the machine's, don't count. The parameters of pending trials join the
// others, bad until proven good (the constant liar of Ginsbourger, Le Riche and Carraro
// 2010), which keeps parallel proposals apart.
type tpe struct {
	*random
	startup    int
	candidates int
	joint      bool
	byGroup    bool
	groups     []group
	groupOf    []int
}

func newTPE(c Config, dims []dimension) (sampler, faults) {
	t := &tpe{random: uniformly(c.Sampler.Seed, dims), startup: c.Sampler.StartupTrials,
		candidates: c.Sampler.Candidates, joint: c.multivariate(), byGroup: c.Sampler.Group}
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
		byGroup := ""
		if t.byGroup {
			byGroup = " by group"
		}
		about = fmt.Sprintf("tpe (multivariate%s, %d startup trials, %d candidates", byGroup, t.startup, t.candidates)
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
	return t.estimate(p, i).propose(t, trial, i), nil
}

// estimate is the densities of some parameters that are drawn together, and what has been
// drawn from them.
type estimate struct {
	dims []int
	l, g *parzen
	// candidates are the distinct points drawn at an attempt, the best first.
	candidates []candidate
	attempt    int
	// ratios are those of the values of a single discrete parameter that have been drawn.
	ratios map[float64]float64
}

// candidate is a point, in its internal form, and the logarithm of l/g there.
type candidate struct {
	point []float64
	ratio float64
}

// estimate returns the densities of the parameters that are drawn with dimension i.
func (t *tpe) estimate(p *past, i int) *estimate {
	g := t.groupOf[i]
	dims := []int{i}
	if t.joint && (t.byGroup || t.dims[i].When == nil) {
		dims = t.groups[g]
	}
	return keep(p, keptEstimate, dims[0], func() *estimate {
		halves := keep(p, keptHalves, g, func() [2]sample {
			good, others := split(p, g, mostOf(len(dims)))
			return [2]sample{good, others}
		})
		e := &estimate{dims: dims, l: t.density(p, halves[0], dims), g: t.density(p, halves[1], dims)}
		if len(dims) == 1 && t.dims[i].scale != continuous {
			e.ratios = map[float64]float64{}
		}
		return e
	})
}

// density estimates the density of dimensions from a sample of the trials.
func (t *tpe) density(p *past, s sample, dims []int) *parzen {
	at := points{weights: s.weights, n: s.n}
	var of []*dimension
	for _, i := range dims {
		xs := make([]float64, len(s.numbers), len(s.numbers)+1)
		for j, number := range s.numbers {
			xs[j] = p.columns[i][number]
		}
		of, at.coordinates = append(of, &t.dims[i]), append(at.coordinates, xs)
	}
	if len(dims) == 1 {
		at = merged(of[0], at.coordinates[0], s)
	}
	return newParzen(of, at)
}

// propose returns what the proposed point has in dimension i. When a trial is drawn again,
// the next best of the candidates is proposed to it; a parameter drawn by itself, which has
// few, and one whose candidates are used up get new ones.
func (e *estimate) propose(t *tpe, trial goptuna.FrozenTrial, i int) float64 {
	attempt := attemptOf(trial)
	e.draw(t, trial.Number, 0)
	next := attempt
	if len(e.dims) == 1 || attempt >= len(e.candidates) {
		e.draw(t, trial.Number, attempt)
		next = 0
	}
	return e.candidates[next].point[slices.Index(e.dims, i)]
}

// draw draws the candidates of an attempt.
func (e *estimate) draw(t *tpe, number, attempt int) {
	if e.candidates != nil && e.attempt == attempt {
		return
	}
	e.candidates, e.attempt = make([]candidate, 0, t.candidates), attempt
	r := streamAt(t.seed, number, attempt, e.dims[0])
	for range t.candidates {
		x := e.l.draw(r)
		if !slices.ContainsFunc(e.candidates, func(c candidate) bool { return slices.Equal(c.point, x) }) {
			e.candidates = append(e.candidates, candidate{x, e.ratio(x)})
		}
	}
	slices.SortStableFunc(e.candidates, func(a, b candidate) int { return cmp.Compare(b.ratio, a.ratio) })
}

// ratio returns the logarithm of l/g at a point.
func (e *estimate) ratio(x []float64) float64 {
	if e.ratios == nil {
		return e.l.logAt(x) - e.g.logAt(x)
	}
	ratio, ok := e.ratios[x[0]]
	if !ok {
		ratio = e.l.logAt(x) - e.g.logAt(x)
		e.ratios[x[0]] = ratio
	}
	return ratio
}
