package search

import (
	"math"
	"slices"

	"medml"
	"medml/internal/elementary"
)

// evolution is the state of CMA-ES after some trials. It is made of nothing but the trials'
// numbers, points and ranks, so that it can be made again at any time.
//
// A generation is updated by the next λ trials in the order of their numbers. Under a
// lookback some of them were drawn from an earlier cloud than the present one, as a worker
// can't wait for a generation to end. A trial's step is therefore measured from the cloud
// that it was drawn from, and moves the present mean by as much.
type evolution struct {
	*strategy
	seed    uint64
	sigma0  float64
	ahead   int                                      // how many trials are drawn before one is seen
	cells   func(coordinate int, at float64) float64 // the width of a value's cell; 0 if continuous
	clouds  []*cloud                                 // all since the beginning; the last is the present one
	members []member                                 // of the block that isn't full

	c, pathC, pathSigma []float64
	age                 int       // updates since the restart
	bests               []float64 // of the blocks since then
}

// member is a trial that has ended.
type member struct {
	number int32
	x      []float64
	value  float64 // the violation of one that doesn't meet the constraints
	from   *cloud
}

func newEvolution(seed uint64, d, lambda, ahead int, sigma float64, cells func(int, float64) float64) *evolution {
	e := &evolution{strategy: newStrategy(d, lambda), seed: seed, sigma0: sigma, ahead: ahead, cells: cells}
	mean := make([]float64, d)
	for i := range mean {
		mean[i] = 0.5
	}
	e.restart(&cloud{mean: mean})
	return e
}

// restart begins anew around a mean.
func (e *evolution) restart(c *cloud) {
	d := e.d
	e.c, e.pathC, e.pathSigma = make([]float64, d*d), make([]float64, d), make([]float64, d)
	c.sigma, c.scales = e.sigma0, make([]float64, d)
	for i := range d {
		e.c[i*d+i], c.scales[i] = 1, 1
	}
	c.b = slices.Clone(e.c)
	e.widen(c)
	e.age, e.bests, e.members = 0, nil, nil
	e.clouds = append(e.clouds, c)
}

// present returns the cloud from which to draw.
func (e *evolution) present() *cloud { return e.clouds[len(e.clouds)-1] }

// add takes a trial that has ended. Those from before a restart come too late.
func (e *evolution) add(m member, compare func(a, b int32) int) {
	if m.from.run != e.present().run {
		return
	}
	e.members = append(e.members, m)
	if len(e.members) < e.lambda {
		return
	}
	slices.SortFunc(e.members, func(a, b member) int { return compare(a.number, b.number) })
	e.bests = append(e.bests, e.members[0].value)
	flat := e.members[0].value == e.members[e.lambda*2/3].value
	e.update()
	e.members = nil
	if e.finished(flat) {
		run := e.present().run + 1
		e.strategy = newStrategy(e.d, min(2*e.lambda, maxPopulation))
		mean, r := make([]float64, e.d), medml.Stream(e.seed, "cma-es restart", run)
		for i := range mean {
			mean[i] = r.Float64()
		}
		e.restart(&cloud{run: run, mean: mean})
	}
}

// maxPopulation ends the doubling of the population at each restart.
const maxPopulation = 1024

// update makes the next cloud of a sorted block (Hansen 2016, Figure 6).
func (e *evolution) update() {
	d, now := e.d, e.present()
	next := &cloud{run: now.run, mean: slices.Clone(now.mean)}
	moved, white := make([]float64, d), make([]float64, d)
	steps := make([][]float64, e.lambda)
	rate := 1 / (1 + float64(e.ahead)/float64(2*e.lambda)) // of the mean's learning
	for i, m := range e.members {
		var w []float64
		steps[i], w = m.from.step(m.x)
		if i >= e.mu {
			continue
		}
		addScaled(moved, e.weights[i], steps[i])
		addScaled(white, e.weights[i], w)
		for j := range next.mean {
			next.mean[j] += float64(float64(rate*e.weights[i]) * float64(m.from.sigma*float64(m.from.stretch[j]*steps[i][j])))
		}
	}
	for j, x := range next.mean {
		next.mean[j] = min(max(x, 0), 1)
	}
	e.age++
	length := e.follow(e.pathSigma, e.cSigma, white)
	next.sigma = now.sigma * elementary.Exp(min(1, e.cSigma/e.dSigma*(length/e.chi-1)))
	stalled := 1 - elementary.Pow(1-e.cSigma, float64(2*e.age))
	delta := 0.0
	if length/math.Sqrt(stalled) < (1.4+2/float64(d+1))*e.chi {
		e.follow(e.pathC, e.cC, moved)
	} else {
		e.follow(e.pathC, e.cC, make([]float64, d))
		delta = e.c1 * e.cC * (2 - e.cC)
	}
	e.adapt(delta, steps)
	e.decompose(next)
	e.widen(next)
	e.clouds = append(e.clouds, next)
}

// follow lets an evolution path fade and adds a step, and returns its length.
func (e *evolution) follow(path []float64, rate float64, step []float64) float64 {
	for i := range path {
		path[i] *= 1 - rate
	}
	addScaled(path, math.Sqrt(float64(rate*(2-rate))*e.muEff), step)
	return math.Sqrt(dot(path, path))
}

// adapt updates the covariance matrix by the path and the steps. The worst steps make it
// narrower; scaled to one length in the present metric, they can't make it indefinite.
func (e *evolution) adapt(delta float64, steps [][]float64) {
	d, now, total := e.d, e.present(), 0.0
	for _, w := range e.weights {
		total += w
	}
	keep := 1 + delta - e.c1 - float64(e.cMu*total)
	for i := range e.c {
		e.c[i] *= keep
	}
	grow := func(rate float64, y []float64) {
		for i := range d {
			addScaled(e.c[i*d:i*d+d], float64(rate*y[i]), y)
		}
	}
	grow(e.c1, e.pathC)
	for i, w := range e.weights {
		if w < 0 {
			white := now.whiten(steps[i])
			w *= float64(d) / max(dot(white, white), 1e-8)
		}
		grow(e.cMu*w, steps[i])
	}
}

// decompose sets the axes of a cloud. Eigenvalues that rounding has made too small are
// raised.
func (e *evolution) decompose(c *cloud) {
	d := e.d
	for i := range d { // the two triangles differ by rounding
		for j := range i {
			v := e.c[i*d+j]/2 + e.c[j*d+i]/2
			e.c[i*d+j], e.c[j*d+i] = v, v
		}
	}
	values, b := eigen(slices.Clone(e.c), d)
	largest := slices.Max(values)
	for i, v := range values {
		values[i] = math.Sqrt(max(v, 1e-16*largest, 1e-300))
	}
	c.b, c.scales = b, values
}

// widen keeps discrete coordinates from freezing: where the cloud lies within the cell of a
// single value, it is stretched until a draw leaves the cell with a probability of
// 1/(λ·d), if it is around the middle. (As with the margin of Hamano, Saito, Nomura and
// Shirakawa, CMA-ES with Margin, 2022, of which this is the stretch without the shift.)
func (e *evolution) widen(c *cloud) {
	c.stretch = make([]float64, e.d)
	reach := elementary.NormQuantile(1 - 1/float64(2*e.lambda*e.d))
	for i := range c.stretch {
		sd := c.sigma * math.Sqrt(e.c[i*e.d+i])
		c.stretch[i] = max(1, e.cells(i, c.mean[i])/2/reach/sd)
	}
}

// finished reports whether the search has converged, or can't go on in doubles (Hansen
// 2016, section B.3).
func (e *evolution) finished(flat bool) bool {
	c := e.present()
	longest, shortest := slices.Max(c.scales), slices.Min(c.scales)
	if longest > 1e7*shortest || !(c.sigma*longest > 1e-10*e.sigma0) || c.sigma > 1e4 {
		return true
	}
	window := 10 + (30*e.d+e.lambda-1)/e.lambda
	if len(e.bests) < window {
		return false
	}
	recent := e.bests[len(e.bests)-window:]
	low, high := slices.Min(recent), slices.Max(recent)
	return flat && low == high || high-low <= 1e-12*max(math.Abs(low), math.Abs(high))
}
