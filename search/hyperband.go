package search

import (
	"fmt"

	"github.com/c-bata/goptuna"

	"medml"
)

// hyperband is successive halving from several first rungs at once (Li, Jamieson, DeSalvo,
// Rostamizadeh and Talwalkar, Hyperband, 2018), asynchronous as [asha] is: bracket s begins
// s rungs later, so that a trial which learns slowly isn't lost in all of them. A trial
// belongs to the bracket that is drawn for its number, and competes with the trials of that
// bracket alone. The odds are those of Optuna, which spend about as much on each: with B
// brackets, ⌈B·η^b/(b+1)⌉ for the one with b = B-1-s rungs.
type hyperband struct {
	brackets []asha
	odds     []int
	total    int
	seed     uint64
	// of are the brackets of trials, by number, drawn as they are needed.
	of []int
}

func newHyperband(c Config) (pruner, faults) {
	r, f := c.rungs()
	if len(f) == 0 && r.end == 0 {
		f.add("pruner.max", "is needed: how many epochs a trial has isn't known")
	}
	if len(f) > 0 {
		return pruner{}, f
	}
	h := &hyperband{seed: c.Sampler.Seed}
	n := r.brackets()
	if n < 2 {
		f.add("pruner.min", "leaves one bracket below %d with the reduction factor %d; hyperband needs two", r.end, r.eta)
		return pruner{}, f
	}
	for s := range n {
		h.brackets = append(h.brackets, asha{r.above(s)})
		h.odds = append(h.odds, odds(n, n-1-s, r.eta))
		h.total += h.odds[s]
	}
	return pruner{fmt.Sprintf("hyperband (%d brackets %s)", n, r.about()), h}, nil
}

// brackets returns how many brackets the rungs make: one from each rung, and one without
// any if the next rung would be where trials end.
func (r rungs) brackets() int {
	n := r.count()
	if r.above(n).first == r.end {
		n++
	}
	return n
}

// odds returns ⌈n·η^b/(b+1)⌉.
func odds(n, b, eta int) int {
	budget := n
	for range b {
		budget *= eta
	}
	return (budget + b) / (b + 1)
}

// bracket returns the bracket of a trial.
func (h *hyperband) bracket(number int) int {
	for len(h.of) <= number {
		draw, s := medml.Stream(h.seed, "bracket", len(h.of)).IntN(h.total), 0
		for draw >= h.odds[s] {
			draw -= h.odds[s]
			s++
		}
		h.of = append(h.of, s)
	}
	return h.of[number]
}

// Prune judges the trial within its bracket.
func (h *hyperband) Prune(s *goptuna.Study, t goptuna.FrozenTrial) (bool, error) {
	own := h.bracket(t.Number)
	return h.brackets[own].prune(s, t, bracket{h, own})
}

// bracket is the trials of a bracket.
type bracket struct {
	of     *hyperband
	number int
}

func (b bracket) has(trial int) bool { return b.of.bracket(trial) == b.number }
