package medml

import "time"

// Event says that something happened in a study. The events are TrialStarted,
// EpochEnded, TrialEnded, TrialReset and StudyEnded.
type Event interface{ event() }

// TrialStarted says that a worker has taken a trial. Its state is Running.
type TrialStarted struct {
	Trial Trial
}

// EpochEnded says that a running trial has finished an epoch of a fold.
type EpochEnded struct {
	Number int
	Fold   int
	Epoch  Epoch
}

// TrialEnded says that a trial has come to its final state.
type TrialEnded struct {
	Trial Trial
}

// TrialReset says that a trial's run was interrupted and the trial waits again, with
// its number and parameters. What it had trained is dropped.
type TrialReset struct {
	Trial Trial
}

// StudyEnded says that no trial runs any more. State is StudyComplete or
// StudyInterrupted.
type StudyEnded struct {
	State  StudyState
	Reason string
	// Elapsed is how long this session ran.
	Elapsed time.Duration
}

func (TrialStarted) event() {}
func (EpochEnded) event()   {}
func (TrialEnded) event()   {}
func (TrialReset) event()   {}
func (StudyEnded) event()   {}
