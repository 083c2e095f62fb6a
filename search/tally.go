package search

import (
	"slices"

	"github.com/c-bata/goptuna"
)

// tally is numbers in order, to which one is added, of which one is taken away, and among
// which one is found by its place, without going through all: they lie in chunks.
type tally struct {
	chunks [][]float64
	n      int
	nans   int // values that aren't numbers are counted alone
}

// chunkSize is when a chunk is halved.
const chunkSize = 512

// chunk returns the chunk where x belongs: the first that doesn't end below it, or the last.
func (t *tally) chunk(x float64) int {
	i, _ := slices.BinarySearchFunc(t.chunks, x, func(c []float64, x float64) int {
		if c[len(c)-1] < x {
			return -1
		}
		return 1
	})
	return min(i, len(t.chunks)-1)
}

func (t *tally) add(x float64) {
	if x != x {
		t.nans++
		return
	}
	t.n++
	if len(t.chunks) == 0 {
		t.chunks = [][]float64{{x}}
		return
	}
	i := t.chunk(x)
	at, _ := slices.BinarySearch(t.chunks[i], x)
	t.chunks[i] = slices.Insert(t.chunks[i], at, x)
	if c := t.chunks[i]; len(c) == chunkSize {
		t.chunks[i] = c[:chunkSize/2]
		t.chunks = slices.Insert(t.chunks, i+1, slices.Clone(c[chunkSize/2:]))
	}
}

// remove takes one away that is there.
func (t *tally) remove(x float64) {
	if x != x {
		t.nans--
		return
	}
	t.n--
	i := t.chunk(x)
	at, _ := slices.BinarySearch(t.chunks[i], x)
	t.chunks[i] = slices.Delete(t.chunks[i], at, at+1)
	if len(t.chunks[i]) == 0 {
		t.chunks = slices.Delete(t.chunks, i, i+1)
	}
}

// below returns how many numbers are less than x.
func (t *tally) below(x float64) int {
	if t.n == 0 {
		return 0
	}
	i, n := t.chunk(x), 0
	for _, c := range t.chunks[:i] {
		n += len(c)
	}
	at, _ := slices.BinarySearch(t.chunks[i], x)
	return n + at
}

// at returns the i-th number from below.
func (t *tally) at(i int) float64 {
	for _, c := range t.chunks {
		if i < len(c) {
			return c[i]
		}
		i -= len(c)
	}
	panic("search: a tally is shorter than it says")
}

// atStep says which of their intermediate values trials are compared by: that of a step,
// of those that are complete; or, of all but failed ones, the first from a step on.
type atStep struct {
	step     int
	complete bool
	among    competition // nil for all trials
}

// competition is some of the trials. It is comparable, and equal to another of the same
// trials.
type competition interface{ has(trial int) bool }

// valueAt returns the value by which a trial is compared, false if it has none or is of no
// concern. Warm trials are compared with none.
func (p *past) valueAt(s atStep, i int32) (float64, bool) {
	r := &p.trials[i]
	if int(i) < p.warm || s.among != nil && !s.among.has(int(i)) {
		return 0, false
	}
	if s.complete {
		v := r.at(s.step)
		return v, v == v && r.state == goptuna.TrialStateComplete
	}
	at, _ := slices.BinarySearchFunc(r.curve, s.step, func(p point, step int) int { return p.step - step })
	if at == len(r.curve) || r.state == goptuna.TrialStateFail {
		return 0, false
	}
	return r.curve[at].value, true
}

// tallyOf returns the values of the trials that are seen to have ended. It is kept from
// trial to trial.
func (p *past) tallyOf(s atStep) *tally {
	p.sortIn()
	t, ok := p.tallies[s]
	if !ok {
		t = &tally{}
		for _, i := range p.ends {
			if p.lookback > 0 && int(i) >= p.sorted {
				continue
			}
			if v, ok := p.valueAt(s, i); ok {
				t.add(v)
			}
		}
		if p.tallies == nil {
			p.tallies = map[atStep]*tally{}
		}
		p.tallies[s] = t
	}
	return t
}
