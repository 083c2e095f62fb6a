package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"medml"
	"medml/store"
)

func newReproduce(e *env) *cobra.Command {
	var asJSON, quiet bool
	cmd := &cobra.Command{
		Use:   "reproduce STUDY[/N]",
		Short: "Train a trial again from what the store holds, and compare bit for bit",
		Long: `Train a trial again from what the store holds, the best one where N is left out, and
say whether weights and metrics are identical, bit for bit (exit status 0), or at which
fold and epoch they first part and what differs in the environment (exit status 1).`,
		Example: `  medml reproduce diagnosis
  medml reproduce diagnosis/17 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := parseTarget(args[0])
			if err != nil {
				return err
			}
			study, trial, err := stored(storeDir(cmd), t)
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			c, err := reproduce(ctx, e, study, trial, quiet || asJSON)
			if err != nil {
				return err
			}
			return c.print(e, study, trial, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&quiet, "quiet", false, "no progress")
	return cmd
}

// stored reads a trial that has been trained, and its study. The store is closed again, so
// that a long training holds nobody up.
func stored(dir string, t target) (store.Study, medml.Trial, error) {
	s, study, err := openStudy(dir, t.study)
	if err != nil {
		return study, medml.Trial{}, err
	}
	defer s.Close()
	snap, err := s.Snapshot(t.study)
	if err != nil {
		return study, medml.Trial{}, err
	}
	trial, err := pick(snap, t)
	if err == nil && trial.StoppedByHand() && trial.Epochs() == 0 {
		return study, trial, usagef("trial %s was stopped before its first epoch: there is no training to reproduce", path(t.study, trial.Number))
	}
	if err == nil && trial.State != medml.Complete && trial.State != medml.Pruned {
		err = usagef("trial %s is %v: there is no training to reproduce", path(t.study, trial.Number), trial.State)
	}
	return study, trial, err
}

// comparison is a training held against the recorded one.
type comparison struct {
	weights, metrics bool   // identical
	parting          string // where they first part
	data             string // digest of the data it was trained on
	epochs           int    // of a fold
}

// reproduce trains the trial again and compares epoch by epoch.
func reproduce(ctx context.Context, e *env, study store.Study, trial medml.Trial, quiet bool) (comparison, error) {
	job, err := storedJob(study)
	if err != nil {
		return comparison{}, err
	}
	c := comparison{weights: true, metrics: true, data: job.DataDigest(), epochs: study.About.Epochs}
	todo, cut := trial.Epochs(), cutShort(trial)
	done := 0
	result, err := job.Trainer.Objective(ctx, trial, medml.ReportFunc(func(fold int, ep medml.Epoch) error {
		c.epoch(trial, fold, ep)
		done++
		if e.errTerminal && !quiet {
			fmt.Fprintf(e.err, "\rtraining %s again: fold %d, epoch %d of %d", path(study.Name, trial.Number), fold+1, done, todo)
		}
		if cut && done == todo {
			return medml.ErrPruned
		}
		return nil
	}))
	if e.errTerminal && !quiet {
		fmt.Fprint(e.err, "\r\x1b[K")
	}
	if err != nil && !errors.Is(err, medml.ErrPruned) && !errors.Is(err, medml.ErrDiverged) {
		return c, err
	}
	if trial.StoppedByHand() { // in the middle of an epoch; what it had reported is compared
		c.metrics = c.metrics && done == todo
		return c, nil
	}
	c.result(trial, result)
	return c, nil
}

// cutShort reports whether a trial was stopped after an epoch, by a pruner or by hand. A
// trial that diverged at the beginning of a fold, or whose value came out as none, is pruned
// too but went as far as it could, and is let go as far again.
func cutShort(t medml.Trial) bool {
	return t.Epochs() > 0 && (t.PrunedEarly() || t.StoppedByHand())
}

// epoch compares an epoch with the recorded one.
func (c *comparison) epoch(trial medml.Trial, fold int, ep medml.Epoch) {
	var was *medml.Epoch
	for _, r := range trial.Runs {
		for i := range r.Epochs {
			if r.Fold == fold && r.Epochs[i].Step == ep.Step {
				was = &r.Epochs[i]
			}
		}
	}
	if was != nil && same(was.Loss, ep.Loss) && same(was.ValidLoss, ep.ValidLoss) && same(was.Value, ep.Value) && same(was.Report, ep.Report) {
		return
	}
	c.metrics = false
	if c.parting == "" {
		c.parting = fmt.Sprintf("fold %d, epoch %d", fold+1, ep.Step-fold*c.epochs)
		if was != nil {
			c.parting += fmt.Sprintf(": loss was %v, is %v; value was %v, is %v", was.Loss, ep.Loss, was.Value, ep.Value)
		}
	}
}

// result compares the weights and the values of the folds.
func (c *comparison) result(trial medml.Trial, r medml.Result) {
	c.weights = trial.State != medml.Complete || trial.Weights == r.Weights
	both := min(len(trial.Runs), len(r.Runs))
	for i := range both {
		was, is := trial.Runs[i], r.Runs[i]
		equal := same(was.Value, is.Value) && len(was.Measures) == len(is.Measures) && len(was.Epochs) == len(is.Epochs)
		for j := range min(len(was.Measures), len(is.Measures)) {
			equal = equal && was.Measures[j].Name == is.Measures[j].Name && same(was.Measures[j].Value, is.Measures[j].Value)
		}
		c.metrics = c.metrics && equal
		c.weights = c.weights && was.Weights == is.Weights
		if c.parting == "" && (!equal || was.Weights != is.Weights) {
			c.parting = fmt.Sprintf("fold %d, at its end", i+1)
		}
	}
	if len(trial.Runs) != len(r.Runs) {
		c.weights, c.metrics = false, false
		c.parting = cmp.Or(c.parting, fmt.Sprintf("fold %d, which only one of them has", both+1))
	}
	if trial.State == medml.Complete && !same(trial.Value, r.Value) {
		c.metrics = false
		c.parting = cmp.Or(c.parting, "the value of all folds together")
	}
}

// same compares bits; all NaNs are one.
func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

func (c comparison) print(e *env, study store.Study, trial medml.Trial, asJSON bool) error {
	identical := c.weights && c.metrics
	var err error
	switch name := path(study.Name, trial.Number); {
	case asJSON:
		err = printJSON(e.out, struct {
			Study     string `json:"study"`
			Number    int    `json:"number"`
			Identical bool   `json:"identical"`
			Weights   string `json:"weights"`
			Metrics   string `json:"metrics"`
			Parting   string `json:"parting,omitempty"`
		}{study.Name, trial.Number, identical, verdict(c.weights), verdict(c.metrics), c.parting})
	case identical && trial.State == medml.Pruned:
		_, err = fmt.Fprintf(e.out, "%s: identical, bit for bit, up to the epoch where it was pruned (%d epochs)\n", name, trial.Epochs())
	case identical:
		_, err = fmt.Fprintf(e.out, "%s: identical, bit for bit\n  weights  %d folds, sha256 %s\n  metrics  %d epochs, %s %.6f\n",
			name, len(trial.Runs), trial.Weights, trial.Epochs(), study.About.Metric, trial.Value)
	default:
		_, err = fmt.Fprintf(e.out, "%s: NOT identical\n  weights  %s\n  metrics  %s\n  they part at %s\n%s",
			name, verdict(c.weights), verdict(c.metrics), c.parting, environmentDiff(study.Environment, thisEnvironment(c.data, study.Environment.Folder)))
	}
	if err == nil && !identical {
		err = failure{}
	}
	return err
}

func verdict(same bool) string {
	if same {
		return "identical"
	}
	return "different"
}

// environmentDiff lists what has changed since the study ran.
func environmentDiff(was, is store.Environment) string {
	out := ""
	for _, f := range [...]struct{ name, was, is string }{
		{"medml", was.Version, is.Version}, {"revision", was.Revision, is.Revision}, {"go", was.Go, is.Go},
		{"system", was.OS + "/" + was.Arch, is.OS + "/" + is.Arch}, {"processor", was.CPU, is.CPU},
		{"kernels", was.Path, is.Path}, {"data", was.Data, is.Data},
	} {
		if f.was != f.is {
			out += fmt.Sprintf("  %s was %s, is %s\n", f.name, f.was, f.is)
		}
	}
	if out == "" {
		return "  nothing differs in the environment that was recorded\n"
	}
	return out
}
