package search

import "fmt"

// The resources of rungs.
const (
	byEpoch = "epoch"
	byData  = "data"
)

// rungs are the steps at which successive halving judges a trial: first, first·η, first·η²,
// … below end. Where the resource is data, a step is a share of the training data, each η
// times the one before, and every step is a rung but the last, when the trial is over.
type rungs struct {
	first, eta int
	end        int // 0 where it isn't known
	data       bool
}

// rungs returns the rungs of the configuration's pruner.
func (c Config) rungs() (r rungs, f faults) {
	p := c.Pruner
	least, most := max(p.Min, 1), p.Max
	r = rungs{first: least, eta: p.ReductionFactor, data: p.Resource == byData}
	if r.eta == 0 {
		r.eta = 3
	}
	trial := c.Folds * c.Epochs
	switch {
	case r.data && most == 0:
		most = least * r.eta * r.eta
	case most == 0:
		most = trial
	case !r.data && trial > 0 && most > trial:
		f.add("pruner.max", "is %d, above the %s of a trial", most, epochs(trial))
	}
	given := p.Min > 0 || p.Max > 0
	if most > 0 && given && least >= most {
		f.add("pruner.min", "is %d, expected less than the %d at which a trial ends: there is no rung", least, most)
	}
	r.end = most
	if r.data {
		r.first, r.end = 1, len(shares(least, most, r.eta))
	}
	return r, f
}

// next returns the rung above one.
func (r rungs) next(rung int) int {
	if r.data {
		return rung + 1
	}
	return rung * r.eta
}

// above returns the rungs without the first n of them.
func (r rungs) above(n int) rungs {
	for range n {
		r.first = r.next(r.first)
	}
	return r
}

// count returns how many rungs there are; they have an end.
func (r rungs) count() int {
	n := 0
	for rung := r.first; rung < r.end; rung = r.next(rung) {
		n++
	}
	return n
}

func (r rungs) about() string {
	from := "from " + epochs(r.first)
	if r.data {
		from = fmt.Sprintf("on %d shares of the data", r.end)
	}
	return fmt.Sprintf("%s, reduction factor %d", from, r.eta)
}

// shares returns the shares of the data on which a trial is trained in turn.
func shares(least, most, eta int) []float64 {
	var of []float64
	for n := least; n < most; n *= eta {
		of = append(of, float64(n)/float64(most))
	}
	return append(of, 1)
}

// Shares returns on which shares of each training part a trial is trained in turn where the
// pruner's resource is data, the last of them 1, and nil otherwise. The k-th share is
// reported as step k.
func (c Config) Shares() []float64 {
	if c.Pruner.Resource != byData {
		return nil
	}
	r, _ := c.rungs()
	least, most := max(c.Pruner.Min, 1), c.Pruner.Max
	if most == 0 {
		most = least * r.eta * r.eta
	}
	return shares(least, most, r.eta)
}
