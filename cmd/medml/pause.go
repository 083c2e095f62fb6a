package main

import (
	"github.com/spf13/cobra"

	"medml"
)

func newPause(e *env) *cobra.Command {
	return newSteering(e, steering{
		use:   "pause STUDY[/N]",
		short: "Hold up a running sweep, or one of its trials",
		long: `Hold up a running sweep, or one of its trials, from another terminal. Trials stop
before their next training step and keep what they have; no other trial starts. What
comes out is the same as without the pause.`,
		example: `  medml pause diagnosis
  medml pause diagnosis/17`,
		action: "pause", doing: "pausing", do: medml.Control.Pause,
		saidStudy: "is paused: medml resume lets it go on",
		saidTrial: "is paused: medml resume lets it go on",
	})
}
