package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"medml/store"
)

func newVerify(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check the whole store: pages, checksums, files, and that its records agree",
		Long: `Check the whole store: the pages of its file, the checksum of every record, the
checkpoints and artifacts beside it, and that the records agree with one another: sums,
weights, parameters, references. Nothing is changed. The exit status is 1 if anything is
wrong.`,
		Example: `  medml verify
  medml verify --store /data/medml --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := store.Verify(cmd.Context(), storeDir(cmd), time.Second)
			if err != nil {
				return err
			}
			if asJSON {
				if err := printJSON(e.out, r); err != nil {
					return err
				}
			} else {
				for _, p := range r.Problems {
					fmt.Fprintln(e.out, p)
				}
				verdict := "whole"
				if n := len(r.Problems); n > 0 {
					verdict = "DAMAGED in " + count(n, "place", "places")
				}
				files := ""
				if r.Files > 0 {
					files = ", " + count(r.Files, "file", "files")
				}
				fmt.Fprintf(e.out, "%s: %s, %s, %s%s: %s\n", r.Dir, count(r.Studies, "study", "studies"),
					count(r.Trials, "trial", "trials"), count(r.Epochs, "epoch", "epochs"), files, verdict)
			}
			if len(r.Problems) > 0 {
				return failure{}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// count writes a number with the word for one or for many.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
