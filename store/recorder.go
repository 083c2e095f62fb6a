package store

import (
	"fmt"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"medml"
)

// maxPending is how many epochs may wait to be written before a Record waits for the
// disk.
const maxPending = 4096

// entry is an event on its way to disk.
type entry struct {
	event   medml.Event
	before  was   // the state of its trial
	file    *ref  // the checkpoint or artifact that comes with it
	evicted []int // the trials that lose their artifacts for it
}

// RecorderOptions say how a study is recorded. The zero value is good.
type RecorderOptions struct {
	// Flush is how long an epoch may take to be on disk; 0 is one second.
	Flush time.Duration
	// Keep is how many complete trials, the best, keep their artifacts; 0 is 16, and a
	// negative number none.
	Keep int
}

// Recorder takes the events of a running study. It is a medml.Recorder: a state change
// goes to disk at once, together with the epochs queued before it; epochs alone follow
// within the flush time. One goroutine commits, and what is queued while it does shares
// the next transaction, so that several workers need no more syncs than one. Its methods
// may be called from several goroutines.
type Recorder struct {
	store *Store
	name  string
	flush time.Duration

	mu        sync.Mutex // guards what follows
	book      book
	retention retention
	pending   []entry
	changes   int           // state changes among what is pending
	together  int           // state changes in the last transaction, and queued during it
	took      time.Duration // by the last transaction
	queued    int           // events taken so far
	durable   int           // events on disk
	due       bool          // what is pending should go to disk now
	timer     *time.Timer   // makes it due; nil while nothing waits
	running   bool          // the goroutine that commits
	ended     bool
	closed    bool
	err       error // of the disk; it stays
	work      *sync.Cond
	progress  *sync.Cond
	done      chan struct{} // closed when nothing is committed any more
}

// Recorder returns the recorder of a study that has begun. A study has one at a time.
func (s *Store) Recorder(name string, opts RecorderOptions) (*Recorder, error) {
	r := &Recorder{store: s, name: name, flush: opts.Flush, done: make(chan struct{})}
	if r.flush <= 0 {
		r.flush = time.Second
	}
	if r.retention.keep = opts.Keep; opts.Keep == 0 {
		r.retention.keep = defaultKeep
	}
	r.work, r.progress = sync.NewCond(&r.mu), sync.NewCond(&r.mu)
	if err := s.viewStudy(fmt.Sprintf("recording study %q", name), name, r.load); err != nil {
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

// load learns where the study's trials stand.
func (r *Recorder) load(sh *shelves) error {
	study, err := sh.study.study()
	if err != nil {
		return err
	}
	r.retention.about = study.About
	headers, err := sh.headers()
	if err != nil {
		return err
	}
	for _, h := range headers {
		p, err := sh.page(h)
		if err != nil {
			return err
		}
		r.book = append(r.book, p)
		if h.trial.Artifact != "" {
			r.retention.kept = append(r.retention.kept, h.trial)
		}
	}
	return nil
}

// Queue takes an event, as [medml.Recorder] says. The state of a CheckpointSaved and the
// artifact of a TrialEnded are written before it returns. An error of the disk stays: the
// recorder takes nothing more. Other errors, of the event, such as a trial that ends
// twice, or of a file that can't be written, leave no trace.
func (r *Recorder) Queue(event medml.Event) (wait func() error, err error) {
	e, err := r.prepare(event)
	if err != nil {
		return nil, r.wrap(err)
	}
	upTo, err := r.take(e)
	if err != nil {
		r.release(e)
		return nil, r.wrap(err)
	}
	return func() error { return r.sync(upTo) }, nil
}

func (r *Recorder) wrap(err error) error { return fmt.Errorf("study %q: %w", r.name, err) }

// prepare writes the file that comes with an event, if it is to be kept.
func (r *Recorder) prepare(event medml.Event) (entry, error) {
	e := entry{event: event}
	switch ev := event.(type) {
	case medml.CheckpointSaved:
		return r.withFile(e, r.store.checkpoints, ev.State, fmt.Sprintf("saving a checkpoint of trial %d", ev.Number))
	case medml.TrialEnded:
		if r.wants(ev) {
			return r.withFile(e, r.store.artifacts, ev.Artifact, fmt.Sprintf("keeping the artifact of trial %d", ev.Trial.Number))
		}
	}
	return e, nil
}

func (r *Recorder) withFile(e entry, files *blobs, data []byte, doing string) (entry, error) {
	if err := r.legal(e.event); err != nil {
		return e, err
	}
	file, err := files.put(data)
	if err != nil {
		return e, r.store.wrap(doing, plain(err))
	}
	e.file = &file
	return e, nil
}

// legal says whether an event would be taken now.
func (r *Recorder) legal(event medml.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.check(event)
}

// wants reports whether the artifact of a trial that ends is to be kept, by what is known
// so far.
func (r *Recorder) wants(ev medml.TrialEnded) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ev.Artifact != nil && r.retention.admits(ev.Trial)
}

// release gives up the file of an event that was not taken.
func (r *Recorder) release(e entry) {
	if e.file == nil {
		return
	}
	if _, checkpoint := e.event.(medml.CheckpointSaved); checkpoint {
		r.store.checkpoints.release(*e.file)
	} else {
		r.store.artifacts.release(*e.file)
	}
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

// write writes a batch in order. Epochs that a later event of the batch drops anyway are
// left out.
func (r *Recorder) write(tx *bolt.Tx, batch []entry) (usedFiles, error) {
	t, err := r.store.studyTable(tx, r.name)
	if err != nil {
		return usedFiles{}, err
	}
	l, err := t.ledger(r.retention.about.Direction)
	if err != nil {
		return usedFiles{}, err
	}
	dropped := map[int]int{} // trial → index of the last event that drops its epochs
	for i, e := range batch {
		if n, ok := dropsEpochs(e.event); ok {
			dropped[n] = i
		}
	}
	for i, e := range batch {
		if ev, ok := e.event.(medml.EpochEnded); ok {
			if at, ok := dropped[ev.Number]; ok && at > i {
				continue
			}
		}
		if err := l.apply(e); err != nil {
			return usedFiles{}, err
		}
	}
	return l.dropped, l.close()
}

// dropsEpochs returns the trial all of whose reported epochs an event drops.
func dropsEpochs(event medml.Event) (number int, ok bool) {
	switch ev := event.(type) {
	case medml.TrialStarted:
		return ev.Trial.Number, !ev.Resumed
	case medml.TrialEnded:
		return ev.Trial.Number, true
	case medml.TrialReset:
		return ev.Trial.Number, !ev.Keep
	}
	return 0, false
}
