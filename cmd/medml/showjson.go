package main

import (
	"encoding/json"
	"time"

	"medml"
	"medml/store"
)

// epochJSON is an epoch as `show STUDY/N --json` prints it.
type epochJSON struct {
	Step      int    `json:"step"`
	Loss      number `json:"loss"`
	ValidLoss number `json:"valid_loss"`
	Value     number `json:"value"`
	Report    number `json:"report"`
}

// runJSON is a trial's training on one fold.
type runJSON struct {
	Fold    int               `json:"fold"`
	Value   number            `json:"value"`
	Metrics map[string]number `json:"metrics"`
	Weights string            `json:"weights"`
	Epochs  []epochJSON       `json:"epochs"`
}

// showStudyJSON is what `show STUDY --json` prints.
func showStudyJSON(study store.Study, snap medml.Snapshot) any {
	return struct {
		Study       string            `json:"study"`
		State       medml.StudyState  `json:"state"`
		Reason      string            `json:"reason,omitempty"`
		Created     time.Time         `json:"created"`
		Seconds     float64           `json:"seconds"`
		Sessions    int               `json:"sessions"`
		About       medml.About       `json:"about"`
		Environment store.Environment `json:"environment"`
		Experiment  json.RawMessage   `json:"experiment"`
	}{study.Name, snap.State, snap.Reason, study.Created, snap.Elapsed.Seconds(), len(study.Sessions),
		study.About, study.Environment, study.Experiment}
}

// showTrialJSON is what `show STUDY/N --json` prints.
func showTrialJSON(study store.Study, t medml.Trial) any {
	runs := []runJSON{}
	for _, r := range t.Runs {
		out := runJSON{Fold: r.Fold, Value: number(r.Value), Weights: r.Weights, Metrics: map[string]number{}, Epochs: []epochJSON{}}
		for _, m := range r.Measures {
			out.Metrics[m.Name] = number(m.Value)
		}
		for _, ep := range r.Epochs {
			out.Epochs = append(out.Epochs, epochJSON{ep.Step, number(ep.Loss), number(ep.ValidLoss), number(ep.Value), number(ep.Report)})
		}
		runs = append(runs, out)
	}
	return struct {
		Study string `json:"study"`
		trialJSON
		Seed        uint64            `json:"seed"`
		WeightCount int               `json:"weight_count"`
		Started     time.Time         `json:"started"`
		Ended       time.Time         `json:"ended"`
		Runs        []runJSON         `json:"runs"`
		Environment store.Environment `json:"environment"`
	}{study.Name, toTrialJSON(t), study.About.Seed, t.WeightCount, t.Started, t.Ended, runs, study.Environment}
}
