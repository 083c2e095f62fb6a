package medml

import "slices"

// Snapshot returns the study as it stands. It never fails.
func (e *Executor) Snapshot() (Snapshot, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := Snapshot{
		About: e.About, State: StudyRunning, Trials: slices.Clone(e.trials[:min(e.shown, len(e.trials))]),
		Budget: e.Budget, Workers: e.Workers, Taken: e.now(),
	}
	if e.paused {
		s.State = StudyPaused
	}
	if e.Time > 0 {
		s.TimeBudget = max(1, e.Time-e.Before) // 0 would be no limit
	}
	for _, t := range e.Past {
		if t.State.Finished() {
			s.Resumed++
		}
	}
	if !e.started.IsZero() {
		s.Elapsed = max(0, s.Taken.Sub(e.started))
	}
	if e.ended != nil {
		s.State, s.Reason, s.Workers, s.Elapsed = e.ended.State, e.ended.Reason, 0, e.ended.Elapsed
	}
	return s, nil
}
