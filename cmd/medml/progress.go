package main

import (
	"fmt"
	"strings"
	"time"

	"medml"
	"medml/tui"
)

// progress tells how far a sweep is on standard error until it is done: on a terminal by
// one line drawn over a few times a second, elsewhere by a line whenever a trial has
// ended or the study was paused from elsewhere, at most one a second.
func progress(e *env, src tui.Source, done <-chan struct{}) {
	every := time.Second
	if e.errTerminal {
		every = 250 * time.Millisecond
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	last, state, width := -1, medml.StudyRunning, 0
	show := func() {
		s, err := src.Snapshot()
		if err != nil {
			return
		}
		finished := s.Counts().Finished()
		line := tui.ProgressLine(s)
		switch {
		case e.errTerminal:
			fmt.Fprintf(e.err, "\r%s%s", line, strings.Repeat(" ", max(0, width-len(line))))
			width = len(line)
		case finished != last, s.State != state && (s.State == medml.StudyPaused || s.State == medml.StudyRunning):
			fmt.Fprintln(e.err, line)
		}
		last, state = finished, s.State
	}
	for {
		select {
		case <-tick.C:
			show()
		case <-done:
			show()
			if e.errTerminal {
				fmt.Fprintln(e.err)
			}
			return
		}
	}
}
