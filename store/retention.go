package store

import (
	"cmp"
	"slices"

	"medml"
)

// defaultKeep is how many complete trials of a study keep their artifacts.
const defaultKeep = 16

// retention knows which trials of a study keep their artifacts: the best of those that
// had one. A trial that had to give its artifact away never gets it back.
type retention struct {
	about medml.About
	keep  int
	kept  []medml.Trial // in the order of their numbers
}

// admits reports whether a trial that has just ended would keep its artifact.
func (r *retention) admits(t medml.Trial) bool {
	if t.State != medml.Complete || r.keep < 1 {
		return false
	}
	return len(r.kept) < r.keep || r.worst(r.with(t)) != t.Number
}

// add lets a trial keep its artifact and returns those that lose theirs for it.
func (r *retention) add(t medml.Trial) (evicted []int) {
	r.kept = r.with(t)
	for len(r.kept) > r.keep {
		worst := r.worst(r.kept)
		evicted = append(evicted, worst)
		r.kept = slices.DeleteFunc(r.kept, func(t medml.Trial) bool { return t.Number == worst })
	}
	return evicted
}

func (r *retention) with(t medml.Trial) []medml.Trial {
	all := append(slices.Clone(r.kept), t)
	slices.SortFunc(all, func(a, b medml.Trial) int { return cmp.Compare(a.Number, b.Number) })
	return all
}

// worst returns the number of the trial that stands last on the leaderboard.
func (r *retention) worst(trials []medml.Trial) int {
	ranked := medml.Snapshot{About: r.about, Trials: trials}.Ranked()
	return ranked[len(ranked)-1].Number
}

// repeated adds a repeat to a trial, if it is one of those kept.
func (r *retention) repeated(number int, rep medml.Repeat) {
	for i := range r.kept {
		if t := &r.kept[i]; t.Number == number {
			t.Repeats = append(slices.Clip(t.Repeats), medml.Repeat{Seed: rep.Seed, Value: rep.Value})
		}
	}
}
