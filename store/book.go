package store

import (
	"errors"
	"fmt"
	"math"

	"medml"
)

// book is where each trial of a study stands, by its number, once all queued events are
// on disk. It refuses events that the trials can't come to.
type book []page

// page is where a trial stands.
type page struct {
	state    medml.State
	saved    bool     // it has a checkpoint
	upTo     reported // by the checkpoint
	reported reported // by now
	seed     int      // of its last repeat
}

// reported is what a run has reported: how many epochs, and the last one's place.
type reported struct{ epochs, fold, step int }

// page reads where a trial stands.
func (s *shelves) page(h header) (page, error) {
	p := page{state: h.trial.State}
	if n := len(h.trial.Repeats); n > 0 {
		p.seed = h.trial.Repeats[n-1].Seed
	}
	if p.state.Finished() {
		return p, nil
	}
	c, ok, err := s.checkpoint(h.trial.Number)
	if err != nil || !ok {
		return p, err
	}
	runs, err := s.reported(h.trial.Number)
	p.saved, p.upTo = true, last(upTo(runs, c.epochs))
	p.reported = last(runs)
	return p, err
}

func last(runs []medml.Run) reported {
	var at reported
	for _, r := range runs {
		at.epochs += len(r.Epochs)
		at.fold, at.step = r.Fold, r.Epochs[len(r.Epochs)-1].Step
	}
	return at
}

var errClosed = errors.New("the recorder is closed")

// check refuses what can't be recorded. The caller holds the lock.
func (r *Recorder) check(event medml.Event) error {
	switch {
	case r.err != nil:
		return r.err
	case r.closed:
		return errClosed
	case r.ended:
		return errors.New("the study has ended")
	}
	return r.book.check(event)
}

func (b book) check(event medml.Event) error {
	switch ev := event.(type) {
	case medml.TrialStarted:
		return b.checkStart(ev)
	case medml.TrialEnded:
		return b.checkMove(ev.Trial, ev.Trial.State.Finished() && ev.Trial.State <= medml.Failed, "end")
	case medml.TrialReset:
		return b.checkMove(ev.Trial, ev.Trial.State == medml.Waiting, "reset")
	case medml.EpochEnded:
		return b.checkEpoch(ev)
	case medml.CheckpointSaved:
		if !b.in(ev.Number, medml.Running) {
			return fmt.Errorf("a checkpoint of trial %d, which isn't running", ev.Number)
		}
		if n := b[ev.Number].reported.epochs; ev.Epochs != n {
			return fmt.Errorf("trial %d: a checkpoint after %d epochs, and it has reported %d", ev.Number, ev.Epochs, n)
		}
		return nil
	case medml.RepeatEnded:
		if !b.in(ev.Number, medml.Complete) {
			return fmt.Errorf("a repeat of trial %d, which isn't complete", ev.Number)
		}
		if last := b[ev.Number].seed; ev.Repeat.Seed <= last {
			return fmt.Errorf("trial %d: a repeat from seed %d after seed %d", ev.Number, ev.Repeat.Seed, last)
		}
		return nil
	case medml.StudyEnded:
		if ev.State != medml.StudyComplete && ev.State != medml.StudyInterrupted {
			return fmt.Errorf("the study ends as %q", ev.State)
		}
		return nil
	}
	return fmt.Errorf("unknown event %T", event)
}

// in reports whether there is a trial of that number in that state.
func (b book) in(n int, s medml.State) bool { return n >= 0 && n < len(b) && b[n].state == s }

func (b book) checkStart(ev medml.TrialStarted) error {
	if err := b.checkMove(ev.Trial, ev.Trial.State == medml.Running, "start"); err != nil {
		return err
	}
	if n := ev.Trial.Number; ev.Resumed && (n >= len(b) || !b[n].saved) {
		return fmt.Errorf("trial %d can't go on: it has no checkpoint", n)
	}
	return nil
}

// checkMove checks that a trial can come to a new state. New trials come in the order of
// their numbers.
func (b book) checkMove(t medml.Trial, legal bool, what string) error {
	switch n := t.Number; {
	case !legal:
		return fmt.Errorf("trial %d can't %s as %v", n, what, t.State)
	case n < 0 || n > len(b):
		return fmt.Errorf("trial %d comes before trial %d", n, len(b))
	case n < len(b) && b[n].state.Finished():
		return fmt.Errorf("trial %d can't %s: it is %v already", n, what, b[n].state)
	}
	return nil
}

// checkEpoch checks that epochs come in the order of folds and steps: so a checkpoint
// after some of them is after the first.
func (b book) checkEpoch(ev medml.EpochEnded) error {
	n, step := ev.Number, ev.Epoch.Step
	if !b.in(n, medml.Running) {
		return fmt.Errorf("an epoch of trial %d, which isn't running", n)
	}
	if ev.Fold < 0 || ev.Fold > math.MaxInt32 || step < 0 {
		return fmt.Errorf("trial %d: an epoch of fold %d, step %d", n, ev.Fold, step)
	}
	at := b[n].reported
	if at.epochs > 0 && (ev.Fold < at.fold || ev.Fold == at.fold && step <= at.step) {
		return fmt.Errorf("trial %d: fold %d, step %d comes after fold %d, step %d", n, ev.Fold, step, at.fold, at.step)
	}
	return nil
}

// enter follows an event that was checked, and returns where its trial stood before.
func (b *book) enter(event medml.Event) was {
	switch ev := event.(type) {
	case medml.TrialStarted:
		return b.move(ev.Trial, ev.Resumed)
	case medml.TrialEnded:
		return b.move(ev.Trial, false)
	case medml.TrialReset:
		return b.move(ev.Trial, ev.Keep)
	case medml.EpochEnded:
		p := &(*b)[ev.Number]
		p.reported = reported{p.reported.epochs + 1, ev.Fold, ev.Epoch.Step}
	case medml.CheckpointSaved:
		p := &(*b)[ev.Number]
		p.saved, p.upTo = true, p.reported
	case medml.RepeatEnded:
		(*b)[ev.Number].seed = ev.Repeat.Seed
	}
	return was{}
}

// move brings a trial to a new state; keep says that it can go on from its checkpoint.
func (b *book) move(t medml.Trial, keep bool) was {
	n := t.Number
	if n == len(*b) {
		*b = append(*b, page{state: t.State})
		return was{}
	}
	p := &(*b)[n]
	before := stateOf(p.state)
	p.state = t.State
	if !keep {
		p.saved, p.upTo = false, reported{}
	}
	p.reported = p.upTo
	return before
}
