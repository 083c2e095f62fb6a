package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"medml"
)

// Source is where snapshots come from: a running executor, a store, another process.
type Source interface {
	// Snapshot returns the study as it is now. It may block, and is never called twice at
	// a time.
	Snapshot() (medml.Snapshot, error)
}

// Options are how a study is shown. The zero value watches it on the process's own
// terminal.
type Options struct {
	In  io.Reader // default os.Stdin
	Out io.Writer // default os.Stdout
	// Stop asks the sweep to stop gracefully; nil when watching a study that isn't run
	// from here. It is called once at most.
	Stop func()
	// Control acts on the study's trials from the keyboard; nil where nobody can.
	Control medml.Control
	// Done is closed when the sweep has ended and is recorded. The screen then shows the
	// end and leaves, unless it lingers. Nil when watching.
	Done <-chan struct{}
	// Linger keeps the screen after the sweep's end until the user leaves.
	Linger bool
	// Width and Height are the size of an output that can't tell its own, 80 × 24 by
	// default.
	Width, Height int
	ASCII         bool // marks and charts in ASCII
	NoColor       bool // also without it, NO_COLOR and the terminal's abilities count
	// Interval is how long to wait between two readings of the source, 100 ms by default.
	// A study that doesn't run is read once a second at most.
	Interval time.Duration
	// ResumeHint is the command that goes on with an interrupted sweep.
	ResumeHint string
}

// ErrForced says that the user left at once, without waiting for the sweep to stop.
var ErrForced = errors.New("left while the sweep was stopping")

// Run shows the study until its user leaves, or until a sweep has ended. It returns nil
// then, ErrForced if the user didn't wait for the sweep to stop, and ctx's error if that
// was done first. The terminal is as it was before, also after a panic.
func Run(ctx context.Context, src Source, o Options) error {
	if o.Width <= 0 || o.Height <= 0 {
		o.Width, o.Height = 80, 24
	}
	if o.Interval <= 0 {
		o.Interval = 100 * time.Millisecond
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	opts := []tea.ProgramOption{
		tea.WithContext(inner), tea.WithAltScreen(), tea.WithFPS(30),
		// The command decides what a signal means, and cancels ctx.
		tea.WithoutSignalHandler(),
	}
	if o.In != nil {
		opts = append(opts, tea.WithInput(o.In))
	}
	if o.Out != nil {
		opts = append(opts, tea.WithOutput(o.Out))
	}
	m := newModel(inner, src, o, newTheme(rendererFor(o.Out, !o.NoColor), o.ASCII))
	_, err := tea.NewProgram(m, opts...).Run()
	switch {
	case m.forced:
		return ErrForced
	case m.fatal != nil:
		return m.fatal
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("showing the study: %w", err)
	}
	return nil
}
