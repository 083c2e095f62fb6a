package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"medml/experiments"
)

func newValidate(e *env) *cobra.Command {
	var asJSON, resolved, splits bool
	var sets []string
	cmd := &cobra.Command{
		Use:   "validate FILE",
		Short: "Check an experiment, its data and its splits, without running it",
		Example: `  medml validate experiments/diagnosis.yaml
  medml validate --resolved experiments/diagnosis.yaml   # with every default filled in
  medml validate --splits experiments/diagnosis.yaml     # which rows are in which fold`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			spec, err := experiments.Load(args[0], sets)
			if err != nil {
				return err
			}
			job, err := spec.Build()
			if err != nil {
				return err
			}
			if resolved {
				_, err := e.out.Write(spec.YAML())
				return err
			}
			if splits {
				return printJSON(e.out, job.Splits())
			}
			about := job.About()
			if asJSON {
				return printJSON(e.out, struct {
					File   string `json:"file"`
					Study  string `json:"study"`
					Valid  bool   `json:"valid"`
					Params int    `json:"params"`
					Rows   int    `json:"rows"`
					Test   int    `json:"test_rows"`
					Folds  int    `json:"folds"`
					Data   string `json:"data"`
				}{args[0], about.Study, true, len(about.Space), job.Rows(), job.TestRows(), about.Folds, job.DataDigest()})
			}
			_, err = fmt.Fprintf(e.out, "%s is valid: study %s, %d hyperparameters, %d rows (%d of them locked away for the test), %d folds, %s %s\n",
				args[0], about.Study, len(about.Space), job.Rows(), job.TestRows(), about.Folds, about.Direction, about.Metric)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&resolved, "resolved", false, "print the experiment with every default filled in")
	cmd.Flags().BoolVar(&splits, "splits", false, "print which rows are in which part, as JSON, for other programs to split alike")
	cmd.Flags().StringArrayVar(&sets, "set", nil, "override a field, as in sampler.seed=7; may be given again")
	return cmd
}
