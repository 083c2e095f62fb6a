package store_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"medml"
	"medml/store"
)

// holdStore opens a store for writing, says so, and keeps it until its input ends.
func holdStore(dir string) error {
	s, err := store.Open(dir, store.Options{Command: "medml sweep diagnosis"})
	if err != nil {
		return err
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return s.Close()
}

// readOnce opens a store for reading and says what it has.
func readOnce(dir string) error {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	list, err := s.Studies()
	fmt.Println(len(list), "studies")
	return errors.Join(err, s.Close())
}

// sweepForever runs study x, resuming it, and prints each thing it was acknowledged.
func sweepForever(dir string) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	return sweepOn(s)
}

func sweepOn(s *store.Store) error {
	if err := s.Begin("x", store.Session{Started: clock}); err != nil {
		return err
	}
	past, err := s.Trials("x")
	if err != nil {
		return err
	}
	r, err := s.Recorder("x", store.RecorderOptions{Flush: time.Millisecond, Keep: 3})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n < len(past) && past[n].State.Finished() {
			continue
		}
		saved := false
		if n < len(past) {
			state, err := s.Checkpoint("x", n)
			if err != nil {
				return err
			}
			if saved = state != nil; saved && string(state) != stateOf(n) {
				return fmt.Errorf("trial %d goes on from another's state", n)
			}
		}
		if err := sweepTrial(r, n, saved); err != nil {
			return err
		}
	}
}

// stateOf is what trial n saves after its first fold.
func stateOf(n int) string { return strings.Repeat(fmt.Sprintf("state of trial %d\n", n), 500) }

// modelOf is what is kept of trial n.
func modelOf(n int) string { return strings.Repeat(fmt.Sprintf("model of trial %d\n", n), 300) }

func sweepTrial(r *store.Recorder, n int, saved bool) error {
	start := running(n)
	if err := r.Record(medml.TrialStarted{Trial: start, Resumed: saved}); err != nil {
		return err
	}
	fmt.Println("started", n)
	events := append(live(n, 0), medml.CheckpointSaved{Number: n, Epochs: 3, State: []byte(stateOf(n))})
	if saved {
		events = nil
	}
	events = append(append(events, live(n, 1)...), medml.TrialEnded{Trial: complete(n), Artifact: []byte(modelOf(n))})
	for _, e := range events {
		wait, err := r.Queue(e)
		if err == nil {
			err = wait()
		}
		if err != nil {
			return err
		}
		switch e := e.(type) {
		case medml.EpochEnded:
			fmt.Println("epoch", n, e.Epoch.Step)
		case medml.CheckpointSaved:
			fmt.Println("saved", n)
		case medml.TrialEnded:
			fmt.Println("ended", n)
		}
	}
	return nil
}

// gamble sweeps without syncing.
func gamble(dir string) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	return sweepOn(store.SkipSync(s))
}
