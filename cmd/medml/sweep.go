package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"medml"
	"medml/experiments"
	"medml/store"
	"medml/tui"
)

// sweepOptions are the flags of `sweep`.
type sweepOptions struct {
	file, store string
	study       string
	workers     int
	trials      int
	time        time.Duration
	seed        string
	sets        []string
	noTUI       bool
	json        bool
	quiet       bool
	ascii       bool
	dryRun      bool
}

func newSweep(e *env) *cobra.Command {
	var o sweepOptions
	cmd := &cobra.Command{
		Use:   "sweep FILE",
		Short: "Run an experiment, or go on with it where it stopped",
		Long: `Run an experiment, or go on with it where it stopped: the same command does both.
Everything is recorded as it happens; Ctrl-C stops gracefully, a second one at once, and
neither loses anything that has ended.

On a terminal a live leaderboard is drawn; elsewhere, or with --no-tui, progress goes to
standard error a line at a time. The result goes to standard output.`,
		Example: `  medml sweep experiments/diagnosis.yaml
  medml sweep experiments/diagnosis.yaml --workers 1 --no-tui
  medml sweep experiments/diagnosis.yaml --study quick --trials 10 --set budget.epochs=5
  medml sweep experiments/diagnosis.yaml --dry-run     # the plan, and how long it takes
  medml sweep experiments/diagnosis.yaml --json > result.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file, o.store = args[0], storeDir(cmd)
			return sweep(cmd.Context(), e, o, cmd.Flags().Changed)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.study, "study", "", "name of the study (default: the experiment's)")
	f.IntVar(&o.workers, "workers", 0, "trials at once (default: the experiment's, or as many as keep all cores busy)")
	f.IntVar(&o.trials, "trials", 0, "how many trials the study is to have")
	f.DurationVar(&o.time, "time", 0, "how long the study may run, as in 10m")
	f.StringVar(&o.seed, "seed", "", "seed of the study")
	f.StringArrayVar(&o.sets, "set", nil, "override a field, as in sampler.seed=7; may be given again")
	f.BoolVar(&o.noTUI, "no-tui", false, "plain progress lines even on a terminal")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	f.BoolVar(&o.quiet, "quiet", false, "no progress")
	f.BoolVar(&o.dryRun, "dry-run", false, "say what would be done, and write nothing")
	f.BoolVar(&o.ascii, "ascii", false, "draw with plain characters")
	return cmd
}

// overrides are the flags as --set would spell them.
func (o sweepOptions) overrides(changed func(string) bool) []string {
	sets := o.sets
	add := func(flag, field, value string) {
		if changed(flag) {
			sets = append(sets, field+"="+value)
		}
	}
	add("study", "name", o.study)
	add("workers", "resources.workers", strconv.Itoa(o.workers))
	add("trials", "budget.trials", strconv.Itoa(o.trials))
	add("time", "budget.time", o.time.String())
	add("seed", "sampler.seed", o.seed)
	return sets
}

func sweep(ctx context.Context, e *env, o sweepOptions, changed func(string) bool) error {
	specs, err := experiments.Studies(o.file, o.overrides(changed))
	if err != nil {
		return err
	}
	for i, spec := range specs {
		if len(specs) > 1 && !o.json && !o.dryRun {
			fmt.Fprintf(e.out, "%s%s, %d of %d studies\n", map[bool]string{true: "\n"}[i > 0], spec.Name, i+1, len(specs))
		}
		if err := sweepOne(ctx, e, o, spec); err != nil {
			return err
		}
		if o.dryRun && len(specs) > 1 {
			fmt.Fprintf(e.err, "medml: the first of %d studies, one for each outer fold\n", len(specs))
			return nil
		}
	}
	return nil
}

// sweepOne runs a study: the experiment's, or that of an outer fold.
func sweepOne(ctx context.Context, e *env, o sweepOptions, spec *experiments.Spec) error {
	job, err := spec.Build()
	if err != nil {
		return err
	}
	warn(e, job.Leaks(), job.Suspicions())
	if o.dryRun {
		return dryRun(ctx, e, o, spec, job)
	}
	s, err := store.Open(o.store, store.Options{Command: "medml sweep " + job.About().Study})
	if err != nil {
		return err
	}
	defer s.Close()
	return runStudy(ctx, e, o, spec, job, s)
}

// runStudy creates the study or goes on with it, runs it to its end and prints what came
// of it.
func runStudy(ctx context.Context, e *env, o sweepOptions, spec *experiments.Spec, job *experiments.Job, s *store.Store) error {
	name := job.About().Study
	workers := workersFor(spec.Resources)
	if err := warmStart(s, spec, job); err != nil {
		return err
	}
	study, err := enter(s, spec, job, workers, e.now())
	if err != nil {
		return err
	}
	past, err := s.Trials(name)
	if err != nil {
		return err
	}
	search, err := job.Study(past)
	if err != nil {
		return err
	}
	rec, err := s.Recorder(name, store.RecorderOptions{Keep: keptTrials(spec.Ensemble.Size)})
	if err != nil {
		return err
	}
	exec := &medml.Executor{
		Study: search, Objective: job.Trainer.Objective, Recorder: rec, About: job.About(), Past: past,
		Checkpoint: func(n int) ([]byte, error) { return s.Checkpoint(name, n) },
		Workers:    workers, Before: study.Elapsed, Need: job.Need, Now: e.now,
	}
	spec.Configure(exec, machineMemory())
	end, err := watched(ctx, e, o, exec)
	if err := errors.Join(err, rec.Close()); err != nil {
		return err
	}
	return report(e, o, exec, end)
}

// keptTrials is how many of the best trials keep their models for an ensemble to be chosen
// from.
func keptTrials(size int) int { return max(16, 4*size) }

// enter creates the study, or checks that the experiment is still the one it was begun
// with, and marks it running.
func enter(s *store.Store, spec *experiments.Spec, job *experiments.Job, workers int, now time.Time) (store.Study, error) {
	v := thisEnvironment(job.DataDigest(), spec.Dir)
	name := job.About().Study
	study, err := s.Study(name)
	var unknown *store.UnknownStudyError
	switch {
	case errors.As(err, &unknown):
		study = store.Study{
			Name: name, Experiment: spec.Resolved(), Identity: spec.Identity(), Source: spec.Source(),
			About: job.About(), Environment: v, Created: now,
		}
		if err := s.Create(study); err != nil {
			return study, err
		}
	case err != nil:
		return study, err
	default:
		if err := sameStudy(study, spec, v); err != nil {
			return study, err
		}
		// What may differ, the budget and the description, is as the file now says.
		study.Experiment, study.Source, study.About = spec.Resolved(), spec.Source(), job.About()
		if err := s.Revise(study); err != nil {
			return study, err
		}
	}
	return study, s.Begin(name, store.Session{
		Started: now, Environment: v, Workers: workers,
		Budget: spec.Budget.Trials, TimeBudget: time.Duration(spec.Budget.Time),
	})
}

// workersFor returns how many trials to train at once: as many as keep all cores busy,
// unless the experiment says otherwise.
func workersFor(r experiments.Resources) int {
	if r.Workers == 0 {
		return max(1, runtime.NumCPU()/r.ThreadsPerTrial)
	}
	return int(r.Workers)
}

// watched runs the executor under the eyes of a screen, progress lines, or nobody.
func watched(ctx context.Context, e *env, o sweepOptions, exec *medml.Executor) (medml.StudyEnded, error) {
	defer serve(e, o, exec)()
	running, stop := context.WithCancel(ctx)
	defer stop()
	screen, leave := context.WithCancel(ctx)
	defer leave()
	done, left, over := make(chan struct{}), make(chan struct{}), make(chan struct{})
	defer close(over)
	var end medml.StudyEnded
	var fault error
	go func() {
		defer close(done)
		end, fault = exec.Run(running)
	}()
	restore := func() { leave(); <-left }
	if !o.drawn(e) {
		restore = nil
	}
	go onSignals(e, over, stop, restore)
	err := draw(screen, e, o, exec, stop, done)
	close(left)
	if err != nil {
		stop()
	}
	<-done
	return end, errors.Join(fault, err)
}

// drawn says whether the sweep is shown on a screen rather than line by line.
func (o sweepOptions) drawn(e *env) bool { return e.terminal && !o.noTUI && !o.json && !o.quiet }

// draw shows the sweep until it is done or the user leaves.
func draw(ctx context.Context, e *env, o sweepOptions, exec *medml.Executor, stop func(), done <-chan struct{}) error {
	switch {
	case o.quiet:
		<-done
		return nil
	case !o.drawn(e):
		progress(e, exec, done)
		return nil
	}
	err := tui.Run(ctx, exec, tui.Options{
		In: e.in, Out: e.out, Stop: stop, Control: exec, Done: done, ASCII: o.ascii,
		NoColor: e.getenv("NO_COLOR") != "", ResumeHint: o.again(),
	})
	switch {
	case errors.Is(err, tui.ErrForced):
		fmt.Fprintln(e.err, "medml: left at once, nothing that has ended is lost; go on with: "+o.again())
		os.Exit(exitInterrupted)
	case errors.Is(err, context.Canceled):
		return nil // by a second signal, which ends the process
	}
	return err
}

// onSignals stops gracefully at the first signal and leaves at once at the second: the
// store is whole at any moment. restore, nil where no screen is drawn, puts the terminal
// back before that. It returns once the sweep is over and its screen gone.
func onSignals(e *env, over <-chan struct{}, stop, restore func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	select {
	case <-signals:
	case <-over:
		return
	}
	if restore == nil {
		fmt.Fprintln(e.err, "\nmedml: stopping; the running trials are put back (again to leave at once)")
	}
	stop()
	select {
	case <-signals:
		if restore != nil {
			restore()
		}
		os.Exit(exitInterrupted)
	case <-over:
	}
}

// report prints the leaderboard, or JSON, and says how to go on with a stopped sweep.
func report(e *env, o sweepOptions, exec *medml.Executor, end medml.StudyEnded) error {
	snap, err := exec.Snapshot()
	if err != nil {
		return err
	}
	if o.json {
		err = printJSON(e.out, toStudyJSON(snap))
	} else {
		err = tui.Table(e.out, snap, tui.TableOptions{Width: e.width, Color: e.color(), Top: 10})
	}
	if err != nil {
		return err
	}
	if end.State == medml.StudyInterrupted {
		of := ""
		if snap.Budget > 0 {
			of = fmt.Sprintf(" of %d", snap.Budget)
		}
		return &interrupted{fmt.Sprintf("medml: stopped with %d%s trials done, nothing is lost; go on with: %s",
			snap.Counts().Finished(), of, o.again())}
	}
	if !o.quiet {
		fmt.Fprintf(e.err, "medml: study %s is complete: %s; go on beyond that with --trials N or --time D\n", snap.Study, end.Reason)
	}
	return nil
}
