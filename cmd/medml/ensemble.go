package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"medml/experiments"
)

func newEnsemble(e *env) *cobra.Command {
	var size int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ensemble STUDY",
		Short: "Combine the best trials of a study",
		Long: `Select the trials whose predictions are best together: greedily, with replacement, on the
predictions that each made for patients it wasn't trained on (Caruana et al. 2004).

The models must have been kept, which a sweep does whose experiment has ensemble: {size: N}.
The value is measured on the predictions on which the members were chosen and so flatters
them a little; the locked test part knows nothing of it.`,
		Example: `  medml ensemble diagnosis
  medml ensemble diagnosis --size 4 --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if size < 0 {
				return usagef("--size can't be negative")
			}
			c, err := combine(storeDir(cmd), args[0], size)
			if err != nil {
				return err
			}
			return printCombination(e, c, asJSON)
		},
	}
	cmd.Flags().IntVar(&size, "size", 0, "members at most (default: the experiment's, or 8)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

const defaultEnsemble = 8

// combined is an ensemble and the study it is of.
type combined struct {
	study, metric string
	experiments.Combination
}

// combine selects the ensemble of a study.
func combine(dir, name string, size int) (combined, error) {
	s, study, err := openStudy(dir, name)
	if err != nil {
		return combined{}, err
	}
	defer s.Close()
	job, err := storedJob(study)
	if err != nil {
		return combined{}, err
	}
	if size == 0 {
		if size = job.EnsembleSize(); size == 0 {
			size = defaultEnsemble
		}
	}
	trials, err := s.Headers(name)
	if err != nil {
		return combined{}, err
	}
	c, err := job.Combine(trials, func(n int) ([]byte, error) { return s.Artifact(name, n) }, size)
	if err != nil {
		return combined{}, fmt.Errorf("study %s: %w", name, err)
	}
	return combined{name, study.About.Metric, c}, nil
}

func printCombination(e *env, c combined, asJSON bool) error {
	if asJSON {
		return printJSON(e.out, map[string]any{
			"study": c.study, "metric": c.metric, "value": number(c.Value), "ci_low": number(c.Low), "ci_high": number(c.High),
			"members": c.Members, "candidates": c.Candidates,
			"best": map[string]any{"number": c.Best, "value": number(c.Single)},
		})
	}
	fmt.Fprintf(e.out, "%s: %s %.4f (95 %% CI %.4f–%.4f) of %s together, chosen from %d; the best alone, trial %d, has %.4f\n",
		c.study, c.metric, c.Value, c.Low, c.High, counted(len(c.Members), "trial"), c.Candidates, c.Best, c.Single)
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "TRIAL\tWEIGHT\t\n")
	for _, m := range c.Members {
		fmt.Fprintf(w, "%d\t%.3f\t\n", m.Trial, m.Weight)
	}
	return w.Flush()
}
