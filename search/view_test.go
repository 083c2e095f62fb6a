package search

import (
	"errors"
	"slices"
	"testing"

	"github.com/c-bata/goptuna"

	"medml"
)

// opaque hides a view's columns, so that samplers and pruners read the trials through
// goptuna.Storage alone, as they would from any other.
type opaque struct{ goptuna.Storage }

func viewSpace() medml.Space {
	on := &medml.Condition{Param: "branch", Equals: medml.StringValue("a")}
	return medml.Space{
		{Name: "branch", Kind: medml.Categorical, Choices: []medml.Value{medml.StringValue("a"), medml.StringValue("b")}},
		{Name: "depth", Kind: medml.Int, Low: 1, High: 5, When: on},
		{Name: "rate", Low: 1e-3, High: 1, Log: true},
	}
}

// play runs a study of three workers to its end; trial n stops after 2 + n mod 4 epochs at
// the latest.
func play(t *testing.T, s *Study) []medml.Trial {
	t.Helper()
	var trials []medml.Trial
	var running []int
	for done := false; !done || len(running) > 0; {
		for !done && len(running) < 3 {
			trial, err := s.Ask()
			if errors.Is(err, medml.ErrWait) {
				break
			}
			if done = errors.As(err, new(*medml.Done)); done {
				break
			}
			noError(t, err)
			trials, running = append(trials, trial), append(running, trial.Number)
		}
		i := len(trials) * 7 % len(running)
		trial := &trials[running[i]]
		rate, _ := trial.Params.Lookup("rate")
		epoch := trial.Epochs() + 1
		v := rate.Float() + 1/float64(epoch+trial.Number%3)
		if trial.Runs == nil {
			trial.Runs = []medml.Run{{}}
		}
		trial.Runs[0].Epochs = append(trial.Runs[0].Epochs, medml.Epoch{Step: epoch, Report: v})
		prune, err := s.Report(*trial, 0, medml.Epoch{Step: epoch, Report: v})
		noError(t, err)
		switch {
		case prune:
			trial.State = medml.Pruned
		case epoch == 2+trial.Number%4:
			trial.State = medml.Complete
		default:
			continue
		}
		trial.Value = v
		noError(t, s.Tell(*trial))
		running = slices.Delete(running, i, i+1)
	}
	return trials
}

func TestTheColumnsSayWhatTheStorageSays(t *testing.T) {
	for _, lookback := range []int{0, 5} {
		for _, pruner := range Pruners() {
			if pruner == "wilcoxon" {
				continue // it reads the folds, for which a goptuna storage has no place
			}
			upper, joint := 1.2, pruner != "none"
			c := Config{Direction: medml.Minimize, Trials: 40, Lookback: lookback, Folds: 1, Epochs: 5,
				Sampler: SamplerConfig{Multivariate: &joint},
				Pruner:  PrunerConfig{Name: pruner, Patience: 2, Upper: &upper}}
			columns, plain := must[*Study](t)(New(viewSpace(), c, nil)), must[*Study](t)(New(viewSpace(), c, nil))
			plain.study.Storage = opaque{plain.view}
			a, b := play(t, columns), play(t, plain)
			da, db := must[string](t)(medml.Digest(nil, a)), must[string](t)(medml.Digest(nil, b))
			if da != db {
				t.Errorf("lookback %d, %s: the trials differ", lookback, pruner)
			}
			if len(a) != 40 {
				t.Errorf("lookback %d, %s: %d trials", lookback, pruner, len(a))
			}
		}
	}
}

func TestATrialSeesThoseBeforeItsLookbackAndThePending(t *testing.T) {
	s := must[*Study](t)(New(viewSpace(), Config{Direction: medml.Maximize, Lookback: 3}, nil))
	for i := range 6 {
		trial := must[medml.Trial](t)(s.Ask())
		must[bool](t)(s.Report(trial, 0, medml.Epoch{Step: 1, Report: float64(i)}))
		if i < 4 {
			trial.State, trial.Value = medml.Complete, float64(i)
			noError(t, s.Tell(trial))
		}
	}
	s.view.past.now = 4
	seen := must[[]goptuna.FrozenTrial](t)(s.view.GetAllTrials(ledgerStudy))
	if len(seen) != 5 {
		t.Fatalf("trial 4 sees %d trials, expected 0 to 4", len(seen))
	}
	for i, trial := range seen {
		whole := trial.State == goptuna.TrialStateComplete && trial.Value == -float64(i) && len(trial.IntermediateValues) == 1
		bare := trial.State == goptuna.TrialStateRunning && trial.Value == 0 && len(trial.IntermediateValues) == 0
		itself := trial.State == goptuna.TrialStateRunning && len(trial.IntermediateValues) == 1
		if right := []bool{whole, whole, bare, bare, itself}[i]; !right || len(trial.Params) == 0 {
			t.Errorf("trial 4 sees trial %d as %+v", i, trial)
		}
	}
	if _, err := s.view.GetTrial(5); err != goptuna.ErrInvalidTrialID {
		t.Errorf("trial 4 sees trial 5: %v", err)
	}
	if best := must[goptuna.FrozenTrial](t)(s.view.GetBestTrial(ledgerStudy)); best.Number != 1 {
		t.Errorf("the best that trial 4 sees is trial %d", best.Number)
	}
	if all := must[[]goptuna.StudySummary](t)(s.view.GetAllStudySummaries()); all[0].BestTrial.Number != 1 {
		t.Errorf("the summary that trial 4 sees has trial %d as the best", all[0].BestTrial.Number)
	}
}

// Our samplers and pruners are goptuna's kind: they also work in its own loop, over its
// own storage, from many goroutines at once.
func TestSamplersAndPrunersWorkInGoptunasOwnLoop(t *testing.T) {
	space := viewSpace()
	space[2].Log, space[2].Step = false, 0.111
	space[2].Low, space[2].High = 0.001, 1
	dims := newDimensions(space)
	searched := map[string]any{}
	for _, d := range dims {
		searched[d.Name] = d.distribution
	}
	for _, name := range []string{"random", "tpe", "sobol", "gp", "cma-es"} {
		asha, _ := pruners["asha"](Config{})
		sampler, _ := samplers[name](Config{Sampler: SamplerConfig{Name: name, StartupTrials: 3}}, dims)
		study := must[*goptuna.Study](t)(goptuna.CreateStudy("loop",
			goptuna.StudyOptionStorage(func() goptuna.Storage {
				l := newLedger(dims)
				return opaque{l}
			}()),
			goptuna.StudyOptionSampler(sampler.independent),
			goptuna.StudyOptionRelativeSampler(sampler.relative),
			goptuna.StudyOptionPruner(asha),
			goptuna.StudyOptionDefineSearchSpace(searched),
			goptuna.StudyOptionLogger(nil)))
		failed := make(chan error, 4)
		for range 4 {
			go func() {
				failed <- study.Optimize(func(trial goptuna.Trial) (float64, error) {
					sum := 0.0
					for i := range dims[:2] {
						v, err := dims[i].suggest(&trial)
						if err != nil {
							return 0, err
						}
						if !dims[i].Contains(v) {
							return 0, errors.New("outside the space")
						}
						sum += float64(i)
					}
					return sum, trial.ShouldPrune(1, sum)
				}, 15)
			}()
		}
		for range 4 {
			noError(t, <-failed)
		}
	}
}
