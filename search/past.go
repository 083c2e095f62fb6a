package search

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/c-bata/goptuna"
)

// past is what the trial `now` may see of the others.
type past struct {
	*history
	now int
	// lookback K > 0: the trials up to now-K have ended and are seen whole; of those
	// between, the parameters alone; of later ones nothing. 0: all trials are seen as they
	// stand.
	lookback int
	// warm is how many trials of another study stand before the first of this one. They
	// have all ended, and are always seen.
	warm int
	// goals is how many objectives the study has.
	goals int
	// ranking is the ranking made for trial rankedFor; inRanking says by number who is in.
	ranking   []int32
	inRanking []bool
	rankedFor int
}

// seesWhole reports whether trial i is seen with its state and values.
func (p *past) seesWhole(i int) bool {
	return i != p.now && i < len(p.trials) && (p.lookback == 0 || i < p.warm || i <= p.now-p.lookback)
}

// ended reports whether trial i is seen to have ended.
func (p *past) ended(i int) bool { return p.seesWhole(i) && p.trials[i].state.IsFinished() }

// isPending reports whether trial i is seen with its parameters alone, as one whose
// result is still to come.
func (p *past) isPending(i int) bool {
	if p.lookback > 0 {
		return i > p.now-p.lookback && i < p.now && i >= p.warm
	}
	return i != p.now && !p.trials[i].state.IsFinished()
}

// end returns the number after the last trial that may be seen.
func (p *past) end() int {
	if p.lookback > 0 {
		return min(p.now, len(p.trials))
	}
	return len(p.trials)
}

// ranked returns the numbers of the complete and pruned trials that are seen, from best
// to worst. It is kept from call to call, as mostly just one trial more has come into
// sight.
func (p *past) ranked() []int32 {
	if p.goals > 1 {
		return p.rankedByFronts()
	}
	if p.lookback > 0 && p.now < p.rankedFor {
		p.ranking, p.inRanking = nil, nil
	}
	p.rankedFor = p.now
	p.inRanking = append(p.inRanking, make([]bool, max(0, len(p.trials)-len(p.inRanking)))...)
	for i := range p.end() {
		if p.inRanking[i] || !p.ended(i) || p.trials[i].state == goptuna.TrialStateFail {
			continue
		}
		p.inRanking[i] = true
		at, _ := slices.BinarySearchFunc(p.ranking, int32(i), p.compare)
		p.ranking = slices.Insert(p.ranking, at, int32(i))
	}
	return p.ranking
}

// compare orders trials from best to worst: complete ones by value, then pruned ones, the
// farthest first and by value at equal steps, then those that don't meet the constraints,
// then those whose value or violation isn't a number.
func (p *past) compare(i, j int32) int {
	a, b := p.trials[i], p.trials[j]
	if c := cmp.Compare(a.class(), b.class()); c != 0 {
		return c
	}
	if a.class() == infeasibleClass {
		if c := cmp.Compare(a.violation, b.violation); c != 0 {
			return c
		}
	} else if a.class() == prunedClass {
		la, _ := a.last()
		lb, _ := b.last()
		if c := cmp.Or(cmp.Compare(lb.step, la.step), cmp.Compare(la.value, lb.value)); c != 0 {
			return c
		}
	} else if c := cmp.Compare(a.value, b.value); c != 0 {
		return c
	}
	return cmp.Compare(i, j)
}

// The classes of ended trials, from best to worst.
const (
	completeClass = iota
	prunedClass
	infeasibleClass // by how far they are from meeting the constraints
	worstClass
)

func (r record) class() int {
	last, reported := r.last()
	switch {
	case r.infeasible():
		if r.violation == r.violation && r.value == r.value {
			return infeasibleClass
		}
	case r.state == goptuna.TrialStateComplete && r.value == r.value:
		return completeClass
	case r.state == goptuna.TrialStatePruned && reported && last.value == last.value && r.value == r.value:
		return prunedClass
	}
	return worstClass
}

// pastOf returns what the trial of that number may see. Over any storage but our own
// view that is all there is.
func pastOf(study *goptuna.Study, dims []dimension, number int) (*past, error) {
	if v, ok := study.Storage.(*view); ok && v.past.now == number {
		return &v.past, nil
	}
	trials, err := study.GetTrials()
	if err != nil {
		return nil, fmt.Errorf("read the trials before number %d: %w", number, err)
	}
	return &past{history: readHistory(dims, trials), now: number}, nil
}
