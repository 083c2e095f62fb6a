package main

import (
	"fmt"

	"medml"
	"medml/live"
)

// serve lets other terminals watch the sweep and act on it, until the function that it
// returns is called. A sweep that can't be served goes on without.
func serve(e *env, o sweepOptions, exec *medml.Executor) (end func()) {
	s, err := live.Serve(o.store, exec.About.Study, exec, exec)
	if err != nil {
		if !o.quiet {
			fmt.Fprintln(e.err, "medml: other terminals can't follow this sweep:", err)
		}
		return func() {}
	}
	return func() {
		if err := s.Close(); err != nil && !o.quiet {
			fmt.Fprintln(e.err, "medml:", err)
		}
	}
}
