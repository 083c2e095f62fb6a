package search

import (
	"fmt"
	"slices"
	"sync"

	"github.com/c-bata/goptuna"

	"medml"
)

// gp proposes where a Gaussian process, fitted to the trials seen, expects the highest
// improvement (Jones, Schonlau and Welch, Efficient Global Optimization of Expensive
// Black-Box Functions, 1998). It draws all parameters of a trial together, on any branch.
//
// A pending trial counts as if it had ended with the value that the process expects of it
// (the kriging believer of Ginsbourger, Le Riche and Carraro 2010), which keeps parallel
// proposals apart. Failed trials don't count, diverged ones are the worst. It knows one
// objective.
//
// The time for a proposal grows with the third power of the trials modelled. Of more than
// 400, the 200 best and 200 of the others are, spread evenly over their numbers.
type gp struct {
	seed       uint64
	startup    int
	candidates int
	dims       []dimension
	points     *encoding

	mu     sync.Mutex
	fitted fitted // the latest hyperparameters, which any trial can find again
}

// maxModelled is how many trials a process models.
const maxModelled = 400

func newGP(c Config, dims []dimension) (sampler, faults) {
	g := &gp{
		seed: c.Sampler.Seed, startup: startupOf(c), candidates: c.Sampler.Candidates,
		dims: dims, points: newEncoding(dims),
	}
	if g.candidates == 0 {
		g.candidates = 1024
	}
	quasi, _ := newSobol(c, dims)
	f := c.singleObjective("gp")
	about := fmt.Sprintf("gp (%d startup trials, %d candidates", g.startup, g.candidates)
	if c.Lookback > 0 {
		about += fmt.Sprintf(", lookback %d", c.Lookback)
	}
	return sampler{about: about + ")", independent: quasi.independent, relative: g}, f
}

// startupOf returns how many trials must have ended before a model is made of them.
func startupOf(c Config) int {
	if c.Sampler.StartupTrials == 0 {
		return 10
	}
	return c.Sampler.StartupTrials
}

// singleObjective returns the fault of a study with several objectives.
func (c Config) singleObjective(sampler string) (f faults) {
	if len(c.Goals) > 1 {
		f.add("sampler.name", "is %s, which knows one objective; use tpe or nsga-ii", sampler)
	}
	return f
}

// SampleRelative returns all parameters that are searched; none during the startup, or when
// what was proposed first had been tried, so that the Sobol sequence or random draws give
// them.
func (g *gp) SampleRelative(s *goptuna.Study, t goptuna.FrozenTrial, _ map[string]any) (map[string]float64, error) {
	p, err := pastOf(s, g.dims, t.Number)
	if err != nil {
		return nil, err
	}
	ranked := p.ranked()
	if len(ranked) < g.startup || t.SystemAttrs[attemptAttr] != "" || len(g.points.dims) == 0 {
		return nil, nil
	}
	process := g.model(p, ranked)
	if process == nil {
		return nil, nil
	}
	g.believe(process, p)
	around := make([][]float64, 0, 4)
	for _, number := range ranked[:min(4, len(ranked))] {
		around = append(around, g.points.of(p.history, int(number)))
	}
	of := &improvement{process, slices.Min(process.y), process.scratch()}
	c := newClimb(g.points, of, medml.Stream(g.seed, "gp", t.Number))
	return g.choose(p, c, c.best(g.candidates, around)), nil
}

// choose returns the parameters of the first place that no trial of the study has been.
func (g *gp) choose(p *past, c *climb, places []place) map[string]float64 {
	var taken [][]float64
	for i := p.warm; i < p.end(); i++ {
		if i != p.now && p.hasParams(i) {
			taken = append(taken, g.points.of(p.history, i))
		}
	}
	for _, at := range places {
		if !slices.ContainsFunc(taken, func(x []float64) bool { return slices.Equal(x, at.x) }) {
			g.points.settle(at.x, c.exists)
			return g.points.params(at.x, c.exists)
		}
	}
	return nil
}

// hasParams reports whether trial i has any of the parameters that are searched.
func (p *past) hasParams(i int) bool {
	for _, column := range p.columns {
		if column != nil && column[i] == column[i] {
			return true
		}
	}
	return false
}

// model returns the posterior given the trials that have ended, nil if there is none in
// doubles.
func (g *gp) model(p *past, ranked []int32) *gaussianProcess {
	numbers, x, y := g.modelled(p, ranked)
	g.mu.Lock()
	defer g.mu.Unlock()
	n := milestone(len(ranked))
	if n < len(ranked) {
		// Those of an earlier moment, so that not every trial has to find them anew.
		earlier := slices.Clone(ranked)
		slices.Sort(earlier)
		earlier = earlier[:n]
		slices.SortFunc(earlier, p.compare)
		en, ex, ey := g.modelled(p, earlier)
		g.fitted.update(g.points.category, en, ex, ey)
	} else {
		g.fitted.update(g.points.category, numbers, x, y)
	}
	process := &gaussianProcess{hyper: g.fitted.hyper, category: g.points.category}
	for range 8 {
		if process.condition(x, y) {
			return process
		}
		process.hyper.noise *= 10
	}
	return nil
}

// milestone returns after how many trials the hyperparameters are found that serve for n:
// after each of the first 32, and then whenever there are a sixteenth more.
func milestone(n int) int {
	step := 1
	for n >= 32*step {
		step *= 2
	}
	return n - n%max(1, step/2)
}

// modelled returns the numbers, rising, the points and the values of the trials to be
// modelled.
func (g *gp) modelled(p *past, ranked []int32) (numbers []int32, x [][]float64, y []float64) {
	values := standardised(p, ranked)
	order := make([]int, len(ranked))
	for i := range order {
		order[i] = i
	}
	byNumber := func(a, b int) int { return int(ranked[a]) - int(ranked[b]) }
	if rest := len(ranked) - maxModelled/2; rest > maxModelled/2 {
		others := slices.Clone(order[maxModelled/2:])
		slices.SortFunc(others, byNumber)
		order = order[:maxModelled/2]
		for i := range maxModelled / 2 {
			order = append(order, others[i*rest/(maxModelled/2)])
		}
	}
	slices.SortFunc(order, byNumber)
	for _, i := range order {
		numbers = append(numbers, ranked[i])
		x = append(x, g.points.of(p.history, int(ranked[i])))
		y = append(y, values[i])
	}
	return numbers, x, y
}

// fitted are the hyperparameters found for some values.
type fitted struct {
	numbers []int32
	y       []float64
	hyper   hyperparameters
}

// update finds the hyperparameters unless it has them.
func (f *fitted) update(category []bool, numbers []int32, x [][]float64, y []float64) {
	if slices.Equal(f.numbers, numbers) && slices.Equal(f.y, y) {
		return
	}
	f.numbers, f.y, f.hyper = numbers, y, fit(category, x, y)
}

// believe adds the pending trials with the values expected of them.
func (g *gp) believe(process *gaussianProcess, p *past) {
	x, y := slices.Clone(process.x), slices.Clone(process.y)
	s := process.scratch()
	for _, i := range p.pending() {
		if !p.hasParams(int(i)) {
			continue
		}
		at := g.points.of(p.history, int(i))
		mean, _ := process.posterior(at, s)
		x, y = append(x, at), append(y, mean)
	}
	if len(x) == len(process.x) {
		return
	}
	with := &gaussianProcess{hyper: process.hyper, category: process.category}
	if with.condition(x, y) {
		*process = *with
	}
}
