package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"medml/dataset"
)

func newData(e *env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "List the bundled data sets, show their cards, fetch public ones",
		Example: `  medml data ls
  medml data info wdbc
  medml data pull breastmnist`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDataLs(e), newDataInfo(e), newDataPull(e))
	return cmd
}

func newDataLs(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "ls",
		Short:   "List the bundled data sets",
		Example: `  medml data ls`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cards := []dataset.Card{}
			for _, name := range dataset.Builtins() {
				card, err := dataset.BuiltinCard(name)
				if err != nil {
					return err
				}
				cards = append(cards, card)
			}
			if asJSON {
				return printJSON(e.out, cards)
			}
			w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
			for _, card := range cards {
				fmt.Fprintf(w, "builtin:%s\t%s\n", card.Name, card.Title)
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newDataInfo(e *env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "info NAME",
		Short:   "Show a bundled data set's card: source, licence, size, known problems",
		Example: `  medml data info wdbc`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			card, err := dataset.BuiltinCard(strings.TrimPrefix(args[0], "builtin:"))
			if err != nil {
				return usagef("%v", err)
			}
			if asJSON {
				return printJSON(e.out, card)
			}
			return printCard(e.out, card)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printCard(out io.Writer, c dataset.Card) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "name\tbuiltin:%s\n", c.Name)
	fmt.Fprintf(w, "title\t%s\n", c.Title)
	fmt.Fprintf(w, "size\t%d examples, %d features\n", c.Examples, c.Features)
	for _, k := range c.Classes {
		fmt.Fprintf(w, "class\t%s: %d\n", k.Name, k.Examples)
	}
	fmt.Fprintf(w, "source\t%s\n", c.Source)
	fmt.Fprintf(w, "cite\t%s\n", c.Citation)
	fmt.Fprintf(w, "doi\t%s\n", c.DOI)
	fmt.Fprintf(w, "licence\t%s\n", c.Licence)
	for _, p := range c.Problems {
		fmt.Fprintf(w, "problem\t%s\n", p)
	}
	for _, r := range c.References {
		fmt.Fprintf(w, "reference\t%s: %s %.4f", r.Name, r.Metric, r.Value)
		if r.SD > 0 {
			fmt.Fprintf(w, " ± %.4f", r.SD)
		}
		if r.Source != "" {
			fmt.Fprintf(w, " (%s)", r.Source)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}
