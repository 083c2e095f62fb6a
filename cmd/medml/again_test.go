package main

import (
	"testing"
	"time"
)

func TestTheCommandThatGoesOnSaysWhichStudyAndHowFar(t *testing.T) {
	for want, o := range map[string]sweepOptions{
		"medml sweep a.yaml": {file: "a.yaml", store: ".medml"},
		"medml sweep a.yaml --study quick --store /data/medml --set budget.epochs=5 --seed 7 --trials 10 --time 10m0s --workers 2": {
			file: "a.yaml", store: "/data/medml", study: "quick", sets: []string{"budget.epochs=5"}, seed: "7",
			trials: 10, time: 10 * time.Minute, workers: 2,
		},
		`medml sweep 'my sweep.yaml' --set 'metrics=[f1, mcc]' --set 'description=it'\''s'`: {
			file: "my sweep.yaml", store: ".medml", sets: []string{"metrics=[f1, mcc]", "description=it's"},
		},
	} {
		if got := o.again(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
