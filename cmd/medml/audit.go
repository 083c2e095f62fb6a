package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"medml"
	"medml/experiments"
	"medml/store"
)

// auditOptions are the flags of `audit`.
type auditOptions struct {
	share       float64
	trials      int
	workers     int
	json, quiet bool
}

func newAudit(e *env) *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit STUDY",
		Short: "Train some pruned trials to the end, and say how often pruning was wrong",
		Long: `Train a share of the trials that were pruned to the end after all, and say how often
pruning was wrong: how many of them would have been the best, or among the best tenth, and
how many epochs pruning saved.

The trials are drawn by the study's seed. What has been audited is kept and never trained
again: a larger share adds to it. Ctrl-C loses nothing that has ended.`,
		Example: `  medml audit diagnosis
  medml audit diagnosis --share 0.5 --workers 4
  medml audit diagnosis --trials 10 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(o.share > 0 && o.share <= 1) {
				return usagef("--share %v: expected more than 0 and at most 1", o.share)
			}
			if o.trials < 0 || o.workers < 0 {
				return usagef("--trials and --workers can't be negative")
			}
			s, err := store.Open(storeDir(cmd), store.Options{Command: "medml audit " + args[0], MustExist: true})
			if err != nil {
				return err
			}
			defer s.Close()
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return o.run(ctx, e, s, args[0])
		},
	}
	f := cmd.Flags()
	f.Float64Var(&o.share, "share", 0.2, "share of the pruned trials to audit")
	f.IntVar(&o.trials, "trials", 0, "how many pruned trials to audit, instead of a share")
	f.IntVar(&o.workers, "workers", 0, "trials at once (default: the experiment's, or as many as keep all cores busy)")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.BoolVar(&o.quiet, "quiet", false, "no progress")
	return cmd
}

// run audits what isn't yet and prints the verdict.
func (o auditOptions) run(ctx context.Context, e *env, s *store.Store, name string) error {
	study, err := s.Study(name)
	if err != nil {
		return err
	}
	snap, err := s.Snapshot(name)
	if err != nil {
		return err
	}
	known, err := s.Audits(name)
	if err != nil {
		return err
	}
	audits := map[int]medml.Repeat{}
	for _, a := range known {
		audits[a.Number] = a.Repeat
	}
	todo := slices.DeleteFunc(o.chosen(snap), func(t medml.Trial) bool { _, done := audits[t.Number]; return done })
	if len(todo) > 0 {
		if err := o.train(ctx, e, s, study, todo, audits); err != nil {
			return err
		}
	}
	if err := judgePruning(snap, audits).print(e, o.json); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return &interrupted{fmt.Sprintf("medml: stopped, nothing that has ended is lost; go on with: medml audit %s --share %v --trials %d", name, o.share, o.trials)}
	}
	return nil
}

// chosen returns the pruned trials to audit: those with the lowest numbers drawn from the
// study's seed, so that a larger share holds every smaller one.
func (o auditOptions) chosen(s medml.Snapshot) []medml.Trial {
	var pruned []medml.Trial
	for _, t := range s.Trials {
		if wasPruned(t) {
			pruned = append(pruned, t)
		}
	}
	lot := func(t medml.Trial) float64 { return medml.Stream(s.Seed, "audit", t.Number).Float64() }
	slices.SortStableFunc(pruned, func(a, b medml.Trial) int { return cmp.Compare(lot(a), lot(b)) })
	n := int(math.Ceil(o.share * float64(len(pruned))))
	if o.trials > 0 {
		n = o.trials
	}
	return pruned[:min(n, len(pruned))]
}

// wasPruned reports whether a pruner stopped the trial, rather than that it diverged.
func wasPruned(t medml.Trial) bool {
	return t.PrunedEarly() && t.Epochs() > 0
}

// train trains the trials to their end and keeps what becomes of each, in the store and in
// audits. It returns without an error when ctx is done.
func (o auditOptions) train(ctx context.Context, e *env, s *store.Store, study store.Study, todo []medml.Trial, audits map[int]medml.Repeat) error {
	spec, err := experiments.FromResolved(study.Experiment)
	if err != nil {
		return err
	}
	job, err := storedJob(study)
	if err != nil {
		return err
	}
	if err := sameStudy(study, spec, thisEnvironment(job.DataDigest(), study.Environment.Folder)); err != nil {
		return err
	}
	workers := o.workers
	if workers == 0 {
		workers = workersFor(spec.Resources)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	var fault error
	queue := make(chan medml.Trial)
	var wg sync.WaitGroup
	for range min(workers, len(todo)) {
		wg.Go(func() {
			for t := range queue {
				rep, ended := trainToTheEnd(ctx, job.Trainer.Objective, t)
				if !ended {
					continue
				}
				mu.Lock()
				if err := s.PutAudit(study.Name, t.Number, rep); err != nil {
					fault = errors.Join(fault, err)
					cancel()
				} else {
					audits[t.Number] = rep
					o.tell(e, study, t, rep)
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range todo {
		select {
		case queue <- t:
		case <-ctx.Done():
		}
	}
	close(queue)
	wg.Wait()
	return fault
}

// trainToTheEnd trains a trial as it was, but without a pruner. It is false if ctx was done
// before the end. A training that fails has no value and says why.
func trainToTheEnd(ctx context.Context, train medml.Objective, t medml.Trial) (rep medml.Repeat, ended bool) {
	t.State, t.Runs, t.Reason = medml.Running, nil, ""
	defer func() {
		if p := recover(); p != nil {
			rep, ended = medml.Repeat{Value: math.NaN(), Reason: fmt.Sprintf("panic: %v", p)}, true
		}
	}()
	res, err := train(ctx, t, medml.ReportFunc(func(int, medml.Epoch) error { return ctx.Err() }))
	if ctx.Err() != nil {
		return rep, false
	}
	rep = medml.Repeat{Value: res.Value, Runs: res.Runs, Weights: res.Weights}
	switch judged := (medml.Trial{Constraints: res.Constraints}); {
	case err != nil:
		rep.Value, rep.Reason = math.NaN(), err.Error()
	case !judged.Feasible():
		rep.Reason = infeasible
	}
	return rep, true
}

// infeasible is why an audited trial can't be the best whatever its value.
const infeasible = "doesn't meet the constraints"

// tell says what became of a trial.
func (o auditOptions) tell(e *env, study store.Study, t medml.Trial, rep medml.Repeat) {
	if o.quiet {
		return
	}
	what := fmt.Sprintf("%s %.4f at the end", study.About.Metric, rep.Value)
	if rep.Reason != "" {
		what = rep.Reason
	}
	fmt.Fprintf(e.err, "%s: pruned after %d epochs at %.4f; %s\n", path(study.Name, t.Number), t.Epochs(), t.Value, what)
}
