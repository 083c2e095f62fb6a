package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/c-bata/goptuna"

	"medml"
	"medml/internal/elementary"
)

// cmaES is the covariance matrix adaptation evolution strategy (Hansen 2016) over the
// numbers and ordered choices that every trial has, with restarts that double the
// population (Auger and Hansen, A Restart CMA Evolution Strategy With Increasing Population
// Size, 2005). Unordered choices and the parameters of branches are TPE's.
//
// Under a lookback K the population is 3K/4 at least: smaller ones would be several
// generations behind.
//
// Pruned trials rank behind complete ones, then those that don't meet the constraints,
// diverged ones last; failed ones don't count. Warm trials count as if drawn from the cloud
// that they change. It knows one objective.
type cmaES struct {
	seed     uint64
	lookback int
	dims     []dimension
	numeric  []int // the places of its coordinates among dims
	lambda   int
	sigma    float64

	mu    sync.Mutex
	state replayed // what has been computed so far, which any trial can compute again
}

// replayed is an evolution and the trials that made it.
type replayed struct {
	of       *history
	numbers  []int32 // by rising number
	after    []int   // by number, which cloud was the present one after it
	evolving *evolution
}

func newCMAES(c Config, dims []dimension) (sampler, faults) {
	m := &cmaES{seed: c.Sampler.Seed, lookback: c.Lookback, dims: dims, lambda: c.Sampler.Population, sigma: c.Sampler.Sigma}
	for i, d := range dims {
		if d.distribution != nil && d.scale != unordered && d.When == nil {
			m.numeric = append(m.numeric, i)
		}
	}
	others, _ := newTPE(c, dims)
	f := c.singleObjective("cma-es")
	if len(m.numeric) == 0 {
		others.about = "cma-es (no numbers that every trial has: " + others.about + ")"
		return others, f
	}
	if m.lambda == 0 {
		m.lambda = max(4+int(3*elementary.Log(float64(len(m.numeric)))), 3*c.Lookback/4)
	}
	if m.sigma == 0 {
		m.sigma = defaultSigma
	}
	about := fmt.Sprintf("cma-es (%d parameters, population %d, sigma %.3g", len(m.numeric), m.lambda, m.sigma)
	if c.Lookback > 0 {
		about += fmt.Sprintf(", lookback %d", c.Lookback)
	}
	if rest := len(searched(dims)) - len(m.numeric); rest > 0 {
		about += fmt.Sprintf("; %d by tpe", rest)
	}
	return sampler{about: about + ")", independent: others.independent, relative: m}, f
}

// defaultSigma is the first standard deviation as a share of a parameter's axis.
const defaultSigma = 1.0 / 6

// searched returns the dimensions with more than one value.
func searched(dims []dimension) (out []*dimension) {
	for i := range dims {
		if dims[i].distribution != nil {
			out = append(out, &dims[i])
		}
	}
	return out
}

// SampleRelative returns the parameters that all trials have.
func (m *cmaES) SampleRelative(s *goptuna.Study, t goptuna.FrozenTrial, _ map[string]any) (map[string]float64, error) {
	p, err := pastOf(s, m.dims, t.Number)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	c := m.state.replay(m, p).present()
	m.mu.Unlock()
	x := drawInside(c, medml.Stream(m.seed, "cma-es", t.Number, attemptOf(t)))
	params := map[string]float64{}
	for j, i := range m.numeric {
		params[m.dims[i].Name] = m.dims[i].fromUnit(x[j])
	}
	return params, nil
}

// drawInside draws until a point is in the box, and after 100 times takes the nearest in it.
func drawInside(c *cloud, r *rand.Rand) []float64 {
	z := make([]float64, len(c.mean))
	for tries := 0; ; tries++ {
		for i := range z {
			z[i] = elementary.NormQuantile((float64(r.Uint64()>>11) + 0.5) / (1 << 53))
		}
		x := c.draw(z)
		if !slices.ContainsFunc(x, func(v float64) bool { return !(v >= 0 && v <= 1) }) {
			return x
		}
		if tries == 100 {
			for i, v := range x {
				x[i] = min(max(v, 0), 1)
			}
			return x
		}
	}
}

// replay takes the trials that are seen to have ended into the evolution, in the order of
// their numbers; from the first on, if what it has isn't how they begin.
func (r *replayed) replay(m *cmaES, p *past) *evolution {
	var seen []int32
	for i := range p.end() {
		if p.ended(i) {
			seen = append(seen, int32(i))
		}
	}
	if r.of != p.history || len(seen) < len(r.numbers) || !slices.Equal(r.numbers, seen[:len(r.numbers)]) {
		*r = replayed{of: p.history, evolving: newEvolution(m.seed, len(m.numeric), m.lambda, max(m.lookback-1, 0), m.sigma, m.cell)}
	}
	for _, number := range seen[len(r.numbers):] {
		if p.trials[number].state != goptuna.TrialStateFail {
			r.evolving.add(m.member(p, number, r.cloudOf(int(number), p.warm, m.lookback)), p.compare)
		}
		r.numbers = append(r.numbers, number)
		for len(r.after) <= int(number) {
			r.after = append(r.after, len(r.evolving.clouds)-1)
		}
	}
	return r.evolving
}

// cloudOf returns the cloud from which a trial was drawn: the present one when it saw the
// trials up to its lookback or, without one, all that had ended before it. It always saw
// the warm trials, which were drawn from none.
func (r *replayed) cloudOf(number, warm, lookback int) *cloud {
	clouds := r.evolving.clouds
	last := max(number-lookback, warm-1)
	switch {
	case lookback == 0 || number < warm:
		return clouds[len(clouds)-1]
	case last < 0:
		return clouds[0]
	}
	return clouds[r.after[last]]
}

// member returns an ended trial as the evolution takes it.
func (m *cmaES) member(p *past, number int32, from *cloud) member {
	x := make([]float64, len(m.numeric))
	for j, i := range m.numeric {
		x[j] = from.mean[j]
		if c := p.columns[i][number]; c == c {
			x[j] = m.dims[i].unit(c)
		}
	}
	r := &p.trials[number]
	if r.class() == infeasibleClass {
		return member{number, x, r.violation, from}
	}
	return member{number, x, r.value, from}
}

// cell returns the width on the axis of what belongs to the value of a coordinate, 0 for a
// continuous one.
func (m *cmaES) cell(coordinate int, at float64) float64 {
	d := &m.dims[m.numeric[coordinate]]
	if d.scale == continuous {
		return 0
	}
	from, to := d.cell(d.fromUnit(at))
	return (to - from) / (d.high - d.low)
}
