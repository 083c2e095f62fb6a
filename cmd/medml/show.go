package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"medml"
	"medml/experiments"
	"medml/store"
)

func newShow(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show STUDY[/N]",
		Short: "Show a study's resolved experiment, or one trial whole",
		Example: `  medml show diagnosis       # the experiment with every default, and where it ran
  medml show diagnosis/17    # a trial: parameters, folds, curves, hashes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := parseTarget(args[0])
			if err != nil {
				return err
			}
			if snap, err := liveOf(storeDir(cmd), t.study); err == nil {
				return showLive(e, snap, t, asJSON)
			}
			s, study, err := openStudy(storeDir(cmd), t.study)
			if err != nil {
				return err
			}
			defer s.Close()
			snap, err := s.Snapshot(t.study)
			if err != nil {
				return err
			}
			switch {
			case t.n < 0 && asJSON:
				return printJSON(e.out, showStudyJSON(study, snap))
			case t.n < 0:
				return showStudy(e.out, study, snap)
			}
			trial, err := pick(snap, t)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(e.out, showTrialJSON(study, trial))
			}
			return showTrial(e.out, study, trial)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func showStudy(w io.Writer, study store.Study, snap medml.Snapshot) error {
	spec, err := experiments.FromResolved(study.Experiment)
	if err != nil {
		return fmt.Errorf("the experiment that study %s holds: %w", study.Name, err)
	}
	c := snap.Counts()
	fmt.Fprintf(w, "study        %s (%s)\n", study.Name, snap.State)
	if snap.Reason != "" {
		fmt.Fprintf(w, "ended        %s\n", snap.Reason)
	}
	fmt.Fprintf(w, "trials       %d complete, %d pruned, %d failed, %d waiting\n", c.Complete, c.Pruned, c.Failed, c.Waiting)
	if best, ok := snap.Best(); ok {
		fmt.Fprintf(w, "best         %s %.4f, %s\n", snap.Metric, best.Score(), path(study.Name, best.Number))
	}
	fmt.Fprintf(w, "ran          %v in %s, first %s\n", snap.Elapsed.Round(time.Second), count(len(study.Sessions), "session", "sessions"),
		study.Created.Local().Format(time.DateTime))
	environment(w, study.Environment)
	fmt.Fprintf(w, "\n%s", spec.YAML())
	return nil
}

// environment tells where a study ran; a sweep that is asked itself doesn't say.
func environment(w io.Writer, v store.Environment) {
	if v == (store.Environment{}) {
		return
	}
	fmt.Fprintf(w, "environment  medml %s, %s, %s/%s, %s, kernels %s\n", v.Version, v.Go, v.OS, v.Arch, v.CPU, v.Path)
	fmt.Fprintf(w, "data         %s\n", v.Data)
}

func showTrial(w io.Writer, study store.Study, t medml.Trial) error {
	fmt.Fprintf(w, "trial        %s (%s)\n", path(study.Name, t.Number), stateOf(t))
	if t.Reason != "" {
		fmt.Fprintf(w, "because      %s\n", t.Reason)
	}
	if !math.IsNaN(t.Value) {
		fmt.Fprintf(w, "%-12s %.4f", study.About.Metric, t.Value)
		if !math.IsNaN(t.Low) {
			fmt.Fprintf(w, " (95 %% interval %.4f to %.4f)", t.Low, t.High)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "seed         %d\n", study.About.Seed)
	if t.Weights != "" {
		fmt.Fprintf(w, "weights      %d, sha256 %s\n", t.WeightCount, t.Weights)
	}
	switch {
	case t.State == medml.Running:
		fmt.Fprintf(w, "runs         since %s, %d epochs\n", t.Started.Local().Format(time.DateTime), t.Epochs())
	case !t.Started.IsZero():
		fmt.Fprintf(w, "ran          %s, %.1f s, %d epochs\n", t.Started.Local().Format(time.DateTime), t.Seconds(), t.Epochs())
	}
	showAims(w, study.About, t)
	environment(w, study.Environment)
	fmt.Fprintln(w, "\nparameters")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range t.Params {
		fmt.Fprintf(tw, "  %s\t%s\n", p.Name, p.Value)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, r := range t.Runs {
		if err := showRun(w, r); err != nil {
			return err
		}
	}
	if t.State == medml.Complete {
		fmt.Fprintf(w, "\nreproduce it with: medml reproduce %s\n", path(study.Name, t.Number))
	}
	return nil
}

func showRun(w io.Writer, r medml.Run) error {
	fmt.Fprintf(w, "\nfold %d", r.Fold+1)
	var parts []string
	for _, m := range r.Measures {
		parts = append(parts, fmt.Sprintf("%s %.4f", m.Name, m.Value))
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, ": %s", strings.Join(parts, ", "))
	}
	fmt.Fprintln(w)
	if r.Weights != "" {
		fmt.Fprintf(w, "  weights sha256 %s\n", r.Weights)
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "  epoch\tloss\tvalidation loss\tvalue\t")
	for i, ep := range r.Epochs {
		fmt.Fprintf(tw, "  %d\t%.5f\t%.5f\t%.5f\t\n", i+1, ep.Loss, ep.ValidLoss, ep.Value)
	}
	return tw.Flush()
}
