package store

import (
	"bytes"
	"fmt"

	"medml"
)

// ledger writes a study's trials within a transaction and keeps the tally.
type ledger struct {
	study, trials, runs, live table

	direction medml.Direction
	sums      tally
}

// ledger opens the trials of a study for writing.
func (t table) ledger(direction medml.Direction) (*ledger, error) {
	l := &ledger{study: t, direction: direction}
	var err error
	if l.trials, err = t.sub(trialsBucket); err != nil {
		return nil, err
	}
	if l.runs, err = t.sub(runsBucket); err != nil {
		return nil, err
	}
	if l.live, err = t.sub(liveBucket); err != nil {
		return nil, err
	}
	// Trials come about in the order of their numbers, so pages fill from the left.
	l.trials.bucket.FillPercent, l.runs.bucket.FillPercent = 0.9, 0.9
	l.sums, err = t.tally()
	return l, err
}

// close writes the tally; the transaction makes it and the trials durable together.
func (l *ledger) close() error {
	var e encoder
	e.putTally(l.sums)
	return l.study.put(tallyKey, e.b)
}

// was is the state in which a trial stood before a change; the zero value says that the
// trial is new.
type was struct {
	known bool
	state medml.State
}

func stateOf(s medml.State) was { return was{known: true, state: s} }

// put writes a trial whole, header and runs, and drops the epochs that its run had
// reported.
func (l *ledger) put(t medml.Trial, before was) error {
	if before.known {
		l.sums.states[before.state]--
	}
	l.sums.add(t, l.direction)
	key := numberKey(t.Number)
	var header encoder
	header.putTrial(t)
	if err := l.trials.put(key, header.b); err != nil {
		return err
	}
	if err := l.putRuns(key, t.Runs); err != nil {
		return err
	}
	return l.dropEpochs(t.Number)
}

func (l *ledger) putRuns(key string, runs []medml.Run) error {
	if len(runs) == 0 {
		return l.runs.bucket.Delete([]byte(key))
	}
	var e encoder
	e.putRuns(runs)
	return l.runs.put(key, e.b)
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

// dropEpochs deletes the epochs that a trial's run has reported.
func (l *ledger) dropEpochs(number int) error {
	prefix := []byte(numberKey(number))
	var keys [][]byte
	c := l.live.bucket.Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, k := range keys {
		if err := l.live.bucket.Delete(k); err != nil {
			return err
		}
	}
	l.sums.live -= len(keys)
	return nil
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
		ev.Trial.Runs = nil // its epochs are still to come
		return l.put(ev.Trial, e.before)
	case medml.TrialEnded:
		return l.put(ev.Trial, e.before)
	case medml.TrialReset:
		return l.put(waiting(ev.Trial), e.before)
	case medml.EpochEnded:
		return l.putEpoch(ev)
	case medml.StudyEnded:
		return l.end(ev)
	}
	return fmt.Errorf("unknown event %T", e.event)
}
