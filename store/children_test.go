package store_test

import (
	"errors"
	"fmt"
	"io"
	"os"
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
	if err := s.Begin("x", store.Session{Started: clock}); err != nil {
		return err
	}
	past, err := s.Trials("x")
	if err != nil {
		return err
	}
	r, err := s.Recorder("x", store.RecorderOptions{Flush: time.Millisecond})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n < len(past) && past[n].State.Finished() {
			continue
		}
		if err := sweepTrial(r, n); err != nil {
			return err
		}
	}
}

func sweepTrial(r *store.Recorder, n int) error {
	if err := r.Record(medml.TrialStarted{Trial: running(n)}); err != nil {
		return err
	}
	fmt.Println("started", n)
	for _, e := range append(live(n, 0), live(n, 1)...) {
		if err := r.Record(e); err != nil {
			return err
		}
	}
	if err := r.Record(medml.TrialEnded{Trial: complete(n)}); err != nil {
		return err
	}
	fmt.Println("ended", n)
	return nil
}
