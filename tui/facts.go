package tui

import (
	"hash/fnv"
	"slices"

	"medml"
)

// facts is a snapshot with what the screens derive from it. It is made outside the
// update loop and never changed afterwards.
type facts struct {
	medml.Snapshot
	counts  medml.Counts
	running []int // indices into Trials
	hash    uint64
	settled
}

// settled is the part of the facts that changes only when a trial changes its state.
type settled struct {
	ranked []int  // indices into Trials, as a leaderboard shows them
	place  []int  // by index: 1 for the best complete trial, 0 without a place
	tied   []bool // by index: complete, and its interval contains the best value
	front  []bool // by index: on the Pareto front; nil for a study with one objective
	best   int    // index, -1 where there is none
	archs  []archFacts
	points []point // the complete trials that meet the constraints, in the order of their numbers
	fixed  map[string]bool
	widths widths
}

// archFacts sums up the trials of one architecture.
type archFacts struct {
	name            string
	trials          int
	complete, ended int
	best            int // index, -1 where there is none
}

// point is a complete trial on the chart of values.
type point struct{ number, value, best float64 }

// widths are the cells that the longest text of a column takes.
type widths struct {
	arch, value, interval int
	goals                 []int // by objective, of a study with several
}

// survey derives the facts of a snapshot; prev are those of the one before it, or nil.
func survey(s medml.Snapshot, prev *facts) *facts {
	f := &facts{Snapshot: s, counts: s.Counts(), hash: states(s)}
	for i, t := range s.Trials {
		if t.State == medml.Running {
			f.running = append(f.running, i)
		}
	}
	if prev != nil && prev.hash == f.hash {
		f.settled = prev.settled
		return f
	}
	f.settled = settle(s)
	return f
}

// states hashes which trials there are, where they stand and how often they were repeated.
// What else a trial is ranked by is final once it has ended, so equal hashes mean an equal
// ranking.
func states(s medml.Snapshot) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s.Study))
	for _, t := range s.Trials {
		n := t.Number
		h.Write([]byte{byte(t.State), byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24), byte(len(t.Repeats))})
	}
	return h.Sum64()
}

func settle(s medml.Snapshot) settled {
	d := settled{best: -1, place: make([]int, len(s.Trials)), tied: make([]bool, len(s.Trials)), fixed: map[string]bool{"architecture": true}}
	index := make(map[int]int, len(s.Trials))
	for i, t := range s.Trials {
		index[t.Number] = i
	}
	for _, t := range s.Ranked() {
		d.ranked = append(d.ranked, index[t.Number])
	}
	if b, ok := s.Best(); ok {
		d.best = index[b.Number]
	}
	place := 0
	for _, i := range d.ranked {
		t := s.Trials[i]
		if t.State != medml.Complete || t.Score() != t.Score() {
			continue
		}
		place++
		d.place[i] = place
		if d.best >= 0 && i != d.best && t.Feasible() && len(s.Goals) < 2 {
			best := s.Trials[d.best].Score()
			d.tied[i] = t.Low <= best && best <= t.High
		}
	}
	if len(s.Goals) > 1 {
		d.front = make([]bool, len(s.Trials))
		for _, n := range s.Front() {
			d.front[index[n]] = true
		}
	}
	for _, p := range s.Space {
		if p.Single() {
			d.fixed[p.Name] = true
		}
	}
	d.archs = architectures(s, d.ranked)
	d.points = progress(s)
	d.widths = measure(s)
	return d
}

// architectures sums the trials up by architecture, in the order of their best values.
func architectures(s medml.Snapshot, ranked []int) []archFacts {
	var archs []archFacts
	for _, i := range ranked {
		t := s.Trials[i]
		name := clean(t.Architecture())
		if name == "" {
			continue
		}
		at := slices.IndexFunc(archs, func(a archFacts) bool { return a.name == name })
		if at < 0 {
			at = len(archs)
			archs = append(archs, archFacts{name: name, best: -1})
		}
		a := &archs[at]
		a.trials++
		if t.State.Finished() {
			a.ended++
		}
		if t.State == medml.Complete {
			a.complete++
			if a.best < 0 && t.Score() == t.Score() && t.Feasible() {
				a.best = i
			}
		}
	}
	return archs
}

// progress returns the complete trials that meet the constraints in the order of their
// numbers, each with the best value up to it.
func progress(s medml.Snapshot) []point {
	var points []point
	for _, t := range s.Trials {
		if t.State != medml.Complete || t.Value-t.Value != 0 || !t.Feasible() {
			continue
		}
		p := point{float64(t.Number), t.Value, t.Value}
		if n := len(points); n > 0 && !s.Direction.Better(t.Value, points[n-1].best) {
			p.best = points[n-1].best
		}
		points = append(points, p)
	}
	return points
}

func measure(s medml.Snapshot) widths {
	w := widths{arch: 4, value: 6}
	for _, t := range s.Trials {
		w.arch = max(w.arch, width(clean(t.Architecture())))
		w.value = max(w.value, len(number(lastValue(t))))
		for i := range min(len(t.Objectives), len(s.Goals)) {
			if w.goals == nil {
				w.goals = make([]int, len(s.Goals))
			}
			w.goals[i] = max(w.goals[i], len(figure(t.Objectives[i])))
		}
		w.interval = max(w.interval, width(unicodeGlyphs.interval(t.Low, t.High)))
	}
	return w
}

// trial returns the index of the trial of that number, -1 if there is none.
func (f *facts) trial(number int) int {
	return slices.IndexFunc(f.Trials, func(t medml.Trial) bool { return t.Number == number })
}

// seconds returns how long the trial has taken so far.
func (f *facts) seconds(t medml.Trial) float64 {
	if t.State == medml.Running && !t.Started.IsZero() && f.Taken.After(t.Started) {
		return f.Taken.Sub(t.Started).Seconds()
	}
	return t.Seconds()
}

// share returns how much of the study is done, by its trials or by its time, whichever
// is further; false without a budget.
func (f *facts) share() (float64, bool) {
	share, known := 0.0, false
	if f.Budget > 0 {
		share, known = float64(f.counts.Finished())/float64(f.Budget), true
	}
	if f.TimeBudget > 0 && f.live() {
		share, known = max(share, float64(f.Elapsed)/float64(f.TimeBudget)), true
	}
	return min(1, share), known
}
