package store_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"medml"
	"medml/store"
)

func Example() {
	dir, err := os.MkdirTemp("", "medml")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	s, err := store.Open(dir, store.Options{Command: "medml sweep diagnosis"})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	about := medml.About{Study: "diagnosis", Metric: "auroc", Direction: medml.Maximize}
	if err := s.Create(store.Study{Name: "diagnosis", About: about, Experiment: []byte(`{"name":"diagnosis"}`)}); err != nil {
		log.Fatal(err)
	}
	if err := s.Begin("diagnosis", store.Session{Workers: 1, Budget: 1}); err != nil {
		log.Fatal(err)
	}
	r, err := s.Recorder("diagnosis", store.RecorderOptions{})
	if err != nil {
		log.Fatal(err)
	}
	t := medml.Trial{State: medml.Running, Params: medml.Params{{Name: "depth", Value: medml.IntValue(2)}}}
	done := t
	done.State, done.Value = medml.Complete, 0.994
	for _, e := range []medml.Event{
		medml.TrialStarted{Trial: t},
		medml.EpochEnded{Epoch: medml.Epoch{Step: 1, Value: 0.99}},
		medml.TrialEnded{Trial: done},
		medml.StudyEnded{State: medml.StudyComplete, Reason: "1 trial done", Elapsed: time.Minute},
	} {
		if err := r.Record(e); err != nil {
			log.Fatal(err)
		}
	}

	studies, err := s.Studies()
	if err != nil {
		log.Fatal(err)
	}
	for _, x := range studies {
		fmt.Printf("%s: %s after %v, best %s %v in trial %d\n", x.Name, x.State, x.Elapsed, x.Metric, x.Value, x.Best)
	}
	// Output: diagnosis: complete after 1m0s, best auroc 0.994 in trial 0
}
