package main

import (
	"github.com/spf13/cobra"

	"medml"
)

func newResume(e *env) *cobra.Command {
	return newSteering(e, steering{
		use:   "resume STUDY[/N]",
		short: "Let a paused sweep, or one of its trials, go on",
		long: `Let a paused sweep, or one of its trials, go on. Trials that were paused by themselves
stay so when their study goes on. A sweep that was stopped goes on with medml sweep.`,
		example: `  medml resume diagnosis
  medml resume diagnosis/17`,
		action: "resume", doing: "resuming", do: medml.Control.Resume,
		saidStudy: "goes on",
		saidTrial: "goes on",
	})
}
