package search

import "slices"

// maxGood is how many trials count as good at most.
const maxGood = 25

// goodCount returns how many of n trials count as good: the best tenth, rounded up.
func goodCount(n int) int { return min((n+9)/10, maxGood) }

// sample is trials by rising number, from which a density is estimated.
type sample struct {
	numbers []int32
	weights []float64
	// n is of how many trials it is a sample.
	n int
}

// split returns the good trials that have a group's parameters, and of the others, pending
// ones included, a sample of about so many.
func split(p *past, group, most int) (good, others sample) {
	members := p.membersOf(group)
	best := goodOfGroup(p, group)
	good = sample{best, nil, len(best)}
	for i := range best {
		good.weights = append(good.weights, ageWeight(i, len(best)))
	}
	pending := slices.DeleteFunc(p.pending(), func(i int32) bool { return !p.hasAll(group, i) })
	return good, sampleOf(members, best, pending, most)
}

// goodOfGroup returns, by rising number, those of the good trials that have a group's
// parameters, but none of the hopeless. Which trials are good is decided over all of them,
// so that on a branch that is worse than the others nothing counts as good.
func goodOfGroup(p *past, group int) []int32 {
	ranked := p.ranked()
	n := goodCount(len(ranked))
	best := make([]int32, 0, n)
	for _, i := range ranked[:n] {
		if p.isHopeless(i) {
			break
		}
		if p.hasAll(group, i) {
			best = append(best, i)
		}
	}
	slices.Sort(best)
	return best
}

// isHopeless reports whether a trial is never good: it has no number for a value or a
// violation, or in a study with several objectives not for each of them.
func (p *past) isHopeless(i int32) bool {
	class := p.trials[i].class()
	return class == worstClass || p.goals > 1 && class == completeClass && !p.hasObjectives(i)
}

// sampleOf returns a sample of the members that aren't good, every so many-th of them and
// at most `most`, and of the pending trials, likewise. All lists rise. A trial of the
// sample weighs as much as those for which it stands.
func sampleOf(members, good, pending []int32, most int) sample {
	ended, running := len(members)-len(good), len(pending)
	s := sample{n: ended + running}
	size := min(ended, most) + min(running, most)
	s.numbers, s.weights = make([]int32, 0, size), make([]float64, 0, size)
	each := float64(ended) / float64(min(ended, most))
	eachPending := float64(running) / float64(min(running, most))
	i, j := newSpread(ended, most), newSpread(running, most)
	skipped := 0 // good members before the i-th of the others
	for i.left() || j.left() {
		if i.left() {
			for skipped < len(good) && good[skipped] <= members[i.at()+skipped] {
				skipped++
			}
		}
		if i.left() && (!j.left() || members[i.at()+skipped] < pending[j.at()]) {
			s.numbers = append(s.numbers, members[i.at()+skipped])
			s.weights = append(s.weights, float64(each*ageWeight(i.at()+j.at(), s.n)))
			i.i++
		} else {
			s.numbers = append(s.numbers, pending[j.at()])
			s.weights = append(s.weights, float64(eachPending*ageWeight(i.at()+j.at(), s.n)))
			j.i++
		}
	}
	return s
}

// spread goes over n places, or over so many of them, evenly spread.
type spread struct{ i, n, size int }

func newSpread(n, most int) spread { return spread{0, n, min(n, most)} }

func (s spread) left() bool { return s.i < s.size }

// at returns the place, n at the end.
func (s spread) at() int {
	if s.i >= s.size {
		return s.n
	}
	return (2*s.i + 1) * s.n / (2 * s.size)
}

// ageWeight is the weight of the i-th of n observations: 1 for the 25 latest, and for
// those before rising from 1/n (as in Hyperopt).
func ageWeight(i, n int) float64 {
	ramp := n - 25
	if i >= ramp {
		return 1
	}
	first := 1 / float64(n)
	if ramp == 1 {
		return first
	}
	return first + float64((1-first)*(float64(i)/float64(ramp-1)))
}
