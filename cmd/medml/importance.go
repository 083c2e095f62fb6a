package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"medml"
	"medml/search"
)

// importanceOptions are the flags of `importance`.
type importanceOptions struct {
	method                string
	objective, constraint int
	json                  bool
}

func newImportance(e *env) *cobra.Command {
	var o importanceOptions
	cmd := &cobra.Command{
		Use:   "importance STUDY",
		Short: "Say which hyperparameters matter",
		Long: `Say which hyperparameters matter, as shares that sum to 1, by the study's complete trials.

ped-anova asks which matter for a good value: how much a parameter's distribution in the
best tenth of the trials differs from that in all. fanova asks which matter anywhere: how
much of the variance over the whole space a parameter explains by itself, as a random
forest sees it. A parameter of a branch is judged by the trials that have it.`,
		Example: `  medml importance diagnosis
  medml importance diagnosis --method fanova
  medml importance diagnosis --json | jq '.parameters[0].name'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := snapshotOf(storeDir(cmd), args[0])
			if err != nil {
				return err
			}
			return o.run(e, s)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.method, "method", "ped-anova", strings.Join(search.Importances(), " or "))
	f.IntVar(&o.objective, "objective", 1, "which of several objectives, from 1")
	f.IntVar(&o.constraint, "constraint", 0, "what matters for meeting that constraint, from 1")
	f.BoolVar(&o.json, "json", false, "print JSON")
	return cmd
}

func (o importanceOptions) run(e *env, s medml.Snapshot) error {
	of, direction, trials, err := o.values(s)
	if err != nil {
		return err
	}
	params, err := search.Importance(s.Space, direction, trials, o.method)
	var unknown *search.FieldError
	switch {
	case errors.As(err, &unknown):
		return usagef("--%v", err)
	case err != nil:
		return fmt.Errorf("study %s: %w", s.Study, err)
	}
	params = slices.DeleteFunc(params, func(i search.ParamImportance) bool {
		p, _ := s.Space.Lookup(i.Name)
		return p.Single()
	})
	if o.json {
		return printJSON(e.out, struct {
			Study      string                   `json:"study"`
			Method     string                   `json:"method"`
			Of         string                   `json:"of"`
			Parameters []search.ParamImportance `json:"parameters"`
		}{s.Study, o.method, of, params})
	}
	return importanceTable(e.out, fmt.Sprintf("%s by %s for %s", s.Study, o.method, of), params)
}

// values returns what the parameters are to matter for, and the trials with that as their
// value.
func (o importanceOptions) values(s medml.Snapshot) (of string, d medml.Direction, trials []medml.Trial, err error) {
	objectives := max(1, len(s.Goals))
	if o.objective < 1 || o.objective > objectives {
		return "", "", nil, usagef("--objective %d: study %s has %d", o.objective, s.Study, objectives)
	}
	if o.constraint < 0 || o.constraint > len(s.Constraints) {
		return "", "", nil, usagef("--constraint %d: study %s has %d", o.constraint, s.Study, len(s.Constraints))
	}
	of, d = s.Metric, s.Direction
	pick := func(t medml.Trial) (float64, bool) { return t.Value, true }
	if i := o.objective - 1; i > 0 {
		of, d = s.Goals[i].Metric, s.Goals[i].Direction
		pick = func(t medml.Trial) (float64, bool) { return at(t.Objectives, i) }
	}
	if i := o.constraint - 1; i >= 0 {
		of, d = s.Constraints[i], medml.Minimize
		pick = func(t medml.Trial) (float64, bool) { return at(t.Constraints, i) }
	}
	for _, t := range s.Trials {
		if v, ok := pick(t); ok {
			t.Value = v
			trials = append(trials, t)
		}
	}
	return of, d, trials, nil
}

func at(values []float64, i int) (float64, bool) {
	if i >= len(values) {
		return 0, false
	}
	return values[i], true
}

// importanceTable draws a bar for each parameter that is searched.
func importanceTable(w io.Writer, title string, params []search.ParamImportance) error {
	const longest = 30
	width := len("PARAMETER")
	for _, p := range params {
		width = max(width, len(p.Name))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%-*s  SHARE  TRIALS\n", title, width, "PARAMETER")
	for _, p := range params {
		bar := strings.Repeat("#", int(p.Importance*longest+0.5))
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("%-*s  %5.3f  %6d  %s", width, p.Name, p.Importance, p.Trials, bar), " "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
