package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"medml"
	"medml/live"
)

// steering is a command that acts on a running sweep from another terminal.
type steering struct {
	use, short, long, example string
	action                    string // "pause", also in JSON
	doing                     string // "pausing"
	do                        func(medml.Control, int) error
	// said tells what came of it, of the whole study and of a trial.
	saidStudy, saidTrial string
	// last, where not nil, waits until what was asked of the whole study is over.
	last func(cmd *cobra.Command, dir string, pid int) error
}

// steered is what a steering prints as JSON; number is null for the whole study.
type steered struct {
	Study  string `json:"study"`
	Number *int   `json:"number"`
	Action string `json:"action"`
	PID    int    `json:"pid"`
}

func newSteering(e *env, s steering) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: s.use, Short: s.short, Long: s.long, Example: s.example, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := parseTarget(args[0])
			if err != nil {
				return err
			}
			return s.run(cmd, e, t, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (s steering) run(cmd *cobra.Command, e *env, t target, asJSON bool) error {
	dir := storeDir(cmd)
	c, err := running(dir, t.study)
	if err != nil {
		return err
	}
	defer c.Close()
	what, said, out := "study "+t.study, s.saidStudy, steered{Study: t.study, Action: s.action, PID: c.PID()}
	number := medml.WholeStudy
	if t.n >= 0 {
		what, said, number, out.Number = "trial "+path(t.study, t.n), s.saidTrial, t.n, &t.n
	}
	if err := s.do(c, number); err != nil {
		return fmt.Errorf("%s %s: %w", s.doing, what, err)
	}
	if s.last != nil && t.n < 0 {
		if err := s.last(cmd, dir, out.PID); err != nil {
			return err
		}
	}
	if asJSON {
		return printJSON(e.out, out)
	}
	_, err = fmt.Fprintf(e.out, "%s %s\n", what, said)
	return err
}

// running connects to the process that sweeps a study. Where none does, the error says how
// the study stands, or who holds the store.
func running(dir, study string) (*live.Client, error) {
	c, err := live.Dial(dir)
	switch {
	case err == nil && c.Study() == study:
		return c, nil
	case err == nil:
		defer c.Close()
		return nil, fmt.Errorf("study %s isn't running: process %d sweeps %s", study, c.PID(), c.Study())
	case !errors.Is(err, live.ErrNotServed):
		return nil, err
	}
	s, record, err := openStudy(dir, study)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if record.State == medml.StudyComplete {
		return nil, fmt.Errorf("study %s isn't running: it is complete", study)
	}
	return nil, fmt.Errorf("study %s isn't running: it is %s, and medml sweep goes on with it", study, record.State)
}

// gone waits until the process no longer serves a sweep in dir.
func gone(cmd *cobra.Command, dir string, pid int) error {
	for {
		c, err := live.Dial(dir)
		if err == nil {
			c.Close()
		}
		if errors.Is(err, live.ErrNotServed) || err == nil && c.PID() != pid {
			return nil
		}
		select {
		case <-cmd.Context().Done():
			return cmd.Context().Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
