package search_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"medml"
	"medml/search"
)

// sweep plays an executor: so many workers whose trainings advance in a random order.
type sweep struct {
	study   *search.Study
	workers int
	epochs  int // over all folds
	folds   int
	goals   int
	// interrupt is the probability that a running trial is put back instead of advanced.
	interrupt float64
	order     *rand.Rand
	trials    []medml.Trial // by number
	running   []int
	tells     int // trials that have ended
}

// until advances the sweep until so many trials have ended, or, with -1, until the study
// is done. It returns the trials as a store would hold them.
func (w *sweep) until(t testing.TB, tells int) []medml.Trial {
	t.Helper()
	for tells < 0 || w.tells < tells {
		done := w.fill(t)
		if len(w.running) == 0 {
			if !done {
				t.Fatal("nothing runs, and nothing can be asked for")
			}
			break
		}
		i := w.order.IntN(len(w.running))
		if w.advance(t, w.running[i]) {
			w.running = slices.Delete(w.running, i, i+1)
		}
	}
	return slices.Clone(w.trials)
}

// fill asks until all workers are busy. It reports whether the study is done.
func (w *sweep) fill(t testing.TB) (done bool) {
	t.Helper()
	for len(w.running) < w.workers {
		trial, err := w.study.Ask()
		var end *medml.Done
		switch {
		case errors.Is(err, medml.ErrWait):
			return false
		case errors.As(err, &end):
			return true
		case err != nil:
			t.Fatal(err)
		}
		for len(w.trials) <= trial.Number {
			w.trials = append(w.trials, medml.Trial{Number: len(w.trials)})
		}
		w.trials[trial.Number] = trial
		w.running = append(w.running, trial.Number)
	}
	return false
}

// advance trains one epoch more, and reports whether the trial left its worker.
func (w *sweep) advance(t testing.TB, number int) (left bool) {
	t.Helper()
	trial := &w.trials[number]
	if w.order.Float64() < w.interrupt {
		trial.State, trial.Runs = medml.Waiting, nil
		w.tell(t, *trial)
		return true
	}
	step := trial.Epochs() + 1
	fold := (step - 1) / (w.epochs / w.folds)
	trial.Runs = slices.Clone(trial.Runs)
	if fold == len(trial.Runs) {
		trial.Runs = append(trial.Runs, medml.Run{Fold: fold})
	}
	run := &trial.Runs[fold]
	v := learningCurve(trial.Params, step)
	epoch := medml.Epoch{Step: step, Value: v + float64(fold)/50, Report: v}
	run.Epochs = append(run.Epochs, epoch)
	prune, err := w.study.Report(*trial, fold, epoch)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case prune || v != v:
		trial.State = medml.Pruned
	case step == w.epochs && number%11 == 7:
		trial.State = medml.Failed
	case step == w.epochs:
		trial.State = medml.Complete
	default:
		return false
	}
	trial.Value = v
	if trial.State == medml.Complete {
		rate, _ := trial.Params.Lookup("learning_rate")
		trial.Constraints = []float64{rate.Float() - 0.01, -1} // the highest rates miss one
		if w.goals > 1 {
			trial.Objectives = []float64{v, rate.Float()}
		}
	}
	w.tell(t, *trial)
	w.tells++
	return true
}

func (w *sweep) tell(t testing.TB, trial medml.Trial) {
	t.Helper()
	if err := w.study.Tell(trial); err != nil {
		t.Fatal(err)
	}
}

// learningCurve falls with the epochs to the value of [training], and wobbles; the highest
// learning rates diverge.
func learningCurve(ps medml.Params, step int) float64 {
	lr, _ := ps.Lookup("learning_rate")
	if lr.Float() > 0.02 && step > 2 {
		return math.NaN()
	}
	wobble := math.Sin(1e5*lr.Float()+float64(step)) / 30
	return training(ps) + math.Pow(0.7, float64(step)) + wobble
}

func newSweep(t testing.TB, c search.Config, workers int, seed uint64, past ...medml.Trial) *sweep {
	t.Helper()
	var trials []medml.Trial
	for _, trial := range past {
		for len(trials) <= trial.Number {
			trials = append(trials, medml.Trial{Number: len(trials)})
		}
		trials[trial.Number] = trial
	}
	c.Folds, c.Epochs = 3, 3
	w := &sweep{
		study: mustNew(t, sweepSpace(c), c, past...), workers: workers, epochs: 9, folds: 3, goals: len(c.Goals),
		order: rand.New(rand.NewPCG(seed, uint64(workers))), trials: trials,
	}
	for _, trial := range trials {
		if trial.State.Finished() {
			w.tells++
		}
	}
	return w
}

// sweepSpace is the mixed space, made finite for the grid.
func sweepSpace(c search.Config) medml.Space {
	if c.Sampler.Name == "grid" {
		return gridded(mixed())
	}
	return mixed()
}

// gridded is the space with every range cut down to a few values.
func gridded(space medml.Space) medml.Space {
	space = slices.Clone(space)
	for i, p := range space {
		switch {
		case p.Kind == medml.Float && p.Step == 0 && p.Low < p.High:
			space[i].Log, space[i].Step = false, p.High-p.Low
		case p.Kind == medml.Int && p.Log:
			space[i].Log, space[i].Step = false, p.High-p.Low
		}
	}
	return space
}

func digest(t testing.TB, trials []medml.Trial) string {
	t.Helper()
	d, err := medml.Digest(nil, trials)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
