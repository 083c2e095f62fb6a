package main

import (
	"github.com/spf13/cobra"

	"medml"
	"medml/tui"
)

func newLeaderboard(e *env) *cobra.Command {
	var asJSON bool
	var top int
	cmd := &cobra.Command{
		Use:   "leaderboard STUDY",
		Short: "Rank a study's trials, with intervals",
		Example: `  medml leaderboard diagnosis
  medml leaderboard diagnosis --top 5
  medml leaderboard diagnosis --json | jq .best.params`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := presentOf(storeDir(cmd), args[0], headersOf)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(e.out, toStudyJSON(s))
			}
			return tui.Table(e.out, s, tui.TableOptions{Width: e.width, Color: e.color(), Top: top})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&top, "top", 0, "show only the first N trials")
	return cmd
}

// headersOf reads a study as snapshotOf does, but without the epochs of the trials that
// have ended, which a table doesn't show.
func headersOf(dir, name string) (medml.Snapshot, error) {
	s, _, err := openStudy(dir, name)
	if err != nil {
		return medml.Snapshot{}, err
	}
	defer s.Close()
	return s.SnapshotHeaders(name)
}
