package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"medml/experiments"
)

func newExperiments(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "experiments",
		Short:   "List the bundled experiments",
		Example: `  medml experiments`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			type row struct {
				Name  string `json:"name"`
				File  string `json:"file"`
				Title string `json:"title"`
			}
			rows := []row{}
			for _, x := range experiments.Bundled() {
				rows = append(rows, row{x.Name, "experiments/" + x.Name + ".yaml", x.Title})
			}
			if asJSON {
				return printJSON(e.out, rows)
			}
			w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
			for _, r := range rows {
				fmt.Fprintf(w, "%s\t%s\n", r.File, r.Title)
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
