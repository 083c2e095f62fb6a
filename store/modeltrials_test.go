package store_test

import (
	"math"
	"slices"

	"pgregory.net/rapid"

	"medml"
)

// start starts a new trial, or one that waits or even runs.
func (m *machine) start(rt *rapid.T, s *modelStudy) {
	n := rapid.IntRange(0, len(s.trials)).Draw(rt, "number")
	if n == len(s.trials) {
		s.trials = append(s.trials, medml.Trial{})
	} else if s.trials[n].State.Finished() {
		if s.rec.Record(medml.TrialStarted{Trial: running(n)}) == nil {
			rt.Fatalf("trial %d started after its end", n)
		}
		return
	}
	start := running(n)
	start.Crashes, start.Reason = s.trials[n].Crashes, s.trials[n].Reason
	resumed := rapid.Bool().Draw(rt, "resumed")
	if _, can := s.saved[n]; resumed && !can {
		if s.rec.Record(medml.TrialStarted{Trial: start, Resumed: true}) == nil {
			rt.Fatalf("trial %d went on from nothing", n)
		}
		resumed = false
	}
	ok(rt, s.rec.Record(medml.TrialStarted{Trial: start, Resumed: resumed}))
	s.settle()
	runs := s.cut(n, resumed)
	s.trials[n] = start
	s.trials[n].Runs = runs
}

// cut returns the runs of trial n up to its checkpoint, which it forgets without keep.
func (s *modelStudy) cut(n int, keep bool) []medml.Run {
	c := s.saved[n]
	if !keep {
		delete(s.saved, n)
		return nil
	}
	var runs []medml.Run
	for _, r := range s.trials[n].Runs {
		for _, e := range r.Epochs {
			if c.epochs > 0 {
				runs = addEpoch(runs, medml.EpochEnded{Number: n, Fold: r.Fold, Epoch: e})
			}
			c.epochs--
		}
	}
	return runs
}

// putBack makes trial n wait.
func (s *modelStudy) putBack(n int, keep bool) {
	runs, t := s.cut(n, keep), s.trials[n]
	s.trials[n] = waiting(n)
	s.trials[n].Runs, s.trials[n].Reason, s.trials[n].Retries = runs, t.Reason, t.Retries
}

// save keeps a checkpoint of a running trial.
func (m *machine) save(rt *rapid.T, s *modelStudy) {
	n := s.someTrial(rt, medml.Running)
	c := saved{s.withPending(n).Epochs(), rapid.StringN(0, 2, 4).Draw(rt, "state")}
	if s.rec.Record(medml.CheckpointSaved{Number: n, Epochs: c.epochs + 1}) == nil {
		rt.Fatalf("trial %d was saved after an epoch that it hasn't reported", n)
	}
	ok(rt, s.rec.Record(medml.CheckpointSaved{Number: n, Epochs: c.epochs, State: []byte(c.state)}))
	s.settle()
	s.saved[n], s.trials[n].Crashes = c, 0
}

func (m *machine) repeat(rt *rapid.T, s *modelStudy) {
	n := s.someTrial(rt, medml.Complete)
	r := medml.Repeat{
		Seed: len(s.trials[n].Repeats) + 1, Value: anyFloat.Draw(rt, "value"), Reason: rapid.String().Draw(rt, "reason"),
		Runs: complete(n).Runs[:rapid.IntRange(0, 2).Draw(rt, "runs")],
	}
	r.Weights = weightsOf(r.Runs)
	ok(rt, s.rec.Record(medml.RepeatEnded{Number: n, Repeat: r}))
	s.settle()
	s.trials[n].Repeats = append(slices.Clip(s.trials[n].Repeats), r)
}

func (m *machine) audit(rt *rapid.T, s *modelStudy) {
	n := s.someTrial(rt, medml.Pruned)
	r := medml.Repeat{Value: anyFloat.Draw(rt, "value"), Runs: complete(n).Runs[:rapid.IntRange(0, 2).Draw(rt, "runs")]}
	r.Weights = weightsOf(r.Runs)
	ok(rt, m.s.PutAudit(s.name, n, r))
	s.audits[n] = r
}

var anyFloat = rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{nan, math.Inf(1), math.Copysign(0, -1)}))

func (m *machine) epoch(rt *rapid.T, s *modelStudy) {
	n := s.someTrial(rt, medml.Running)
	e := medml.Epoch{Step: 1, Loss: anyFloat.Draw(rt, "loss"), ValidLoss: nan, Value: anyFloat.Draw(rt, "value"), Report: 0.5}
	fold := 0
	for _, r := range s.withPending(n).Runs {
		fold = r.Fold
		e.Step = r.Epochs[len(r.Epochs)-1].Step + 1
	}
	if rapid.Bool().Draw(rt, "next fold") {
		fold++
	}
	ev := medml.EpochEnded{Number: n, Fold: fold, Epoch: e}
	ok(rt, s.rec.Record(ev))
	s.pending = append(s.pending, ev)
}

// withPending returns trial n as it is once all is on disk.
func (s *modelStudy) withPending(n int) medml.Trial {
	t := s.trials[n]
	for _, ev := range s.pending {
		if ev.Number == n {
			t.Runs = addEpoch(t.Runs, ev)
		}
	}
	return t
}

func addEpoch(runs []medml.Run, ev medml.EpochEnded) []medml.Run {
	runs = slices.Clone(runs)
	if k := len(runs); k == 0 || runs[k-1].Fold != ev.Fold {
		runs = append(runs, medml.Run{Fold: ev.Fold, Value: nan})
	}
	last := &runs[len(runs)-1]
	last.Epochs = append(slices.Clone(last.Epochs), ev.Epoch)
	return runs
}

// settle puts what is pending on disk, as a state change does.
func (s *modelStudy) settle() {
	for _, ev := range s.pending {
		s.trials[ev.Number].Runs = addEpoch(s.trials[ev.Number].Runs, ev)
	}
	s.pending = nil
}

func (m *machine) end(rt *rapid.T, s *modelStudy) {
	n := s.someTrial(rt, medml.Running)
	end := complete(n)
	end.State = rapid.SampledFrom([]medml.State{medml.Complete, medml.Pruned, medml.Failed}).Draw(rt, "state")
	end.Value = anyFloat.Draw(rt, "value")
	end.Reason = rapid.String().Draw(rt, "reason")
	end.Runs = end.Runs[:rapid.IntRange(0, 2).Draw(rt, "runs")]
	end.Weights = weightsOf(end.Runs)
	if rapid.Bool().Draw(rt, "constrained") {
		end.Constraints = []float64{rapid.Float64Range(-1, 1).Draw(rt, "constraint")}
	}
	var model []byte
	if rapid.Bool().Draw(rt, "artifact") {
		model = []byte(rapid.StringN(0, 1, 4).Draw(rt, "model"))
	}
	ok(rt, s.rec.Record(medml.TrialEnded{Trial: end, Artifact: model}))
	s.settle()
	delete(s.saved, n)
	s.trials[n] = end
	if model != nil && end.State == medml.Complete {
		s.addModel(n, string(model))
	}
}

// addModel keeps an artifact, and those of the best trials alone.
func (s *modelStudy) addModel(n int, model string) {
	s.models[n] = model
	var with []medml.Trial
	for _, t := range s.trials {
		if _, has := s.models[t.Number]; has {
			with = append(with, t)
		}
	}
	ranked := medml.Snapshot{About: study("").About, Trials: with}.Ranked()
	for _, t := range ranked[min(keep, len(ranked)):] {
		delete(s.models, t.Number)
	}
}

func (m *machine) reset(rt *rapid.T, s *modelStudy) {
	n := s.someTrial(rt, medml.Running)
	t, keep := waiting(n), rapid.Bool().Draw(rt, "keep")
	t.Crashes, t.Retries, t.Reason = s.trials[n].Crashes, rapid.IntRange(0, 9).Draw(rt, "retries"), rapid.String().Draw(rt, "reason")
	ok(rt, s.rec.Record(medml.TrialReset{Trial: t, Keep: keep}))
	s.settle()
	t.Runs = s.cut(n, keep)
	s.trials[n] = t
}
