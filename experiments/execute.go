package experiments

import (
	"time"

	"medml"
)

// Configure sets what the experiment says of how its trials are run: budgets, retries,
// repeats, memory and checkpoints. machine is how many bytes of memory the machine has, 0
// where that isn't known.
func (s *Spec) Configure(e *medml.Executor, machine int64) {
	e.Budget, e.Time, e.TrialTime = s.Budget.Trials, time.Duration(s.Budget.Time), time.Duration(s.Budget.TrialTime)
	e.Drain = s.Budget.Drain
	e.Retry = medml.Retry{Max: s.Retry.Max, On: s.Retry.On}
	e.Repeats, e.Leaders = s.Repeats.Count, int(s.Repeats.Promote)
	e.Memory = s.Resources.Memory.Of(machine)
	e.CheckpointEvery = time.Duration(s.Resources.Checkpoint)
}

// leaders is how many trials are trained from further seeds.
func (s *Spec) leaders() int {
	if s.Repeats.Count < 2 {
		return 0
	}
	return int(s.Repeats.Promote)
}

// Need returns how many bytes the training of a trial takes.
func (j *Job) Need(t medml.Trial) (int64, error) { return j.Trainer.Need(t) }
