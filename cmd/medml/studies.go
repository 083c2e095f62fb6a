package main

import (
	"fmt"
	"math"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"medml"
	"medml/store"
)

// studyRow is a study as `studies --json` prints it.
type studyRow struct {
	Study     string           `json:"study"`
	State     medml.StudyState `json:"state"`
	Metric    string           `json:"metric"`
	Direction medml.Direction  `json:"direction"`
	Best      number           `json:"best"`
	Trials    int              `json:"trials"`
	Complete  int              `json:"complete"`
	Pruned    int              `json:"pruned"`
	Failed    int              `json:"failed"`
	Created   time.Time        `json:"created"`
	Seconds   float64          `json:"seconds"`
}

func newStudies(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "studies",
		Short:   "List the studies in the store",
		Example: `  medml studies`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := store.Open(storeDir(cmd), store.Options{ReadOnly: true, MustExist: true})
			if err != nil {
				return err
			}
			defer s.Close()
			list, err := s.Studies()
			if err != nil {
				return err
			}
			rows := []studyRow{}
			for _, it := range list {
				c := it.Counts
				rows = append(rows, studyRow{it.Name, it.State, it.Metric, it.Direction, number(it.Value),
					c.Finished() + c.Running + c.Waiting, c.Complete, c.Pruned, c.Failed, it.Created, it.Elapsed.Seconds()})
			}
			if asJSON {
				return printJSON(e.out, rows)
			}
			return studiesTable(e, rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func studiesTable(e *env, rows []studyRow) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(e.out, "no studies yet: run medml sweep FILE")
		return err
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STUDY\tSTATE\tTRIALS\tCOMPLETE\tPRUNED\tFAILED\tBEST\tMETRIC\tCREATED\tTOOK")
	for _, r := range rows {
		best := "-"
		if !math.IsNaN(float64(r.Best)) {
			best = fmt.Sprintf("%.4f", float64(r.Best))
		}
		took := time.Duration(r.Seconds * float64(time.Second)).Round(time.Second)
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%v\n", r.Study, r.State, r.Trials,
			r.Complete, r.Pruned, r.Failed, best, r.Metric, r.Created.Local().Format("2006-01-02 15:04"), took)
	}
	return w.Flush()
}
