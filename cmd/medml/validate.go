package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"medml"
	"medml/dataset"
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
			specs, err := experiments.Studies(args[0], sets)
			if err != nil {
				return err
			}
			spec := specs[0]
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
			about, leaks, suspicions := job.About(), job.Leaks(), job.Suspicions()
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
					// Objectives are all, also where there is one.
					Objectives  []medml.Goal `json:"objectives"`
					Constraints []string     `json:"constraints"`
					// Leaks are examples on both sides of a split.
					Leaks []dataset.Leak `json:"leaks"`
					// Suspicions are features that should most likely not be learnt from.
					Suspicions []string `json:"suspicions"`
				}{args[0], about.Study, true, len(about.Space), job.Rows(), job.TestRows(), about.Folds, job.DataDigest(),
					goals(about), append([]string{}, about.Constraints...), leaks, append([]string{}, suspicions...)})
			}
			warn(e, leaks, suspicions)
			_, err = fmt.Fprintf(e.out, "%s is valid: study %s, %d of %d hyperparameters are searched, %d rows (%d of them locked away for the test), %d folds, %s\n",
				args[0], about.Study, searched(about.Space), len(about.Space), job.Rows(), job.TestRows(), about.Folds, aimsText(about))
			if err == nil && len(specs) > 1 {
				_, err = fmt.Fprintf(e.out, "it is the first of %d studies, one for each outer fold\n", len(specs))
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&resolved, "resolved", false, "print the experiment with every default filled in")
	cmd.Flags().BoolVar(&splits, "splits", false, "print which rows are in which part, as JSON, for other programs to split alike")
	cmd.Flags().StringArrayVar(&sets, "set", nil, "override a field, as in sampler.seed=7; may be given again")
	return cmd
}

// searched counts the hyperparameters that have more than one value.
func searched(space medml.Space) int {
	n := 0
	for _, p := range space {
		if !p.Single() {
			n++
		}
	}
	return n
}

// warn names on standard error what a split gives away, and what should not be learnt from.
func warn(e *env, leaks []dataset.Leak, suspicions []string) {
	for _, l := range leaks {
		fmt.Fprintf(e.err, "medml: warning: %s\n", l)
	}
	for _, s := range suspicions {
		fmt.Fprintf(e.err, "medml: warning: %s\n", s)
	}
}

// goals returns the objectives of a study, of which it has one or several.
func goals(about medml.About) []medml.Goal {
	if len(about.Goals) > 0 {
		return about.Goals
	}
	return []medml.Goal{{Metric: about.Metric, Direction: about.Direction}}
}

// aimsText says what a study improves and under which constraints.
func aimsText(about medml.About) string {
	var words []string
	for _, g := range goals(about) {
		words = append(words, string(g.Direction)+" "+g.Metric)
	}
	text := strings.Join(words, ", ")
	if len(about.Constraints) > 0 {
		text += " where " + strings.Join(about.Constraints, " and ")
	}
	return text
}
