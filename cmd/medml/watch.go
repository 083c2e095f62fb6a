package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"medml"
	"medml/store"
	"medml/tui"
)

// past is a study that nobody runs: its snapshot doesn't change.
type past medml.Snapshot

func (p past) Snapshot() (medml.Snapshot, error) { return medml.Snapshot(p), nil }

func newWatch(e *env) *cobra.Command {
	var ascii bool
	cmd := &cobra.Command{
		Use:   "watch [STUDY]",
		Short: "Look through a study on the screen; the newest where STUDY is left out",
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
			snap, err := snapshotOf(storeDir(cmd), name)
			if err != nil {
				return err
			}
			// The screen leaves signals to its caller: one must not end it undrawn.
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return tui.Run(ctx, past(snap), tui.Options{
				In: e.in, Out: e.out, ASCII: ascii, NoColor: e.getenv("NO_COLOR") != "", Linger: true,
			})
		},
	}
	cmd.Flags().BoolVar(&ascii, "ascii", false, "draw with plain characters")
	return cmd
}

// newest returns name or, where it is "", the study created last.
func newest(dir, name string) (string, error) {
	if name != "" {
		return name, nil
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
