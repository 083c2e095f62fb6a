package store

import (
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// take checks an event and queues it, and returns how many events are queued by then.
func (r *Recorder) take(e entry) (upTo int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.check(e.event); err != nil {
		return 0, err
	}
	e.before = r.book.enter(e.event)
	switch ev := e.event.(type) {
	case medml.TrialEnded:
		if e.file != nil {
			e.evicted = r.retention.add(bare(ev.Trial))
		}
	case medml.RepeatEnded:
		r.retention.repeated(ev.Number, ev.Repeat)
	case medml.StudyEnded:
		r.ended = true
	}
	r.pending = append(r.pending, e)
	r.queued++
	if _, epoch := e.event.(medml.EpochEnded); !epoch {
		r.changes++
		r.hurry()
	} else if len(r.pending) >= maxPending {
		r.hurry()
	} else if r.timer == nil {
		r.timer = time.AfterFunc(r.flush, r.late)
	}
	if !r.running {
		r.running = true
		go r.commit()
	}
	return r.queued, nil
}

// bare is what the leaderboard's order needs of a trial.
func bare(t medml.Trial) medml.Trial {
	t.Runs, t.Params = nil, nil
	return t
}

// hurry sends what is pending to disk. The caller holds the lock.
func (r *Recorder) hurry() {
	r.due = true
	r.work.Signal()
}

// late sends epochs to disk that no state change has taken along. What goes wrong is
// told by the next Queue.
func (r *Recorder) late() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hurry()
}

// sync returns when the first upTo events are on disk.
func (r *Recorder) sync(upTo int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.err == nil && r.durable < upTo {
		r.hurry()
		r.progress.Wait()
	}
	return r.err
}

// commit writes batch after batch until the recorder is closed and nothing is pending.
func (r *Recorder) commit() {
	defer close(r.done)
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		for !r.due && !r.closed {
			r.work.Wait()
		}
		r.gather()
		r.due = false
		if r.err == nil && len(r.pending) > 0 {
			r.commitBatch()
		} else if r.closed {
			return
		}
	}
}

// longestGather bounds how long a state change waits for others to come along.
const longestGather = 2 * time.Millisecond

// gather waits for as many state changes as there were at work during the last
// transaction, in it and behind it, for a quarter of the time that it took. Workers that
// are let go come back soon: so those of a sweep share transactions, two workers each
// one, instead of taking turns. A worker alone never waits.
func (r *Recorder) gather() {
	enough := func() bool { return r.changes == 0 || r.changes >= r.together || r.closed }
	if enough() {
		return
	}
	over := false
	timer := time.AfterFunc(min(r.took/4, longestGather), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		over = true
		r.work.Signal()
	})
	defer timer.Stop()
	for !over && !enough() {
		r.work.Wait()
	}
}

// commitBatch writes what is pending; meanwhile more can be queued.
func (r *Recorder) commitBatch() {
	batch, end := r.pending, r.queued
	r.pending, r.together, r.changes = nil, r.changes, 0
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	r.mu.Unlock()
	start := time.Now()
	var unused usedFiles
	err := r.store.update(fmt.Sprintf("recording study %q", r.name), func(tx *bolt.Tx) (err error) {
		unused, err = r.write(tx, batch)
		return err
	})
	r.mu.Lock()
	r.took = time.Since(start)
	r.together += r.changes
	r.progress.Broadcast()
	if err != nil {
		r.err = err
		return
	}
	r.durable = end
	r.mu.Unlock()
	r.store.checkpoints.release(unused.checkpoints...)
	r.store.artifacts.release(unused.artifacts...)
	r.mu.Lock()
}

// Close writes what is pending and ends the recorder. It returns the error that an
// earlier flush came to, if any.
func (r *Recorder) Close() error {
	r.mu.Lock()
	again, running := r.closed, r.running
	r.closed = true
	r.work.Signal()
	r.mu.Unlock()
	if again {
		return nil
	}
	if running {
		<-r.done
	}
	s := r.store
	s.mu.Lock()
	if s.recorders[r.name] == r {
		delete(s.recorders, r.name)
		// What isn't recorded any more isn't running either.
		delete(s.begun, r.name)
	}
	s.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
	}
	return r.err
}
