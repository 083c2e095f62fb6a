package search

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/c-bata/goptuna"

	"medml"
	"medml/internal/elementary"
)

// nsga2 is the non-dominated sorting genetic algorithm (Deb, Pratap, Agarwal and Meyarivan, A
// Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, 2002).
//
// Trial n belongs to generation n / population. The first generation is random. The parents
// of a later one are the best of all trials that its first trial sees ended: front by
// front, of a front that doesn't fit the least crowded (elitism over the whole past, not
// only the generation before); trials that don't meet the constraints follow by how far
// they are from it. A child has two parents, each the better of two drawn ones, and is made
// by simulated binary crossover and polynomial mutation of numbers (Deb and Agrawal 1995;
// Deb and Goyal 1996, on the axis where they are searched, logarithmic ones by their
// logarithm), and by uniform crossover and mutation of everything else. A parameter of a
// branch that one parent alone has comes from that parent, one that neither has is drawn.
//
// With one objective the parents are ranked by it alone.
type nsga2 struct {
	*random
	population int
	lookback   int
	// parents are those of the generation that was asked for last.
	parents    []int32
	generation int
	seen       int
}

const (
	crossoverRate  = 0.9
	crossoverIndex = 20 // η_c: how close a child stays to its parents
	mutationIndex  = 20 // η_m
	// fewValues is up to how many values a discrete number is mutated to any of them.
	fewValues = 16
)

func newNSGA2(c Config, dims []dimension) (sampler, faults) {
	n := &nsga2{random: uniformly(c.Sampler.Seed, dims), population: c.Sampler.Population, lookback: c.Lookback, generation: -1}
	if n.population == 0 {
		n.population = 50
	}
	return sampler{about: fmt.Sprintf("nsga-ii (population %d)", n.population), independent: n.random, relative: n}, nil
}

// SampleRelative returns a child, or nothing while there are no parents.
func (n *nsga2) SampleRelative(s *goptuna.Study, t goptuna.FrozenTrial, _ map[string]any) (map[string]float64, error) {
	p, err := pastOf(s, n.dims, t.Number)
	if err != nil {
		return nil, err
	}
	parents := n.parentsOf(p)
	if len(parents) < 2 {
		return nil, nil
	}
	r := streamOf(n.seed, t, -1)
	a, b := tournament(parents, r), tournament(parents, r)
	return n.child(p, a, b, r), nil
}

// parentsOf returns the parents of the generation of the trial that asks, best first.
func (n *nsga2) parentsOf(p *past) []int32 {
	generation := (p.now - p.warm) / n.population
	first := p.warm + generation*n.population
	var ended []int32
	for i := range first {
		sees := n.lookback == 0 || i < p.warm || i <= first-n.lookback
		if sees && i < len(p.trials) && p.ended(i) && p.trials[i].state != goptuna.TrialStateFail {
			ended = append(ended, int32(i))
		}
	}
	if n.generation == generation && n.seen == len(ended) {
		return n.parents
	}
	n.generation, n.seen = generation, len(ended)
	n.parents = p.fittest(ended, n.population)
	return n.parents
}

// fittest returns the n fittest of the trials, best first.
func (p *past) fittest(trials []int32, n int) []int32 {
	if p.goals < 2 {
		slices.SortFunc(trials, p.compare)
		return trials[:min(n, len(trials))]
	}
	good, others := p.fronts(trials)
	var best []int32
	for _, front := range good {
		crowding := crowdingOf(p.objectivesOf(front))
		order := rising(len(front))
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(crowding[j], crowding[i]) })
		for _, i := range order {
			best = append(best, front[i])
		}
		if len(best) >= n {
			return best[:n]
		}
	}
	best = append(best, others...)
	return best[:min(n, len(best))]
}

// tournament draws two of the parents and returns the better one.
func tournament(parents []int32, r *rand.Rand) int32 {
	return parents[min(r.IntN(len(parents)), r.IntN(len(parents)))]
}

// child returns the internal parameters of a child of two trials.
func (n *nsga2) child(p *past, a, b int32, r *rand.Rand) map[string]float64 {
	crosses := r.Float64() < crossoverRate
	child, params := map[string]float64{}, medml.Params{}
	searched := 0
	for i := range n.dims {
		if n.dims[i].distribution != nil {
			searched++
		}
	}
	for i := range n.dims {
		d := &n.dims[i]
		if !active(d, params) {
			continue
		}
		x := d.number(0)
		if d.distribution != nil {
			g := gene{d, p.columns[i][a], p.columns[i][b]}
			x = g.inherit(crosses, 1/float64(searched), r)
			child[d.Name] = x
		}
		params = append(params, medml.Setting{Name: d.Name, Value: d.value(x)})
	}
	return child
}

// gene is what two parents have of a parameter, as coordinates; NaN where one hasn't it.
type gene struct {
	d    *dimension
	a, b float64
}

// inherit returns the internal form of what a child gets.
func (g gene) inherit(crosses bool, mutationRate float64, r *rand.Rand) float64 {
	d := g.d
	// Every gene takes as many draws, whatever becomes of them.
	mutates, first, u, v := r.Float64() < mutationRate, r.Float64() < 0.5, r.Float64(), r.Float64()
	any := d.uniform(r)
	switch {
	case g.a != g.a && g.b != g.b:
		return any
	case g.a != g.a:
		g.a = g.b
	case g.b != g.b:
		g.b = g.a
	}
	numeric := d.scale != unordered
	if mutates && (!numeric || d.scale == discrete && d.n <= fewValues) {
		return any
	}
	x := g.a
	switch {
	case crosses && numeric && g.a != g.b:
		x = crossed(g.a, g.b, first, u)
	case crosses && !first:
		x = g.b
	}
	if mutates {
		x += float64(mutation(v) * (d.high - d.low))
	}
	return d.at(min(max(x, d.low), d.high))
}

// crossed returns one of the two children of simulated binary crossover: the parents' mean
// plus or minus half their distance, spread by a factor whose distribution is that of
// single-point crossover of binary strings (Deb and Agrawal 1995, equation 10).
func crossed(a, b float64, first bool, u float64) float64 {
	const power = 1.0 / (crossoverIndex + 1)
	spread := elementary.Pow(2*u, power)
	if u > 0.5 {
		spread = elementary.Pow(1/(2*(1-u)), power)
	}
	if first {
		spread = -spread
	}
	return float64((a+b)/2) + float64(spread*((b-a)/2))
}

// mutation returns the step of polynomial mutation as a share of the range (Deb and Goyal
// 1996, equation 8).
func mutation(u float64) float64 {
	const power = 1.0 / (mutationIndex + 1)
	if u < 0.5 {
		return elementary.Pow(2*u, power) - 1
	}
	return 1 - elementary.Pow(math.Max(2*(1-u), 0), power)
}
