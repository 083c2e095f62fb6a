package trainer_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"medml"
	"medml/dataset"
	"medml/nn"
	"medml/trainer"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// countdown is a context that is done once it has been asked so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// watcher is a monitor that keeps what it is told, as an executor does: a state with the
// runs reported by then, and it wants one whenever the training is to end.
type watcher struct {
	ctx   context.Context
	every int // saves after so many steps, too; 0 doesn't
	prune int // prunes at this report; 0 never does

	told    []medml.Run
	steps   int
	reports int
	saved   bool
	state   []byte
	runs    []medml.Run // reported when state was saved
}

// trained reports whether a step has been made: after it at the latest Step is called.
func (w *watcher) trained() bool { return w.steps > 0 }

func (w *watcher) Report(fold int, e medml.Epoch) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.told = slices.Clone(w.told)
	if n := len(w.told); n == 0 || w.told[n-1].Fold != fold {
		w.told = append(w.told, medml.Run{Fold: fold, Value: math.NaN()})
	}
	last := &w.told[len(w.told)-1]
	last.Epochs = append(slices.Clone(last.Epochs), e)
	if w.reports++; w.reports == w.prune {
		return medml.ErrPruned
	}
	return nil
}

func (w *watcher) Step() (bool, error) {
	w.steps++
	if err := w.ctx.Err(); err != nil {
		return true, err
	}
	return w.every > 0 && w.steps%w.every == 0, nil
}

func (w *watcher) Save(state []byte) error {
	w.saved, w.state, w.runs = true, slices.Clone(state), w.told
	return nil
}

func (w *watcher) Resume() ([]byte, []medml.Run) { return w.state, w.runs }

// interrupted trains a trial that is interrupted after so many questions to the context,
// and again so often, each time with another trainer, and says how often it came to that.
func interrupted(t *testing.T, trainers [2]*trainer.Trainer, of medml.Trial, after, again int) (medml.Result, []medml.Run, int) {
	t.Helper()
	var w watcher
	for times := 0; ; times++ {
		var ctx context.Context = context.Background()
		if times <= again {
			// A little later each time: an interruption that comes before anything is trained
			// would come again for ever.
			ctx = &countdown{ctx, after + times/3}
		}
		w = watcher{ctx: ctx, state: w.state, runs: w.runs, told: w.runs}
		r, err := trainers[times%2].Objective(ctx, of, &w)
		if err == nil {
			return r, w.told, times
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("interrupted after %d questions for the time number %d: %v", after, times+1, err)
		}
		if w.trained() && !w.saved {
			t.Fatalf("interrupted after %d questions it has trained and saved nothing", after)
		}
	}
}

// same takes a NaN for a NaN, and bytes as a whole.
var same = cmp.Options{cmpopts.EquateNaNs(), cmp.Comparer(bytes.Equal)}

// variants are small trials of every architecture and optimizer, with whatever draws or
// remembers.
var variants = []medml.Trial{
	trial(0, "cnn", "architecture.cnn.filters", 4, "architecture.cnn.batch_norm", true, "dropout", 0.2, "batch_size", 16, "class_weight", "balanced"),
	trial(1, "lstm", "architecture.lstm.hidden", 6, "architecture.lstm.cell", "gru", "optimizer", "rmsprop", "schedule", "step"),
	trial(2, "cnn", "architecture.cnn.filters", 3, "architecture.cnn.dense", 7, "architecture.cnn.depth", 1, "optimizer", "adam", "warmup", 0.2,
		"sampling", "balanced"),
	{Number: 3, Seed: 2, Params: trials[0].Params},
	trial(4, "lstm", "architecture.lstm.hidden", 5, "architecture.lstm.layers", 2, "architecture.lstm.bidirectional", true, "dropout", 0.3, "batch_size", 9),
	trial(5, "autoencoder", "architecture.autoencoder.latent", 4, "architecture.autoencoder.hidden", 16, "optimizer", "sgd", "schedule", "plateau", "learning_rate", 0.05),
	trial(6, "mlp", "architecture.mlp.hidden", 9, "mixup", 0.4, "sampling", "balanced", "jitter", 0.1, "scaling", 0.1, "warp", 0.2, "crop", 0.2,
		"channel_dropout", 0.2, "cutout", 0.3, "contrast", 0.1, "brightness", 0.1),
	trial(7, "inception", "architecture.inception.filters", 3, "architecture.inception.depth", 3, "architecture.inception.pooling", "attention", "mixup", 0.2, "ema", 0.9),
}

func TestAnInterruptedTrainingEndsInTheSameBits(t *testing.T) {
	for _, setting := range []struct {
		name   string
		task   dataset.Task
		csv    string
		metric string
		from   int // of the variants
		config func(*trainer.Config)
	}{
		{"two classes", dataset.Classification, table(50, twoClasses), "auroc", 0, func(c *trainer.Config) {}},
		{"a number, shares of the data, and an artifact", dataset.Regression, table(50, number), "rmse", 4, func(c *trainer.Config) {
			c.Shares, c.Keep, c.Objectives = []float64{0.4, 1}, true, []string{"rmse", "mae", "flops"}
		}},
	} {
		trainers := [2]*trainer.Trainer{}
		for i := range trainers {
			trainers[i] = configured(t, setting.task, setting.csv, setting.metric, 2, setting.config)
		}
		for _, of := range variants[setting.from:] {
			whole := watcher{ctx: context.Background()}
			want, err := trainers[0].Objective(context.Background(), of, &whole)
			if err != nil {
				t.Fatal(err)
			}
			check := func(after, again int) (times int) {
				got, told, times := interrupted(t, trainers, of, after, again)
				if d := cmp.Diff(want, got, same); d != "" {
					t.Fatalf("%s, trial %d, interrupted %d times, after %d questions:\n%s", setting.name, of.Number, times, after, d)
				}
				if d := cmp.Diff(whole.told, told, same); d != "" {
					t.Fatalf("%s, trial %d, interrupted after %d questions was reported otherwise:\n%s", setting.name, of.Number, after, d)
				}
				return times
			}
			after := 0
			for check(after, 0) > 0 { // at every place there is
				after++
			}
			if after < 20 {
				t.Errorf("%s, trial %d: the context was asked %d times in all", setting.name, of.Number, after)
			}
			check(1, 1000) // again and again
			check(4, 1000)
		}
	}
}

// A checkpoint is taken while the training goes on, and the process dies some steps later.
func TestATrainingGoesOnFromAnOldCheckpoint(t *testing.T) {
	newTrainer := func() *trainer.Trainer { return setup(t, dataset.Classification, table(50, twoClasses), "auroc", 3) }
	for _, of := range trials {
		want := train(t, newTrainer(), of)
		for every := 1; every < 12; every += 2 {
			w := watcher{ctx: context.Background(), every: every, prune: 5}
			if _, err := newTrainer().Objective(context.Background(), of, &w); !errors.Is(err, medml.ErrPruned) {
				t.Fatal(err)
			}
			w = watcher{ctx: context.Background(), state: w.state, runs: w.runs, told: w.runs}
			got, err := newTrainer().Objective(context.Background(), of, &w)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got, same); d != "" {
				t.Errorf("trial %d:\n%s", of.Number, d)
			}
		}
	}
}

// A plateau has a memory of its own, over more epochs than the trials above have.
func TestAnInterruptedPlateauIsTheSame(t *testing.T) {
	tr := setup(t, dataset.Classification, table(50, twoClasses), "auroc", 14)
	of := trial(0, "autoencoder", "schedule", "plateau", "learning_rate", 0.5, "batch_size", 40)
	want := train(t, tr, of)
	if constant := train(t, tr, trial(0, "autoencoder", "schedule", "constant", "learning_rate", 0.5, "batch_size", 40)); constant.Weights == want.Weights {
		t.Fatal("the rate was never lowered")
	}
	for after := 1; after < 110; after += 9 {
		got, _, _ := interrupted(t, [2]*trainer.Trainer{tr, tr}, of, after, 0)
		if d := cmp.Diff(want, got, same); d != "" {
			t.Fatalf("after %d questions:\n%s", after, d)
		}
	}
}

func TestACheckpointIsTheSameOnEveryThreadCount(t *testing.T) {
	newTrainer := func(threads int) *trainer.Trainer {
		return configured(t, dataset.Classification, table(50, twoClasses), "auroc", 2, func(c *trainer.Config) { c.Threads = threads })
	}
	wide := trial(0, "cnn", "architecture.cnn.filters", 96)
	saved := func(threads int) watcher {
		w := watcher{ctx: context.Background(), every: 4, prune: 3}
		if _, err := newTrainer(threads).Objective(context.Background(), wide, &w); !errors.Is(err, medml.ErrPruned) {
			t.Fatal(err)
		}
		return w
	}
	one, three := saved(1), saved(3)
	if !slices.Equal(one.state, three.state) {
		t.Error("3 threads save another state than 1")
	}
	want := train(t, newTrainer(1), wide)
	w := watcher{ctx: context.Background(), state: one.state, runs: one.runs}
	got, err := newTrainer(2).Objective(context.Background(), wide, &w)
	if d := cmp.Diff(want, got, same); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestACheckpointOfSomethingElseIsRefused(t *testing.T) {
	csv := table(50, twoClasses)
	newTrainer := func(change func(*trainer.Config)) *trainer.Trainer {
		return configured(t, dataset.Classification, csv, "auroc", 3, change)
	}
	same := func(*trainer.Config) {}
	w := watcher{ctx: context.Background(), every: 5, prune: 4}
	if _, err := newTrainer(same).Objective(context.Background(), trials[0], &w); !errors.Is(err, medml.ErrPruned) {
		t.Fatal(err)
	}
	resume := func(tr *trainer.Trainer, of medml.Trial, state []byte, runs []medml.Run) error {
		_, err := tr.Objective(context.Background(), of, &watcher{ctx: context.Background(), state: state, runs: runs})
		return err
	}
	if err := resume(newTrainer(same), trials[0], w.state, w.runs); err != nil {
		t.Fatal(err)
	}
	cut := slices.Clone(w.runs)
	cut[len(cut)-1].Epochs = cut[len(cut)-1].Epochs[:len(cut[len(cut)-1].Epochs)-1]
	other := trials[0]
	other.Number = 7
	repeat := trials[0]
	repeat.Seed = 1
	threads := func(c *trainer.Config) { c.Threads = 2 }
	for name, err := range map[string]error{
		"another trial":               resume(newTrainer(same), other, w.state, w.runs),
		"a repeat":                    resume(newTrainer(same), repeat, w.state, w.runs),
		"other parameters":            resume(newTrainer(same), medml.Trial{Params: trials[3].Params}, w.state, w.runs),
		"another seed":                resume(newTrainer(func(c *trainer.Config) { c.Seed++ }), trials[0], w.state, w.runs),
		"more epochs":                 resume(newTrainer(func(c *trainer.Config) { c.Epochs++ }), trials[0], w.state, w.runs),
		"more data":                   resume(setup(t, dataset.Classification, table(51, twoClasses), "auroc", 3), trials[0], w.state, w.runs),
		"another number in the data":  resume(setup(t, dataset.Classification, strings.Replace(csv, "0.1", "0.2", 1), "auroc", 3), trials[0], w.state, w.runs),
		"an epoch that wasn't told":   resume(newTrainer(same), trials[0], w.state, cut),
		"nothing that was told":       resume(newTrainer(same), trials[0], w.state, nil),
		"a state that is cut":         resume(newTrainer(same), trials[0], w.state[:len(w.state)/2], w.runs),
		"a state with another bit":    resume(newTrainer(same), trials[0], flipped(w.state, len(w.state)/2), w.runs),
		"a state of a later version":  resume(newTrainer(same), trials[0], flipped(w.state, 15), w.runs),
		"no bytes":                    resume(newTrainer(same), trials[0], []byte{}, nil),
		"shares, where there was one": resume(newTrainer(func(c *trainer.Config) { c.Shares = []float64{0.5} }), trials[0], w.state, w.runs),
	} {
		if !errors.Is(err, medml.ErrCheckpoint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := resume(newTrainer(threads), trials[0], w.state, w.runs); err != nil {
		t.Errorf("more threads, which change nothing: %v", err)
	}
}

func flipped(b []byte, at int) []byte {
	b = slices.Clone(b)
	b[at] ^= 1
	return b
}

// A monitor's error is returned as it is, and a fault of saving too.
func TestAMonitorsErrorEndsTheTraining(t *testing.T) {
	tr := setup(t, dataset.Classification, table(50, twoClasses), "auroc", 2)
	full := errors.New("the disk is full")
	for name, m := range map[string]failing{
		"from Step": {step: full}, "from Save": {save: full}, "from Report": {report: full},
	} {
		if _, err := tr.Objective(context.Background(), trials[0], m); err != full { //nolint:errorlint // as it is
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{ step, save, report error }

func (f failing) Report(int, medml.Epoch) error { return f.report }
func (f failing) Step() (bool, error)           { return f.save != nil, f.step }
func (f failing) Save([]byte) error             { return f.save }
func (f failing) Resume() ([]byte, []medml.Run) { return nil, nil }

// The two paths of kernels that differ most must go on from each other's checkpoints.
func TestACheckpointGoesOnAnotherKernelPath(t *testing.T) {
	before := nn.Kernels()
	t.Cleanup(func() { _ = nn.SelectKernels(before) })
	newTrainer := func() *trainer.Trainer { return setup(t, dataset.Classification, table(50, twoClasses), "auroc", 2) }
	for _, of := range trials {
		want := train(t, newTrainer(), of)
		w := watcher{ctx: context.Background(), every: 5, prune: 3}
		if _, err := newTrainer().Objective(context.Background(), of, &w); !errors.Is(err, medml.ErrPruned) {
			t.Fatal(err)
		}
		if err := nn.SelectKernels("generic"); err != nil {
			t.Fatal(err)
		}
		got, err := newTrainer().Objective(context.Background(), of, &watcher{ctx: context.Background(), state: w.state, runs: w.runs})
		if d := cmp.Diff(want, got, same); d != "" || err != nil {
			t.Errorf("trial %d: %v\n%s", of.Number, err, d)
		}
		if err := nn.SelectKernels(before); err != nil {
			t.Fatal(err)
		}
	}
}
