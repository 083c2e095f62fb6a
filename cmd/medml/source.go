package main

import (
	"errors"
	"sync"

	"medml"
	"medml/live"
)

// sweepIn connects to the process that sweeps a study of the store in dir: any study where
// the name is "". live.ErrNotServed says that none does, or that it sweeps another one.
func sweepIn(dir, study string) (*live.Client, error) {
	c, err := live.Dial(dir)
	if err != nil {
		return nil, err
	}
	if study != "" && c.Study() != study {
		c.Close()
		return nil, live.ErrNotServed
	}
	return c, nil
}

// presentOf reads a study from the process that sweeps it or, where none does, by past.
func presentOf(dir, name string, past func(dir, name string) (medml.Snapshot, error)) (medml.Snapshot, error) {
	if s, err := liveOf(dir, name); err == nil || isRefused(err) {
		return s, err
	}
	return past(dir, name)
}

// liveOf reads a study from the process that sweeps it.
func liveOf(dir, name string) (medml.Snapshot, error) {
	c, err := sweepIn(dir, name)
	if err != nil {
		return medml.Snapshot{}, err
	}
	defer c.Close()
	return c.Snapshot()
}

// isRefused reports whether a sweep itself says why it doesn't do something. After other
// errors the store may know more: the sweep has ended, say.
func isRefused(err error) bool {
	var refused *live.RefusedError
	return errors.As(err, &refused)
}

// followed is a study wherever it is: with the process that sweeps it, or in the store.
// It goes from one to the other as sweeps begin and end.
type followed struct {
	dir, study string

	mu     sync.Mutex
	client *live.Client    // nil while nobody sweeps it
	past   *medml.Snapshot // as the store has it; nil until it was read after a sweep
}

var _ medml.Control = (*followed)(nil)

// Snapshot returns the study as it stands.
func (f *followed) Snapshot() (medml.Snapshot, error) {
	if c := f.sweep(); c != nil {
		s, err := c.Snapshot()
		if err == nil || isRefused(err) {
			return s, err
		}
		f.lost(c)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.past == nil {
		s, err := snapshotOf(f.dir, f.study)
		if err != nil {
			return s, err
		}
		f.past = &s
	}
	return *f.past, nil
}

// sweep returns the connection to the process that sweeps the study, nil if none does.
func (f *followed) sweep() *live.Client {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.client == nil {
		c, err := sweepIn(f.dir, f.study)
		if err != nil {
			return nil
		}
		f.client, f.past = c, nil
	}
	return f.client
}

// lost forgets a connection to a sweep that doesn't answer any more.
func (f *followed) lost(c *live.Client) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.client == c {
		f.client = nil
	}
	c.Close()
}

// Close ends the connection, if there is one.
func (f *followed) Close() {
	if f.client != nil {
		f.client.Close()
	}
}

// Pause holds up the study or one of its trials.
func (f *followed) Pause(number int) error { return f.act(number, (*live.Client).Pause) }

// Resume lets it go on.
func (f *followed) Resume(number int) error { return f.act(number, (*live.Client).Resume) }

// Stop ends its sweep, or prunes a trial.
func (f *followed) Stop(number int) error { return f.act(number, (*live.Client).Stop) }

func (f *followed) act(number int, do func(*live.Client, int) error) error {
	c := f.sweep()
	if c == nil {
		return live.ErrNotServed
	}
	return do(c, number)
}
