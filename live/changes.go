package live

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"medml"
)

// Source is where snapshots come from. What a snapshot's slices hold must not change
// after it has been handed out, as medml.Snapshot promises.
type Source interface {
	Snapshot() (medml.Snapshot, error)
}

// freshFor is how long a reading of the source serves all who ask: many watchers cost the
// study no more than one does.
const freshFor = 20 * time.Millisecond

// changes knows what has changed in a study since when. Each reading of the source that
// differs from the one before it is a version, from 1.
type changes struct {
	src Source

	mu      sync.Mutex
	read    time.Time // when, the zero time to read again
	last    medml.Snapshot
	version uint64
	marks   []mark // by the index of the trial
}

// mark is the version in which a trial last changed, and that in which it changed
// otherwise than by further epochs.
type mark struct{ version, generation uint64 }

// change is a trial that a client hasn't got.
type change struct {
	mark
	trial medml.Trial
}

// since returns the study as it stands, its version, and the trials that changed after
// trial number after of version v, in the order of their versions and numbers.
func (c *changes) since(v uint64, after int) (medml.Snapshot, uint64, []change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); c.read.IsZero() || now.Sub(c.read) >= freshFor {
		if err := c.look(); err != nil {
			return medml.Snapshot{}, 0, nil, err
		}
		c.read = now
	}
	var out []change
	for i, m := range c.marks {
		if m.version > v || m.version == v && c.last.Trials[i].Number > after {
			out = append(out, change{m, c.last.Trials[i]})
		}
	}
	slices.SortStableFunc(out, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.version, b.version), a.trial.Number-b.trial.Number)
	})
	return c.last, c.version, out, nil
}

// stale makes the next who asks read the source.
func (c *changes) stale() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = time.Time{}
}

// look reads the source and marks what has changed. The caller holds the lock.
func (c *changes) look() error {
	s, err := c.src.Snapshot()
	if err != nil {
		return err
	}
	if len(s.Trials) < len(c.marks) {
		return fmt.Errorf("%d trials of %d are gone", len(c.marks)-len(s.Trials), len(c.marks))
	}
	next, changed := c.version+1, false
	for i := range s.Trials {
		switch {
		case i >= len(c.marks):
			c.marks = append(c.marks, mark{next, next})
		case same(&c.last.Trials[i], &s.Trials[i]):
			continue
		case continues(&c.last.Trials[i], &s.Trials[i]):
			c.marks[i].version = next
		default:
			c.marks[i] = mark{next, next}
		}
		changed = true
	}
	if changed {
		c.version = next
	}
	c.last = s
	return nil
}

// same reports whether nothing has changed in a trial. Slices are the same if they lie at
// the same place, so it costs little, and errs by telling a trial again.
func same(a, b *medml.Trial) bool {
	return a.Number == b.Number && a.State == b.State && a.Paused == b.Paused && a.Reason == b.Reason &&
		sameBits(a.Value, b.Value) && sameBits(a.Low, b.Low) && sameBits(a.High, b.High) &&
		a.Retries == b.Retries && a.Crashes == b.Crashes &&
		a.Weights == b.Weights && a.WeightCount == b.WeightCount && a.Artifact == b.Artifact &&
		a.Started.Equal(b.Started) && a.Ended.Equal(b.Ended) &&
		samePlace(a.Params, b.Params) && samePlace(a.Objectives, b.Objectives) &&
		samePlace(a.Constraints, b.Constraints) && samePlace(a.Runs, b.Runs) && samePlace(a.Repeats, b.Repeats)
}

func sameBits(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

func samePlace[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// continues reports whether b is the running trial a with further epochs at the end of
// its runs, if any.
func continues(a, b *medml.Trial) bool {
	if a.State != medml.Running || b.State != medml.Running || !a.Started.Equal(b.Started) || len(a.Runs) > len(b.Runs) {
		return false
	}
	for i, r := range a.Runs {
		s := b.Runs[i]
		if r.Fold != s.Fold || !sameBits(r.Value, s.Value) || r.Weights != s.Weights || !samePlace(r.Measures, s.Measures) {
			return false
		}
		if i < len(a.Runs)-1 && len(r.Epochs) != len(s.Epochs) || !startsWith(s.Epochs, r.Epochs) {
			return false
		}
	}
	// join makes further runs of epochs alone.
	for i, r := range b.Runs[len(a.Runs):] {
		at := len(a.Runs) + i
		if r.Value == r.Value || r.Weights != "" || r.Measures != nil || len(r.Epochs) == 0 || at > 0 && b.Runs[at-1].Fold == r.Fold {
			return false
		}
	}
	return true
}

func startsWith(long, short []medml.Epoch) bool {
	if len(short) > len(long) {
		return false
	}
	for i, a := range short {
		b := long[i]
		if a.Step != b.Step || !sameBits(a.Loss, b.Loss) || !sameBits(a.ValidLoss, b.ValidLoss) ||
			!sameBits(a.Value, b.Value) || !sameBits(a.Report, b.Report) {
			return false
		}
	}
	return true
}
