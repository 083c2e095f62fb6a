package main

import (
	"github.com/spf13/cobra"

	"medml"
)

func newStop(e *env) *cobra.Command {
	return newSteering(e, steering{
		use:   "stop STUDY[/N]",
		short: "Stop a running sweep gracefully, or one of its trials early",
		long: `Stop a running sweep from another terminal as Ctrl-C does in its own: the running trials
are put back, nothing that has ended is lost, and medml sweep goes on with it. The command
returns once the sweep has ended. Of a trial, stop its training: it counts as pruned.`,
		example: `  medml stop diagnosis
  medml stop diagnosis/17`,
		action: "stop", doing: "stopping", do: medml.Control.Stop,
		saidStudy: "has stopped: medml sweep goes on with it",
		saidTrial: "is told to stop: it counts as pruned",
		last:      gone,
	})
}
