package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"medml/store"
)

func newRm(e *env) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "rm STUDY",
		Short: "Delete a study and everything recorded of it",
		Example: `  medml rm diagnosis
  medml rm --yes diagnosis`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := store.Open(storeDir(cmd), store.Options{MustExist: true, Command: "medml rm " + args[0]})
			if err != nil {
				return err
			}
			defer s.Close()
			if _, err := s.Study(args[0]); err != nil {
				return err
			}
			trials, err := s.Trials(args[0])
			if err != nil && !yes {
				return fmt.Errorf("%w (rm --yes deletes the study all the same)", err)
			}
			if !yes {
				if !e.terminal {
					return usagef("rm asks before it deletes: say --yes where there is no terminal")
				}
				fmt.Fprintf(e.err, "delete study %s with its %d trials? [y/N] ", args[0], len(trials))
				answer, _ := bufio.NewReader(e.in).ReadString('\n')
				if strings.ToLower(strings.TrimSpace(answer)) != "y" {
					return usagef("not deleted")
				}
			}
			if err := s.Remove(args[0]); err != nil {
				return err
			}
			_, err = fmt.Fprintf(e.out, "study %s is deleted\n", args[0])
			return err
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "don't ask")
	return cmd
}
