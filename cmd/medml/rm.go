package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"medml"
	"medml/store"
)

func newRm(e *env) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "rm STUDY",
		Short: "Delete a study and everything recorded of it",
		Long: `Delete a study and everything recorded of it. With --yes even one whose records are
damaged is deleted.`,
		Example: `  medml rm diagnosis
  medml rm --yes diagnosis`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := store.Open(storeDir(cmd), store.Options{MustExist: true, Command: "medml rm " + args[0]})
			if err != nil {
				return err
			}
			defer s.Close()
			if !yes {
				if err := confirm(e, s, args[0]); err != nil {
					return err
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

// confirm asks whether a study is to be deleted. It has to be readable for that.
func confirm(e *env, s *store.Store, name string) error {
	_, err := s.Study(name)
	var trials []medml.Trial
	if err == nil {
		trials, err = s.Headers(name)
	}
	var damage *store.DamageError
	if errors.As(err, &damage) {
		return fmt.Errorf("%w (rm --yes deletes the study all the same)", err)
	}
	if err != nil {
		return err
	}
	if !e.terminal {
		return usagef("rm asks before it deletes: say --yes where there is no terminal")
	}
	fmt.Fprintf(e.err, "delete study %s with its %d trials? [y/N] ", name, len(trials))
	answer, _ := bufio.NewReader(e.in).ReadString('\n')
	if strings.ToLower(strings.TrimSpace(answer)) != "y" {
		return usagef("not deleted")
	}
	return nil
}
