package main

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// env is what a command knows of the world: its streams, its clock, and whether somebody
// watches. Tests make their own.
type env struct {
	in       *os.File
	out, err io.Writer
	now      func() time.Time
	getenv   func(string) string
	// terminal says that both in and out are a terminal on which a screen can be drawn;
	// errTerminal that a line on err can be overwritten.
	terminal, errTerminal bool
	// width is the terminal's, 0 without one.
	width int
}

func processEnv() *env {
	e := &env{in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now, getenv: os.Getenv}
	usable := os.Getenv("TERM") != "dumb"
	isTerminal := func(f *os.File) bool { return usable && term.IsTerminal(int(f.Fd())) }
	e.terminal = isTerminal(os.Stdin) && isTerminal(os.Stdout)
	e.errTerminal = isTerminal(os.Stderr)
	if isTerminal(os.Stdout) {
		e.width, _, _ = term.GetSize(int(os.Stdout.Fd()))
	}
	return e
}

// color says whether to colour what goes to out.
func (e *env) color() bool { return e.width > 0 && e.getenv("NO_COLOR") == "" }
