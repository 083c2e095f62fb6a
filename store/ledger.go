package store

import (
	"bytes"
	"fmt"

	"medml"
)

// ledger writes a study's trials within a transaction and keeps the tally.
type ledger struct {
	*shelves

	direction medml.Direction
	// dropped are the files that no record refers to once the transaction is committed.
	dropped usedFiles
	// repeated says that the best trial has to be looked for among all.
	repeated bool
}

// ledger opens the trials of a study for writing.
func (t table) ledger(direction medml.Direction) (*ledger, error) {
	s, err := t.shelves()
	if err != nil {
		return nil, err
	}
	// Trials come about in the order of their numbers, so pages fill from the left.
	s.trials.bucket.FillPercent, s.curves.bucket.FillPercent = 0.9, 0.9
	return &ledger{shelves: s, direction: direction}, nil
}

// close writes the tally; the transaction makes it and the trials durable together.
func (l *ledger) close() error {
	if l.repeated {
		if err := l.findBest(); err != nil {
			return err
		}
	}
	var e encoder
	e.putTally(l.sums)
	return l.study.put(tallyKey, e.b)
}

// findBest looks for the best trial among all.
func (l *ledger) findBest() error {
	headers, err := l.headers()
	if err != nil {
		return err
	}
	trials := make([]medml.Trial, len(headers))
	for i, h := range headers {
		trials[i] = h.trial
	}
	l.sums.choose(l.direction, trials...)
	return nil
}

// contend makes a trial the best if it is better than that.
func (l *ledger) contend(t medml.Trial) error {
	if t.State != medml.Complete {
		return nil
	}
	if l.sums.best < 0 {
		l.sums.choose(l.direction, t)
		return nil
	}
	best, err := l.header(l.sums.best)
	if err != nil {
		return err
	}
	if best.trial.Number < t.Number {
		l.sums.choose(l.direction, best.trial, t)
	} else {
		l.sums.choose(l.direction, t, best.trial)
	}
	return nil
}

// was is the state in which a trial stood before a change; the zero value says that the
// trial is new.
type was struct {
	known bool
	state medml.State
}

func stateOf(s medml.State) was { return was{known: true, state: s} }

// put writes a trial whole and drops the epochs that its run had reported, and its
// checkpoint. With keep the checkpoint stays, if there is one, and the epochs up to it.
func (l *ledger) put(t medml.Trial, before was, keep bool) error {
	if before.known {
		l.sums.states[before.state]--
	}
	l.sums.add(t)
	if err := l.contend(t); err != nil {
		return err
	}
	if err := l.write(t); err != nil {
		return err
	}
	c, ok, err := l.checkpoint(t.Number)
	if err != nil {
		return err
	}
	if !keep {
		c.epochs = 0
		if ok {
			if err := l.dropCheckpoint(t.Number, c); err != nil {
				return err
			}
		}
	}
	return l.dropEpochs(t.Number, c.epochs)
}

// write writes a trial's header and the epochs of its runs.
func (l *ledger) write(t medml.Trial) error {
	key := numberKey(t.Number)
	var header, curves encoder
	header.putHeader(t)
	if err := l.trials.put(key, header.b); err != nil {
		return err
	}
	if curves.putCurves(allRuns(t)); len(curves.b) == 0 {
		return l.curves.bucket.Delete([]byte(key))
	}
	return l.curves.put(key, curves.b)
}

// putEpoch appends an epoch of a running trial.
func (l *ledger) putEpoch(ev medml.EpochEnded) error {
	key := epochKey(ev.Number, ev.Fold, ev.Epoch.Step)
	if l.live.bucket.Get([]byte(key)) == nil {
		l.sums.live++
	}
	var e encoder
	e.putFigures(ev.Epoch)
	return l.live.put(key, e.b)
}

// dropEpochs deletes the epochs that a trial's run has reported after the first keep.
func (l *ledger) dropEpochs(number, keep int) error {
	prefix := []byte(numberKey(number))
	var keys [][]byte
	c := l.live.bucket.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		if keep--; keep < 0 {
			keys = append(keys, bytes.Clone(k))
		}
	}
	for _, k := range keys {
		if err := l.live.bucket.Delete(k); err != nil {
			return err
		}
	}
	l.sums.live -= len(keys)
	return nil
}

// putCheckpoint replaces a running trial's checkpoint. The trial has come further than
// where the process died under it.
func (l *ledger) putCheckpoint(number int, c checkpoint) error {
	old, ok, err := l.checkpoint(number)
	if err != nil {
		return err
	}
	if ok {
		l.dropped.checkpoints = append(l.dropped.checkpoints, old.state)
	} else {
		l.sums.checkpoints++
	}
	var e encoder
	e.putCheckpoint(c)
	if err := l.checkpoints.put(numberKey(number), e.b); err != nil {
		return err
	}
	h, err := l.header(number)
	if err != nil || h.trial.Crashes == 0 {
		return err
	}
	h.trial.Crashes = 0
	return l.write(h.trial) // it runs, so it has no curves
}

func (l *ledger) dropCheckpoint(number int, c checkpoint) error {
	l.dropped.checkpoints = append(l.dropped.checkpoints, c.state)
	l.sums.checkpoints--
	return l.checkpoints.bucket.Delete([]byte(numberKey(number)))
}

func (l *ledger) putArtifact(number int, r ref) error {
	l.sums.artifacts++
	var e encoder
	e.ref(r)
	return l.artifacts.put(numberKey(number), e.b)
}

func (l *ledger) dropArtifact(number int) error {
	r, ok, err := l.artifact(number)
	if err != nil || !ok {
		return err
	}
	l.dropped.artifacts = append(l.dropped.artifacts, r)
	l.sums.artifacts--
	return l.artifacts.bucket.Delete([]byte(numberKey(number)))
}

// putRepeat appends a repeat to a complete trial.
func (l *ledger) putRepeat(number int, r medml.Repeat) error {
	h, err := l.header(number)
	if err != nil {
		return err
	}
	t, err := l.whole(h)
	if err != nil {
		return err
	}
	t.Repeats = append(t.Repeats, r)
	l.repeated = true
	return l.write(t)
}

// end marks the study as ended.
func (l *ledger) end(how medml.StudyEnded) error {
	study, err := l.study.study()
	if err != nil {
		return err
	}
	study.end(how)
	return l.study.putProgressOf(study)
}

// apply writes an event.
func (l *ledger) apply(e entry) error {
	switch ev := e.event.(type) {
	case medml.TrialStarted:
		ev.Trial.Runs, ev.Trial.Repeats = nil, nil // its epochs are still to come
		return l.put(ev.Trial, e.before, ev.Resumed)
	case medml.TrialEnded:
		if err := l.put(ev.Trial, e.before, false); err != nil {
			return err
		}
		return l.applyArtifact(e, ev.Trial.Number)
	case medml.TrialReset:
		return l.put(waiting(ev.Trial), e.before, ev.Keep)
	case medml.EpochEnded:
		return l.putEpoch(ev)
	case medml.CheckpointSaved:
		return l.putCheckpoint(ev.Number, checkpoint{epochs: ev.Epochs, state: *e.file})
	case medml.RepeatEnded:
		return l.putRepeat(ev.Number, ev.Repeat)
	case medml.StudyEnded:
		return l.end(ev)
	}
	return fmt.Errorf("unknown event %T", e.event)
}

// applyArtifact keeps the artifact of a trial that ended, and drops those that have to
// go for it: in the end its own, where a better one was queued meanwhile.
func (l *ledger) applyArtifact(e entry, number int) error {
	if e.file != nil {
		if err := l.putArtifact(number, *e.file); err != nil {
			return err
		}
	}
	for _, n := range e.evicted {
		if err := l.dropArtifact(n); err != nil {
			return err
		}
	}
	return nil
}
