package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"medml/store"
	"medml/tui"
)

func newWatch(e *env) *cobra.Command {
	var ascii bool
	cmd := &cobra.Command{
		Use:   "watch [STUDY]",
		Short: "Look through a study on the screen, as it runs or afterwards",
		Long: `Look through a study on the screen, from any terminal: while it runs, where its trials
can be paused and stopped, too, or afterwards. Where STUDY is left out it is the one that
runs, else the newest.`,
		Example: `  medml watch diagnosis
  medml watch`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !e.terminal {
				return usagef("watch needs a terminal: use medml leaderboard for a table")
			}
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			name, err := newest(storeDir(cmd), name)
			if err != nil {
				return err
			}
			f := &followed{dir: storeDir(cmd), study: name}
			defer f.Close()
			if _, err := f.Snapshot(); err != nil {
				return err
			}
			// The screen leaves signals to its caller: one must not end it undrawn.
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return tui.Run(ctx, f, tui.Options{
				In: e.in, Out: e.out, Control: f, ASCII: ascii, NoColor: e.getenv("NO_COLOR") != "", Linger: true,
			})
		},
	}
	cmd.Flags().BoolVar(&ascii, "ascii", false, "draw with plain characters")
	return cmd
}

// newest returns name or, where it is "", the study that runs, else the one created last.
func newest(dir, name string) (string, error) {
	if name != "" {
		return name, nil
	}
	if c, err := sweepIn(dir, ""); err == nil {
		defer c.Close()
		return c.Study(), nil
	}
	s, err := store.Open(dir, store.Options{ReadOnly: true, MustExist: true})
	if err != nil {
		return "", err
	}
	defer s.Close()
	list, err := s.Studies()
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return "", usagef("no studies yet: run medml sweep FILE")
	}
	last := list[0]
	for _, it := range list[1:] {
		if it.Created.After(last.Created) {
			last = it
		}
	}
	return last.Name, nil
}
