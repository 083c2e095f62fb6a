package main

import (
	"fmt"
	"io"
	"time"

	"medml"
	"medml/store"
)

// showLive shows a study that runs, or one of its trials, as the sweep tells it. What only
// the store knows, the experiment and where it runs, is left out.
func showLive(e *env, snap medml.Snapshot, t target, asJSON bool) error {
	study := store.Study{Name: snap.Study, About: snap.About}
	if t.n < 0 {
		return showLiveStudy(e, snap, asJSON)
	}
	trial, err := pick(snap, t)
	switch {
	case err != nil:
		return err
	case asJSON:
		return printJSON(e.out, showTrialJSON(study, trial))
	}
	return showTrial(e.out, study, trial)
}

func showLiveStudy(e *env, s medml.Snapshot, asJSON bool) error {
	if asJSON {
		return printJSON(e.out, struct {
			Study   string           `json:"study"`
			State   medml.StudyState `json:"state"`
			Seconds float64          `json:"seconds"`
			About   medml.About      `json:"about"`
		}{s.Study, s.State, s.Elapsed.Seconds(), s.About})
	}
	c := s.Counts()
	fmt.Fprintf(e.out, "study        %s (%s)\n", s.Study, s.State)
	fmt.Fprintf(e.out, "trials       %d complete, %d running, %d pruned, %d failed, %d waiting\n", c.Complete, c.Running, c.Pruned, c.Failed, c.Waiting)
	if best, ok := s.Best(); ok {
		fmt.Fprintf(e.out, "best         %s %.4f, %s\n", s.Metric, best.Score(), path(s.Study, best.Number))
	}
	fmt.Fprintf(e.out, "ran          %v in this session\n", s.Elapsed.Round(time.Second))
	fmt.Fprintf(e.err, "medml: the experiment is shown once the sweep has ended\n")
	return nil
}

// stateOf is a trial's state in a word.
func stateOf(t medml.Trial) string {
	if t.State == medml.Running && t.Paused {
		return "paused"
	}
	return t.State.String()
}

// showAims tells a trial's objectives, where there are several, how it stands to each
// constraint, what its other seeds gave, and how often it was begun again.
func showAims(w io.Writer, about medml.About, t medml.Trial) {
	if len(about.Goals) > 1 {
		for i := range min(len(about.Goals), len(t.Objectives)) {
			fmt.Fprintf(w, "objective    %s %.6g\n", about.Goals[i].Metric, t.Objectives[i])
		}
	}
	for i := range min(len(about.Constraints), len(t.Constraints)) {
		verdict := "met"
		if lack := t.Constraints[i]; !(lack <= 0) {
			verdict = fmt.Sprintf("violated by %.4g", lack)
		}
		fmt.Fprintf(w, "constraint   %s: %s\n", about.Constraints[i], verdict)
	}
	for _, r := range t.Repeats {
		if r.Reason != "" {
			fmt.Fprintf(w, "again        seed %d: %s\n", r.Seed, r.Reason)
		} else {
			fmt.Fprintf(w, "again        seed %d: %.4f\n", r.Seed, r.Value)
		}
	}
	if len(t.Repeats) > 0 {
		fmt.Fprintf(w, "score        %.4f, the mean over %d seeds\n", t.Score(), 1+len(t.Repeats))
	}
	if t.Retries > 0 {
		fmt.Fprintf(w, "retries      %d\n", t.Retries)
	}
	if t.Crashes > 0 {
		fmt.Fprintf(w, "crashes      %d since its last checkpoint\n", t.Crashes)
	}
}
