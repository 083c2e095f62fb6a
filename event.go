package medml

import "time"

// Event says that something happened in a study. The events are TrialStarted,
// EpochEnded, CheckpointSaved, TrialEnded, TrialReset, RepeatEnded and StudyEnded.
type Event interface{ event() }

// TrialStarted says that a worker has taken a trial. Its state is Running. One that is
// Resumed goes on from its checkpoint and holds the runs up to there; for others an
// earlier checkpoint and its runs are dropped.
type TrialStarted struct {
	Trial   Trial
	Resumed bool
}

// EpochEnded says that a running trial has finished an epoch of a fold.
type EpochEnded struct {
	Number int
	Fold   int
	Epoch  Epoch
}

// CheckpointSaved says that a running trial can go on from here. Earlier checkpoints of
// it are dropped.
type CheckpointSaved struct {
	Number int
	Epochs int // that the trial has reported by now, over all folds
	State  []byte
}

// TrialEnded says that a trial has come to its final state. Its checkpoint is dropped.
type TrialEnded struct {
	Trial Trial
	// Artifact is what is to be kept of the trained models, nil for nothing.
	Artifact []byte
}

// TrialReset says that a trial's run was interrupted and the trial waits again, with
// its number and parameters. With Keep it goes on from its checkpoint, with the epochs
// up to there; else what it had trained is dropped.
type TrialReset struct {
	Trial Trial
	Keep  bool
}

// RepeatEnded says that a complete trial was trained from one more seed.
type RepeatEnded struct {
	Number int
	Repeat Repeat
}

// StudyEnded says that no trial runs any more. State is StudyComplete or
// StudyInterrupted.
type StudyEnded struct {
	State  StudyState
	Reason string
	// Elapsed is how long this session ran.
	Elapsed time.Duration
}

func (TrialStarted) event()    {}
func (EpochEnded) event()      {}
func (CheckpointSaved) event() {}
func (TrialEnded) event()      {}
func (TrialReset) event()      {}
func (RepeatEnded) event()     {}
func (StudyEnded) event()      {}
