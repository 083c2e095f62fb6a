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
	Created   time.Time        `json:"created,omitzero"` // absent while it runs
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
			rows, err := studyRows(e, storeDir(cmd))
			if err != nil {
				return err
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

// studyRows lists the studies in the store or, while a sweep holds it, the one that runs.
func studyRows(e *env, dir string) ([]studyRow, error) {
	if s, err := liveOf(dir, ""); err == nil {
		fmt.Fprintln(e.err, "medml: the other studies are listed once the sweep has ended")
		return []studyRow{liveRow(s)}, nil
	}
	s, err := store.Open(dir, store.Options{ReadOnly: true, MustExist: true})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	list, err := s.Studies()
	if err != nil {
		return nil, err
	}
	rows := []studyRow{}
	for _, it := range list {
		c := it.Counts
		rows = append(rows, studyRow{it.Name, it.State, it.Metric, it.Direction, number(it.Value),
			c.Finished() + c.Running + c.Waiting, c.Complete, c.Pruned, c.Failed, it.Created, it.Elapsed.Seconds()})
	}
	return rows, nil
}

func liveRow(s medml.Snapshot) studyRow {
	c := s.Counts()
	row := studyRow{Study: s.Study, State: s.State, Metric: s.Metric, Direction: s.Direction, Best: number(math.NaN()),
		Trials: len(s.Trials), Complete: c.Complete, Pruned: c.Pruned, Failed: c.Failed, Seconds: s.Elapsed.Seconds()}
	if best, ok := medml.Best(s.Direction, s.Trials); ok { // as the store counts
		row.Best = number(best.Value)
	}
	return row
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
		created := "-"
		if !r.Created.IsZero() {
			created = r.Created.Local().Format("2006-01-02 15:04")
		}
		took := time.Duration(r.Seconds * float64(time.Second)).Round(time.Second)
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%v\n", r.Study, r.State, r.Trials,
			r.Complete, r.Pruned, r.Failed, best, r.Metric, created, took)
	}
	return w.Flush()
}
