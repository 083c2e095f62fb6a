package medml

import "fmt"

// WholeStudy stands for all trials where a trial's number is asked for.
const WholeStudy = -1

// Control acts on a running study: the Executor is one, and so is a connection to it.
type Control interface {
	// Pause holds a running trial up before its next training step; for WholeStudy all of
	// them, and no other trial starts.
	Pause(number int) error
	// Resume lets them go on.
	Resume(number int) error
	// Stop prunes a running trial; for WholeStudy it ends the session, the running trials
	// being put back.
	Stop(number int) error
}

var _ Control = (*Executor)(nil)

// Pause holds a trial up, or the whole study.
func (e *Executor) Pause(number int) error { return e.hold(number, true) }

// Resume lets a paused trial go on, or the whole study. Trials that were paused by
// themselves stay so.
func (e *Executor) Resume(number int) error { return e.hold(number, false) }

// Stop prunes a trial, or ends the session.
func (e *Executor) Stop(number int) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if number == WholeStudy {
		if err := e.mustRun(); err != nil {
			return err
		}
		e.stop(errByUser)
		return nil
	}
	r, err := e.runningTrial(number)
	if err != nil {
		return err
	}
	r.cancel(errByHand)
	return nil
}

func (e *Executor) hold(number int, paused bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if number == WholeStudy {
		if err := e.mustRun(); err != nil {
			return err
		}
		if e.paused != paused {
			e.paused = paused
			for _, r := range e.active {
				r.changed(r.paused)
			}
			e.stir()
		}
		return nil
	}
	r, err := e.runningTrial(number)
	if err != nil {
		return err
	}
	if r.paused != paused {
		was := r.heldUp()
		r.paused = paused
		e.trials[number].Paused = paused
		r.changed(was && r.heldUp())
	}
	return nil
}

// changed lets a trial notice that it is held up or let go; same says that it isn't
// either. A trial that is held up saves first, and its time stops. The caller holds the
// lock.
func (r *running) changed(same bool) {
	if same {
		return
	}
	held := r.heldUp()
	if held {
		r.due = true
		r.attention.Store(true)
	} else {
		close(r.wake)
		r.wake = make(chan struct{})
	}
	if r.limit == nil {
		return
	}
	now := r.e.now()
	if held {
		if r.limit.Stop() {
			r.left -= now.Sub(r.since)
		}
	} else {
		r.since = now
		r.limit.Reset(max(0, r.left))
	}
}

func (e *Executor) mustRun() error {
	if e.started.IsZero() || e.ended != nil {
		return fmt.Errorf("study %s isn't running", e.About.Study)
	}
	return nil
}

func (e *Executor) runningTrial(number int) (*running, error) {
	if err := e.mustRun(); err != nil {
		return nil, err
	}
	r := e.active[number]
	if r == nil {
		if number < 0 || number >= len(e.trials) {
			return nil, fmt.Errorf("study %s has no trial %d", e.About.Study, number)
		}
		return nil, fmt.Errorf("trial %d is %v, not running", number, e.trials[number].State)
	}
	return r, nil
}
