package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"medml"
)

func newDigest(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "digest STUDY",
		Short: "Print a hash over what a study is: experiment, parameters, metrics, weights",
		Long: `Print a hash over what a study is: its resolved experiment and, trial by trial,
parameters, states, every epoch's metrics and the weights. No times and no host take
part, so two machines that ran the same experiment print the same digest.`,
		Example: `  medml digest diagnosis`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, study, err := openStudy(storeDir(cmd), args[0])
			if err != nil {
				return err
			}
			defer s.Close()
			trials, err := s.Trials(study.Name)
			if err != nil {
				return err
			}
			digest, err := medml.Digest(study.Identity, trials)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(e.out, struct {
					Study  string `json:"study"`
					Digest string `json:"digest"`
					Trials int    `json:"trials"`
				}{study.Name, digest, len(trials)})
			}
			_, err = fmt.Fprintf(e.out, "%s  %s (%d trials)\n", digest, study.Name, len(trials))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
