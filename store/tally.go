package store

import (
	"math"
	"time"

	"medml"
)

// tally is what a study's trials add up to. It is written with every change to them: a
// list of studies needn't read the trials, and records that got lost are missed.
type tally struct {
	states      [medml.Failed + 1]int // trials by state
	live        int                   // records in the bucket live
	checkpoints int                   // records in the bucket checkpoints
	artifacts   int                   // records in the bucket artifacts
	audits      int                   // records in the bucket audits
	best        int                   // number of the best trial, -1 without one
	value       float64               // its score
	latest      time.Time             // the latest time that a trial tells
}

func newTally() tally { return tally{best: -1, value: math.NaN()} }

func (t tally) trials() int {
	n := 0
	for _, k := range t.states {
		n += k
	}
	return n
}

func (t tally) counts() medml.Counts {
	return medml.Counts{Waiting: t.states[medml.Waiting], Running: t.states[medml.Running],
		Complete: t.states[medml.Complete], Pruned: t.states[medml.Pruned], Failed: t.states[medml.Failed]}
}

// add counts a trial in. The best trial is a matter of its own.
func (t *tally) add(trial medml.Trial) {
	t.states[trial.State]++
	for _, at := range []time.Time{trial.Started, trial.Ended} {
		if at.After(t.latest) {
			t.latest = at.UTC().Round(0)
		}
	}
}

// choose makes the best of some trials, in the order of their numbers, the best.
func (t *tally) choose(d medml.Direction, trials ...medml.Trial) {
	t.best, t.value = -1, math.NaN()
	if best, ok := medml.Best(d, trials); ok {
		t.best, t.value = best.Number, best.Value
	}
}

func (e *encoder) putTally(t tally) {
	for _, n := range t.states {
		e.int(n)
	}
	e.int(t.live)
	e.int(t.checkpoints)
	e.int(t.artifacts)
	e.int(t.audits)
	e.int(t.best)
	e.float(t.value)
	e.time(t.latest)
}

func (d *decoder) tally() tally {
	t := tally{states: d.states()}
	t.live, t.checkpoints, t.artifacts, t.audits = d.int(), d.int(), d.int(), d.int()
	t.best, t.value, t.latest = d.int(), d.float(), d.time()
	return t
}

func (d *decoder) states() (states [medml.Failed + 1]int) {
	for i := range states {
		if states[i] = d.int(); states[i] < 0 {
			d.fail("it counts %d trials", states[i])
		}
	}
	return states
}
