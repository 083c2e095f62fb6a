package search_test

import (
	"errors"
	"strings"
	"testing"

	"medml"
	"medml/search"
)

func TestAStudyEnds(t *testing.T) {
	goal := 0.5
	values := func(vs ...float64) func(medml.Params) float64 {
		return func(medml.Params) float64 {
			v := vs[0]
			if len(vs) > 1 {
				vs = vs[1:]
			}
			return v
		}
	}
	for name, c := range map[string]struct {
		change    func(*search.Config)
		objective func(medml.Params) float64
		trials    int
		reason    string
	}{
		"after its trials": {func(c *search.Config) { c.Trials = 1 },
			values(1), 1, "1 trial done"},
		"at its goal": {func(c *search.Config) { c.Goal = &goal },
			values(3, 2, 0.5, 1), 3, "trial 2 reached the goal of 0.5"},
		"at its goal when it maximises": {func(c *search.Config) { c.Goal, c.Direction = &goal, medml.Maximize },
			values(0, 0.4, nan, 0.6), 4, "trial 3 reached the goal of 0.5"},
		"at its goal, a lookback later": {func(c *search.Config) { c.Goal, c.Lookback = &goal, 4 },
			values(3, 2, 0.5, 1), 6, "trial 2 reached the goal of 0.5"},
		"when patience is at an end": {func(c *search.Config) { c.Patience = 3 },
			values(3, 2, 2, 2.5, 2), 5, "no improvement of more than 0 in 3 trials"},
		"when improvements are small": {func(c *search.Config) { c.Patience, c.MinDelta = 2, 0.1 },
			values(3, 2.95, 2.85, 2.8, 2.76), 5, "no improvement of more than 0.1 in 2 trials"},
		"when no value is a number": {func(c *search.Config) { c.Patience = 4 },
			values(nan), 4, "no improvement of more than 0 in 4 trials"},
		"and else goes on": {func(*search.Config) {}, values(1), 50, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config("random")
			c.change(&cfg)
			study := mustNew(t, box(1), cfg)
			if trials := run(t, study, 50, c.objective); len(trials) != c.trials {
				t.Errorf("%d trials, expected %d", len(trials), c.trials)
			}
			_, err := study.Ask()
			var done *medml.Done
			if errors.As(err, &done) != (c.reason != "") || done != nil && done.Reason != c.reason {
				t.Errorf("then %v, expected %q", err, c.reason)
			}
		})
	}
}

func TestFailedTrialsTryNobodysPatience(t *testing.T) {
	c := config("random")
	c.Patience = 2
	study := mustNew(t, box(1), c)
	for range 10 {
		trial, err := study.Ask()
		if err != nil {
			t.Fatal(err)
		}
		trial.State = medml.Failed
		if err := study.Tell(trial); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAskWaitsForWhatTheLookbackNeeds(t *testing.T) {
	c := config("tpe")
	c.Lookback = 3
	study := mustNew(t, box(1), c)
	var trials []medml.Trial
	for range 3 {
		trial, err := study.Ask()
		if err != nil {
			t.Fatal(err)
		}
		trials = append(trials, trial)
	}
	if _, err := study.Ask(); !errors.Is(err, medml.ErrWait) {
		t.Errorf("trial 3 was asked for before trial 0 had ended: %v", err)
	}
	trials[1].State, trials[0].State = medml.Complete, medml.Waiting
	if err := errors.Join(study.Tell(trials[1]), study.Tell(trials[0])); err != nil {
		t.Fatal(err)
	}
	again, err := study.Ask()
	if err != nil || again.Number != 0 || again.State != medml.Running || configOf(again) != configOf(trials[0]) {
		t.Errorf("trial 0 came back as %+v, %v", again, err)
	}
	if _, err := study.Ask(); !errors.Is(err, medml.ErrWait) {
		t.Errorf("trial 3 was asked for before trial 0 had ended: %v", err)
	}
	again.State = medml.Pruned
	if err := study.Tell(again); err != nil {
		t.Fatal(err)
	}
	if next, err := study.Ask(); err != nil || next.Number != 3 {
		t.Errorf("next was %+v, %v", next, err)
	}
}

func TestAnInterruptedTrialReportsFromTheBeginning(t *testing.T) {
	study := mustNew(t, box(1), config("random"))
	trial, err := study.Ask()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := study.Report(trial, 0, medml.Epoch{Step: 1, Report: 0.5}); err != nil {
			t.Fatal(err)
		}
		trial.State = medml.Waiting
		if err := study.Tell(trial); err != nil {
			t.Fatal(err)
		}
		if trial, err = study.Ask(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMisuseIsTold(t *testing.T) {
	study := mustNew(t, box(1), config("random"))
	trial, err := study.Ask()
	if err != nil {
		t.Fatal(err)
	}
	report := func(number, step int) error {
		_, err := study.Report(medml.Trial{Number: number}, 0, medml.Epoch{Step: step, Report: 1})
		return err
	}
	twice := medml.Trial{State: medml.Complete, Runs: []medml.Run{{Epochs: []medml.Epoch{{Step: 1}, {Step: 1}}}}}
	check := func(want string, err error) {
		t.Helper()
		if err == nil || err.Error() != want {
			t.Errorf("%v, expected %s", err, want)
		}
	}
	check("report step 0 of trial 0: steps count from 1", report(0, 0))
	check("report step 1 of trial 7: invalid trial id", report(7, 1))
	check("tell trial 0: its state is running", study.Tell(trial))
	check("tell trial -1: invalid trial id", study.Tell(medml.Trial{Number: -1, State: medml.Complete}))
	check("tell trial 0: step 1 stands twice in its runs, or below 1", study.Tell(twice))
	check("<nil>", errOrNil(report(0, 1)))
	check("report step 1 of trial 0: trial 0 has a value at step 1 already", report(0, 1))
	trial.State = medml.Complete
	check("<nil>", errOrNil(study.Tell(trial)))
	check("tell trial 0: the trial isn't running", study.Tell(trial))
	check("report step 2 of trial 0: the trial isn't running", report(0, 2))
}

// errOrNil makes an error of none, for a table of errors.
func errOrNil(err error) error {
	if err == nil {
		return errors.New("<nil>")
	}
	return err
}

func TestNewRefusesAPastThatDoesNotFit(t *testing.T) {
	set := func(name string, v medml.Value) medml.Setting { return medml.Setting{Name: name, Value: v} }
	for want, past := range map[string][]medml.Trial{
		"replay trial 1: the number is negative or stands twice":             {{Number: 1}, {Number: 1}},
		"replay trial -1: the number is negative or stands twice":            {{Number: -1}},
		"replay trial 0: depth is no parameter of the space":                 {{Params: medml.Params{set("depth", medml.IntValue(1))}}},
		"replay trial 2: learning_rate=5.0 is no value of the parameter":     {{Number: 2, Params: medml.Params{set("learning_rate", medml.FloatValue(5))}}},
		"replay trial 0: architecture=vit is no value of the parameter":      {{Params: medml.Params{set("architecture", medml.StringValue("vit"))}}},
		"replay trial 0: momentum=0.8 is no value of the parameter":          {{Params: medml.Params{set("momentum", medml.FloatValue(0.8))}}},
		"replay trial 0: architecture.cnn.depth stands without architecture": {{Params: medml.Params{set("architecture", medml.StringValue("lstm")), set("architecture.cnn.depth", medml.IntValue(1))}}},
		"replay trial 0: step -1 stands twice in its runs, or below 1":       {{State: medml.Complete, Runs: []medml.Run{{Epochs: []medml.Epoch{{Step: -1}}}}}},
	} {
		_, err := search.New(mixed(), config("tpe"), past)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, expected %s", err, want)
		}
	}
}

func TestValuesAreNeverChangedInTheCallersHands(t *testing.T) {
	c := config("tpe")
	past := pastTrials(t, box(2), 30)
	past[0], past[7] = past[7], past[0]
	before := digest(t, past)
	run(t, mustNew(t, box(2), c, past...), 10, sphere)
	if digest(t, past) != before || past[0].Number != 7 {
		t.Error("New or the study changed the trials it was given")
	}
}
