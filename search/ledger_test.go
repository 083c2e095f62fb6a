package search

import (
	"math"
	"strconv"
	"sync"
	"testing"

	"github.com/c-bata/goptuna"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"medml"
)

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var oneFloat = []dimension{newDimension(medml.Param{Name: "x", Low: 0, High: 1})}

// storages are what must keep goptuna's contract. The view sees everything here.
func storages(t *testing.T) map[string]goptuna.Storage {
	all := map[string]goptuna.Storage{"ledger": newLedger(oneFloat), "view": newView(newLedger(oneFloat), 0)}
	for _, s := range all {
		must[int](t)(s.CreateNewStudy("study"))
	}
	return all
}

// TestLedgerContract goes through what goptuna expects of a storage.
func TestLedgerContract(t *testing.T) {
	for name, s := range storages(t) {
		t.Run(name, func(t *testing.T) {
			t.Run("trials are numbered from 0 and run at once", func(t *testing.T) { numbersTrials(t, s) })
			t.Run("a trial is what was set", func(t *testing.T) { keepsWhatIsSet(t, s) })
			t.Run("a finished trial is immutable", func(t *testing.T) { finishedIsImmutable(t, s) })
			t.Run("a waiting trial is taken once", func(t *testing.T) { waitingIsTakenOnce(t, s) })
			t.Run("what is returned is a copy", func(t *testing.T) { returnsCopies(t, s) })
			t.Run("the best trial is a number and the earliest", func(t *testing.T) { bestIsANumber(t, s) })
			t.Run("unknown ids are told by their errors", func(t *testing.T) { unknownIDs(t, s) })
			t.Run("the study is what was set", func(t *testing.T) { keepsTheStudy(t, s) })
			t.Run("a deleted study leaves nothing", func(t *testing.T) { deletes(t, s) })
		})
	}
}

func numbersTrials(t *testing.T, s goptuna.Storage) {
	for want := range 3 {
		id := must[int](t)(s.CreateNewTrial(ledgerStudy))
		trial := must[goptuna.FrozenTrial](t)(s.GetTrial(id))
		number := must[int](t)(s.GetTrialNumberFromID(id))
		if number != want || trial.Number != want || trial.State != goptuna.TrialStateRunning || trial.StudyID != ledgerStudy {
			t.Errorf("trial %d, %d of study %d is %v, expected %d running", number, trial.Number, trial.StudyID, trial.State, want)
		}
		if study := must[int](t)(s.GetStudyIDFromTrialID(id)); study != ledgerStudy {
			t.Errorf("the study of trial %d is %d", id, study)
		}
	}
	if all := must[[]goptuna.FrozenTrial](t)(s.GetAllTrials(ledgerStudy)); len(all) != 3 {
		t.Errorf("%d trials, expected 3", len(all))
	}
}

func fill(t *testing.T, s goptuna.Storage, id int) {
	t.Helper()
	noError(t, s.SetTrialParam(id, "x", 0.25, goptuna.UniformDistribution{High: 1}))
	noError(t, s.SetTrialParam(id, "x", 0.5, goptuna.UniformDistribution{High: 1}))
	noError(t, s.SetTrialIntermediateValue(id, 1, math.NaN()))
	noError(t, s.SetTrialIntermediateValue(id, 2, 3))
	noError(t, s.SetTrialUserAttr(id, "user", "a"))
	noError(t, s.SetTrialSystemAttr(id, "system", "b"))
	noError(t, s.SetTrialValue(id, 4))
}

func keepsWhatIsSet(t *testing.T, s goptuna.Storage) {
	id := must[int](t)(s.CreateNewTrial(ledgerStudy))
	fill(t, s, id)
	if s.SetTrialIntermediateValue(id, 2, 3) == nil {
		t.Error("a step was set twice without an error")
	}
	if s.SetTrialParam(id, "y", 1, "no distribution") == nil {
		t.Error("a parameter was set with an unknown distribution without an error")
	}
	want := goptuna.FrozenTrial{
		ID: id, Number: id, StudyID: ledgerStudy, Value: 4,
		IntermediateValues: map[int]float64{1: math.NaN(), 2: 3},
		InternalParams:     map[string]float64{"x": 0.5},
		Params:             map[string]any{"x": 0.5},
		Distributions:      map[string]any{"x": goptuna.UniformDistribution{High: 1}},
		UserAttrs:          map[string]string{"user": "a"},
		SystemAttrs:        map[string]string{"system": "b"},
	}
	if d := cmp.Diff(want, must[goptuna.FrozenTrial](t)(s.GetTrial(id)), cmpopts.EquateNaNs()); d != "" {
		t.Error(d)
	}
	if x := must[float64](t)(s.GetTrialParam(id, "x")); x != 0.5 {
		t.Errorf("x is %v", x)
	}
	if _, err := s.GetTrialParam(id, "y"); err == nil {
		t.Error("a parameter that isn't there was returned")
	}
	clone := must[int](t)(s.CloneTrial(ledgerStudy, want))
	want.ID, want.Number = clone, clone
	if d := cmp.Diff(want, must[goptuna.FrozenTrial](t)(s.GetTrial(clone)), cmpopts.EquateNaNs()); d != "" {
		t.Error("clone: ", d)
	}
}

func finishedIsImmutable(t *testing.T, s goptuna.Storage) {
	for _, state := range []goptuna.TrialState{goptuna.TrialStateComplete, goptuna.TrialStatePruned, goptuna.TrialStateFail} {
		id := must[int](t)(s.CreateNewTrial(ledgerStudy))
		fill(t, s, id)
		noError(t, s.SetTrialState(id, state))
		before := must[goptuna.FrozenTrial](t)(s.GetTrial(id))
		for what, err := range map[string]error{
			"value":     s.SetTrialValue(id, 9),
			"step":      s.SetTrialIntermediateValue(id, 9, 9),
			"parameter": s.SetTrialParam(id, "x", 0.9, goptuna.UniformDistribution{High: 1}),
			"state":     s.SetTrialState(id, goptuna.TrialStateRunning),
			"same":      s.SetTrialState(id, state),
			"user":      s.SetTrialUserAttr(id, "user", "z"),
			"system":    s.SetTrialSystemAttr(id, "system", "z"),
		} {
			if err != goptuna.ErrTrialCannotBeUpdated {
				t.Errorf("%s of a trial that is %v: %v", what, state, err)
			}
		}
		if d := cmp.Diff(before, must[goptuna.FrozenTrial](t)(s.GetTrial(id)), cmpopts.EquateNaNs()); d != "" {
			t.Error(d)
		}
	}
}

func waitingIsTakenOnce(t *testing.T, s goptuna.Storage) {
	for range 20 {
		id := must[int](t)(s.CloneTrial(ledgerStudy, goptuna.FrozenTrial{State: goptuna.TrialStateWaiting}))
		var taken sync.WaitGroup
		won := make(chan int, 8)
		for worker := range 8 {
			taken.Go(func() {
				if s.SetTrialState(id, goptuna.TrialStateRunning) == nil {
					won <- worker
				}
			})
		}
		taken.Wait()
		if len(won) != 1 {
			t.Fatalf("%d workers took trial %d", len(won), id)
		}
	}
}

func returnsCopies(t *testing.T, s goptuna.Storage) {
	id := must[int](t)(s.CreateNewTrial(ledgerStudy))
	fill(t, s, id)
	before := must[goptuna.FrozenTrial](t)(s.GetTrial(id))
	all := must[[]goptuna.FrozenTrial](t)(s.GetAllTrials(ledgerStudy))
	for _, trial := range []goptuna.FrozenTrial{must[goptuna.FrozenTrial](t)(s.GetTrial(id)), all[id]} {
		clear(trial.IntermediateValues)
		clear(trial.InternalParams)
		clear(trial.Params)
		clear(trial.Distributions)
		clear(trial.UserAttrs)
		clear(trial.SystemAttrs)
	}
	clear(must[map[string]any](t)(s.GetTrialParams(id)))
	clear(must[map[string]string](t)(s.GetTrialUserAttrs(id)))
	clear(must[map[string]string](t)(s.GetTrialSystemAttrs(id)))
	if d := cmp.Diff(before, must[goptuna.FrozenTrial](t)(s.GetTrial(id)), cmpopts.EquateNaNs()); d != "" {
		t.Error(d)
	}
}

func bestIsANumber(t *testing.T, s goptuna.Storage) {
	noError(t, s.DeleteStudy(ledgerStudy))
	must[int](t)(s.CreateNewStudy("study"))
	if _, err := s.GetBestTrial(ledgerStudy); err != goptuna.ErrNoCompletedTrials {
		t.Errorf("without trials: %v", err)
	}
	for _, v := range []float64{math.NaN(), 2, 1, 1, 3} {
		id := must[int](t)(s.CreateNewTrial(ledgerStudy))
		noError(t, s.SetTrialValue(id, v))
		noError(t, s.SetTrialState(id, goptuna.TrialStateComplete))
	}
	pruned := must[int](t)(s.CreateNewTrial(ledgerStudy))
	noError(t, s.SetTrialValue(pruned, -1))
	noError(t, s.SetTrialState(pruned, goptuna.TrialStatePruned))
	for direction, want := range map[goptuna.StudyDirection]int{goptuna.StudyDirectionMinimize: 2, goptuna.StudyDirectionMaximize: 4} {
		noError(t, s.SetStudyDirection(ledgerStudy, direction))
		if best := must[goptuna.FrozenTrial](t)(s.GetBestTrial(ledgerStudy)); best.Number != want {
			t.Errorf("%s: the best is trial %d, expected %d", direction, best.Number, want)
		}
		summary := must[[]goptuna.StudySummary](t)(s.GetAllStudySummaries())[0]
		if summary.BestTrial.Number != want || summary.Direction != direction || summary.Name != "study" {
			t.Errorf("summary %+v", summary)
		}
	}
}

func unknownIDs(t *testing.T, s goptuna.Storage) {
	for _, id := range []int{-1, 1 << 20} {
		_, err := s.GetTrial(id)
		_, number := s.GetTrialNumberFromID(id)
		_, params := s.GetTrialParams(id)
		_, study := s.GetStudyIDFromTrialID(id)
		for _, err := range []error{err, number, params, study, s.SetTrialValue(id, 1), s.SetTrialState(id, goptuna.TrialStateFail)} {
			if err != goptuna.ErrInvalidTrialID {
				t.Errorf("trial %d: %v", id, err)
			}
		}
	}
	_, create := s.CreateNewTrial(2)
	_, all := s.GetAllTrials(2)
	_, best := s.GetBestTrial(2)
	_, direction := s.GetStudyDirection(2)
	_, attrs := s.GetStudyUserAttrs(2)
	for _, err := range []error{create, all, best, direction, attrs, s.DeleteStudy(2), s.SetStudyUserAttr(2, "a", "b")} {
		if err != goptuna.ErrInvalidStudyID {
			t.Errorf("study 2: %v", err)
		}
	}
	if _, err := s.GetStudyIDFromName("another"); err == nil {
		t.Error("a study of another name was found")
	}
	if _, err := s.CreateNewStudy("another"); err == nil {
		t.Error("a second study was created")
	}
}

func keepsTheStudy(t *testing.T, s goptuna.Storage) {
	noError(t, s.SetStudyUserAttr(ledgerStudy, "user", "a"))
	noError(t, s.SetStudySystemAttr(ledgerStudy, "system", "b"))
	clear(must[map[string]string](t)(s.GetStudyUserAttrs(ledgerStudy)))
	user := must[map[string]string](t)(s.GetStudyUserAttrs(ledgerStudy))
	system := must[map[string]string](t)(s.GetStudySystemAttrs(ledgerStudy))
	name := must[string](t)(s.GetStudyNameFromID(ledgerStudy))
	id := must[int](t)(s.GetStudyIDFromName("study"))
	if user["user"] != "a" || system["system"] != "b" || name != "study" || id != ledgerStudy {
		t.Error(user, system, name, id)
	}
}

func deletes(t *testing.T, s goptuna.Storage) {
	noError(t, s.DeleteStudy(ledgerStudy))
	if _, err := s.GetAllTrials(ledgerStudy); err != goptuna.ErrInvalidStudyID {
		t.Error(err)
	}
	if summaries := must[[]goptuna.StudySummary](t)(s.GetAllStudySummaries()); len(summaries) != 0 {
		t.Error(summaries)
	}
	must[int](t)(s.CreateNewStudy(""))
	if name := must[string](t)(s.GetStudyNameFromID(ledgerStudy)); name != "no-name-1" {
		t.Errorf("a study without a name is called %q", name)
	}
	if all := must[[]goptuna.FrozenTrial](t)(s.GetAllTrials(ledgerStudy)); len(all) != 0 {
		t.Errorf("%d trials are left", len(all))
	}
}

func TestLedgerServesManyAtOnce(t *testing.T) {
	l := newLedger(oneFloat)
	must[int](t)(l.CreateNewStudy("study"))
	var workers sync.WaitGroup
	for worker := range 8 {
		workers.Go(func() {
			for range 25 {
				id, err := l.CreateNewTrial(ledgerStudy)
				err2 := l.SetTrialParam(id, "x", 0.5, goptuna.UniformDistribution{High: 1})
				err3 := l.SetTrialSystemAttr(id, "worker", strconv.Itoa(worker))
				_, err4 := l.GetAllTrials(ledgerStudy)
				err5 := l.SetTrialState(id, goptuna.TrialStateComplete)
				for _, err := range []error{err, err2, err3, err4, err5} {
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	workers.Wait()
	for i, trial := range must[[]goptuna.FrozenTrial](t)(l.GetAllTrials(ledgerStudy)) {
		if trial.Number != i || trial.State != goptuna.TrialStateComplete || len(trial.Params) != 1 {
			t.Errorf("trial %d: %+v", i, trial)
		}
	}
}
