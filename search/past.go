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

	// ranking and members hold the trials that have been sorted in: with a lookback those
	// below sorted, without one the first `sorted` that ended. sortIn brings them, and what
	// follows, to the trial `now`.
	ranking []int32
	members [][]int32
	sorted  int
	// outdated says of a ranking by fronts that trials have come or gone since it was made.
	outdated bool
	// complete is how many of them are complete, tallies their intermediate values; both
	// without the warm ones.
	complete int
	tallies  map[atStep]*tally
	// kept is what samplers have made of this past for the trial `now`.
	kept map[keptKey]any
}

// begin turns to another trial.
func (p *past) begin(now int) {
	p.now = now
	clear(p.kept)
}

// keptKey is what is kept of a past, and of which group or dimension.
type keptKey struct{ what, place int }

const (
	keptHalves = iota
	keptEstimate
)

// keep returns what make has made of the past for the trial `now`. It is made once,
// however often a trial is drawn again.
func keep[T any](p *past, what, place int, make func() T) T {
	k := keptKey{what, place}
	if kept, ok := p.kept[k].(T); ok {
		return kept
	}
	made := make()
	if p.kept == nil {
		p.kept = map[keptKey]any{}
	}
	p.kept[k] = made
	return made
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

// pending returns the numbers of the trials that are seen with their parameters alone,
// rising.
func (p *past) pending() []int32 {
	var numbers []int32
	if p.lookback > 0 {
		for i := max(p.now-p.lookback+1, p.warm); i < p.end(); i++ {
			numbers = append(numbers, int32(i))
		}
		return numbers
	}
	for _, i := range p.open {
		if int(i) != p.now {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// end returns the number after the last trial that may be seen.
func (p *past) end() int {
	if p.lookback > 0 {
		return min(p.now, len(p.trials))
	}
	return len(p.trials)
}

// ranked returns the numbers of the complete and pruned trials that are seen, from best
// to worst.
func (p *past) ranked() []int32 {
	p.sortIn()
	if p.outdated {
		p.rankByFronts()
		p.outdated = false
	}
	return p.ranking
}

// membersOf returns the numbers, rising, of the complete and pruned trials that are seen
// and have all parameters of a group.
func (p *past) membersOf(group int) []int32 {
	p.sortIn()
	return p.members[group]
}

// sortIn brings ranking and members to the trial `now`. Mostly just one trial more has
// come into sight, and what is kept doesn't depend on how it was come by.
func (p *past) sortIn() {
	if p.members == nil {
		p.members = make([][]int32, len(p.groups))
	}
	var found []int32
	if p.lookback > 0 {
		to := min(max(p.now-p.lookback+1, p.warm), len(p.trials))
		for ; p.sorted > to; p.sorted-- {
			p.sortOut(int32(p.sorted - 1))
		}
		for ; p.sorted < to && p.trials[p.sorted].state.IsFinished(); p.sorted++ {
			found = append(found, int32(p.sorted))
		}
	} else {
		found = p.ends[p.sorted:]
		p.sorted = len(p.ends)
	}
	p.rank(found)
	for _, i := range found {
		p.join(i)
	}
}

// fewFound is how many trials are sorted into the ranking one by one; of more, all are
// sorted anew.
const fewFound = 16

// rank adds trials to the ranking. One by fronts is made anew when it is asked for.
func (p *past) rank(found []int32) {
	if p.goals > 1 {
		p.outdated = p.outdated || len(found) > 0
		return
	}
	few := len(found) <= fewFound
	for _, i := range found {
		if p.trials[i].state == goptuna.TrialStateFail {
			continue
		}
		at := len(p.ranking)
		if few {
			at, _ = slices.BinarySearchFunc(p.ranking, i, p.compare)
		}
		p.ranking = slices.Insert(p.ranking, at, i)
	}
	if !few {
		slices.SortFunc(p.ranking, p.compare)
	}
}

// join adds a trial to the members of its groups and to the tallies.
func (p *past) join(i int32) {
	if p.countsComplete(i) {
		p.complete++
	}
	for s, t := range p.tallies {
		if v, ok := p.valueAt(s, i); ok {
			t.add(v)
		}
	}
	for g := range p.groups {
		if p.trials[i].state != goptuna.TrialStateFail && p.hasAll(g, i) {
			at, _ := slices.BinarySearch(p.members[g], i)
			p.members[g] = slices.Insert(p.members[g], at, i)
		}
	}
}

// sortOut takes a trial out of the ranking, the members and the tallies.
func (p *past) sortOut(i int32) {
	if p.countsComplete(i) {
		p.complete--
	}
	for s, t := range p.tallies {
		if v, ok := p.valueAt(s, i); ok {
			t.remove(v)
		}
	}
	if p.goals > 1 {
		p.outdated = true
	} else if at, ok := slices.BinarySearchFunc(p.ranking, i, p.compare); ok {
		p.ranking = slices.Delete(p.ranking, at, at+1)
	}
	for g := range p.members {
		if at, ok := slices.BinarySearch(p.members[g], i); ok {
			p.members[g] = slices.Delete(p.members[g], at, at+1)
		}
	}
}

func (p *past) countsComplete(i int32) bool {
	return int(i) >= p.warm && p.trials[i].state == goptuna.TrialStateComplete
}

// hasAll reports whether a trial has all parameters of a group.
func (p *past) hasAll(group int, i int32) bool {
	for _, dim := range p.groups[group] {
		if x := p.columns[dim][i]; x != x {
			return false
		}
	}
	return true
}

// compare orders trials from best to worst: complete ones by value, then pruned ones, the
// farthest first and by value at equal steps, then those that don't meet the constraints,
// then those whose value or violation isn't a number.
func (p *past) compare(i, j int32) int {
	a, b := &p.trials[i], &p.trials[j]
	class := a.class()
	if c := cmp.Compare(class, b.class()); c != 0 {
		return c
	}
	if class == infeasibleClass {
		if c := cmp.Compare(a.violation, b.violation); c != 0 {
			return c
		}
	} else if class == prunedClass {
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

func (r *record) class() int {
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
