package store

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// maxPending is how many epochs may wait to be written before a Record waits for the
// disk.
const maxPending = 4096

// entry is an event and the state its trial had before.
type entry struct {
	event  medml.Event
	before was
}

// Recorder takes the events of a running study. It is a medml.Recorder: a state change
// is on disk when Record returns, together with the epochs recorded before it; epochs
// alone follow within the flush time. Events recorded at the same time share a
// transaction, so that several workers need no more syncs than one. Record may be
// called from several goroutines.
type Recorder struct {
	store     *Store
	name      string
	direction medml.Direction
	flush     time.Duration

	mu      sync.Mutex // guards what follows
	states  []medml.State
	pending []entry
	queued  int // events taken so far
	durable int // events on disk
	timer   *time.Timer
	ended   bool
	closed  bool
	err     error // of the disk; it stays

	writing sync.Mutex // held while a batch is on its way to disk
}

var errClosed = errors.New("the recorder is closed")

// Recorder returns the recorder of a study that has begun. An epoch is on disk at the
// latest when flush has passed; 0 is one second. A study has one recorder at a time.
func (s *Store) Recorder(name string, flush time.Duration) (*Recorder, error) {
	if flush <= 0 {
		flush = time.Second
	}
	r := &Recorder{store: s, name: name, flush: flush}
	err := s.view(fmt.Sprintf("recording study %q", name), func(tx *bolt.Tx) error {
		t, err := s.studyTable(tx, name)
		if err != nil {
			return err
		}
		study, err := t.study()
		if err != nil {
			return err
		}
		r.direction = study.About.Direction
		headers, err := t.headers()
		for _, h := range headers {
			r.states = append(r.states, h.trial.State)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.begun[name]:
		return nil, fmt.Errorf("recording study %q: it hasn't begun", name)
	case s.recorders[name] != nil:
		return nil, fmt.Errorf("recording study %q: it has a recorder", name)
	}
	s.recorders[name] = r
	return r, nil
}

// Queue takes an event, as [medml.Recorder] says. An error of the disk stays: the recorder
// takes nothing more. Other errors are of the event, such as a trial that ends twice, and
// leave no trace.
func (r *Recorder) Queue(event medml.Event) (wait func() error, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.take(event); err != nil {
		return nil, fmt.Errorf("study %q: %w", r.name, err)
	}
	if r.timer == nil {
		r.timer = time.AfterFunc(r.flush, r.late)
	}
	upTo := r.queued
	return func() error { return r.sync(upTo) }, nil
}

// Record queues an event and waits for it, unless it is an epoch that can wait itself.
func (r *Recorder) Record(event medml.Event) error {
	wait, err := r.Queue(event)
	if err != nil {
		return err
	}
	if _, epoch := event.(medml.EpochEnded); epoch && r.few() {
		return nil
	}
	return wait()
}

// few reports whether little enough is pending to go on without the disk.
func (r *Recorder) few() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pending) < maxPending
}

// late writes the epochs that no state change has taken along. What goes wrong is told
// by the next Record.
func (r *Recorder) late() {
	r.mu.Lock()
	upTo := r.queued
	r.mu.Unlock()
	_ = r.sync(upTo)
}

// take checks an event and queues it.
func (r *Recorder) take(event medml.Event) error {
	switch {
	case r.err != nil:
		return r.err
	case r.closed:
		return errClosed
	case r.ended:
		return errors.New("the study has ended")
	}
	before, err := r.check(event)
	if err != nil {
		return err
	}
	r.pending = append(r.pending, entry{event, before})
	r.queued++
	return nil
}

// check refuses events that the study's trials can't come to, and keeps their states.
func (r *Recorder) check(event medml.Event) (was, error) {
	switch ev := event.(type) {
	case medml.TrialStarted:
		return r.move(ev.Trial, ev.Trial.State == medml.Running, "start")
	case medml.TrialEnded:
		return r.move(ev.Trial, ev.Trial.State.Finished() && ev.Trial.State <= medml.Failed, "end")
	case medml.TrialReset:
		return r.move(ev.Trial, ev.Trial.State == medml.Waiting, "reset")
	case medml.EpochEnded:
		n, step := ev.Number, ev.Epoch.Step
		if n < 0 || n >= len(r.states) || r.states[n] != medml.Running {
			return was{}, fmt.Errorf("an epoch of trial %d, which isn't running", n)
		}
		if ev.Fold < 0 || ev.Fold > math.MaxInt32 || step < 0 {
			return was{}, fmt.Errorf("trial %d: an epoch of fold %d, step %d", n, ev.Fold, step)
		}
		return was{}, nil
	case medml.StudyEnded:
		if ev.State != medml.StudyComplete && ev.State != medml.StudyInterrupted {
			return was{}, fmt.Errorf("the study ends as %q", ev.State)
		}
		r.ended = true
		return was{}, nil
	}
	return was{}, fmt.Errorf("unknown event %T", event)
}

// move brings a trial to a new state. New trials come in the order of their numbers.
func (r *Recorder) move(t medml.Trial, legal bool, what string) (was, error) {
	switch n := t.Number; {
	case !legal:
		return was{}, fmt.Errorf("trial %d can't %s as %v", n, what, t.State)
	case n < 0 || n > len(r.states):
		return was{}, fmt.Errorf("trial %d comes before trial %d", n, len(r.states))
	case n == len(r.states):
		r.states = append(r.states, t.State)
		return was{}, nil
	case r.states[n].Finished():
		return was{}, fmt.Errorf("trial %d can't %s: it is %v already", n, what, r.states[n])
	default:
		before := stateOf(r.states[n])
		r.states[n] = t.State
		return before, nil
	}
}

// sync returns when the first upTo events are on disk. Whoever comes while a batch is
// being written finds its event in the next one.
func (r *Recorder) sync(upTo int) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.mu.Lock()
	if r.err != nil || r.durable >= upTo {
		defer r.mu.Unlock()
		return r.err
	}
	batch, end := r.pending, r.queued
	r.pending = nil
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.mu.Unlock()

	err := r.store.update(fmt.Sprintf("recording study %q", r.name), func(tx *bolt.Tx) error {
		return r.write(tx, batch)
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err, r.durable = err, end
	return err
}

// write writes a batch in order. Epochs that a later event of the batch drops anyway are
// left out.
func (r *Recorder) write(tx *bolt.Tx, batch []entry) error {
	t, err := r.store.studyTable(tx, r.name)
	if err != nil {
		return err
	}
	l, err := t.ledger(r.direction)
	if err != nil {
		return err
	}
	settled := map[int]int{} // trial → index of the last event that drops its epochs
	for i, e := range batch {
		if t, ok := trialOf(e.event); ok {
			settled[t.Number] = i
		}
	}
	for i, e := range batch {
		if ev, ok := e.event.(medml.EpochEnded); ok {
			if at, ok := settled[ev.Number]; ok && at > i {
				continue
			}
		}
		if err := l.apply(e); err != nil {
			return err
		}
	}
	return l.close()
}

// trialOf returns the trial that an event brings to a new state.
func trialOf(event medml.Event) (medml.Trial, bool) {
	switch ev := event.(type) {
	case medml.TrialStarted:
		return ev.Trial, true
	case medml.TrialEnded:
		return ev.Trial, true
	case medml.TrialReset:
		return ev.Trial, true
	}
	return medml.Trial{}, false
}

// Close writes what is pending and ends the recorder. It returns the error that an
// earlier flush came to, if any.
func (r *Recorder) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	upTo := r.queued
	r.mu.Unlock()
	err := r.sync(upTo)
	s := r.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recorders[r.name] == r {
		delete(s.recorders, r.name)
		// What isn't recorded any more isn't running either.
		delete(s.begun, r.name)
	}
	return err
}
