package search

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/c-bata/goptuna"

	"medml"
)

// Study proposes trials and learns from what becomes of them, as [medml.Study] says. It
// is used by one goroutine at a time.
type Study struct {
	config  Config
	dims    []dimension
	ledger  *ledger
	view    *view
	study   *goptuna.Study // over the view
	sampler sampler
	pruner  pruner

	// In what follows, as in the ledger, the warm trials have the first numbers, and those of
	// the study follow.

	// count is how many trials there are.
	count int
	// params are what the trials that haven't ended were given; nil or incomplete for one
	// of the queue that has yet to be proposed.
	params map[int]medml.Params
	// queue holds the numbers that are asked for before a new one, rising: trials that
	// wait, and numbers that the past left out.
	queue []int
	// settled is the first number whose trial hasn't ended.
	settled int
	// given is the lowest number to which a configuration was given.
	given map[configKey]int32
	// progress is that of the trials that have ended, as far as all before them have.
	progress progress
	// combos are the combinations of a finite space, listed when they are first needed.
	combos *combinations
	// unused says which warm trials are of no use.
	unused []error
}

var _ medml.Study = (*Study)(nil)

// New builds a study over the space that goes on from past, trials with distinct numbers
// in any order. Those that have ended count with their value and the intermediate values
// of their runs; those waiting or running are asked for again, with the parameters they
// have. A waiting trial may have some parameters only, or none; the others are drawn
// when it is asked for. The first trials that past hasn't got are those of c.Initial. A
// fault of c is reported as joined [FieldError]s.
func New(space medml.Space, c Config, past []medml.Trial) (*Study, error) {
	dims, sampler, err := c.build(space)
	if err != nil {
		return nil, err
	}
	s := &Study{config: c, dims: dims, sampler: sampler, progress: progress{best: math.NaN()},
		params: map[int]medml.Params{}, given: map[configKey]int32{}}
	s.ledger = newLedger(s.dims)
	s.view = newView(s.ledger, c.Lookback)
	s.view.past.goals = len(c.Goals)
	s.pruner, _ = pruners[c.Pruner.name()](c)
	if err := s.create(); err != nil {
		return nil, fmt.Errorf("create the study: %w", err)
	}
	if err := s.learn(c.Warm); err != nil {
		return nil, err
	}
	if err := s.replay(s.withInitial(past)); err != nil {
		return nil, err
	}
	return s, nil
}

// create makes the goptuna study.
func (s *Study) create() (err error) {
	searched := map[string]any{}
	for _, d := range s.dims {
		if d.distribution != nil {
			searched[d.Name] = d.distribution
		}
	}
	s.study, err = goptuna.CreateStudy("",
		goptuna.StudyOptionStorage(s.view),
		goptuna.StudyOptionDirection(goptuna.StudyDirectionMinimize),
		goptuna.StudyOptionSampler(s.sampler.independent),
		goptuna.StudyOptionRelativeSampler(s.sampler.relative),
		goptuna.StudyOptionPruner(s.pruner),
		goptuna.StudyOptionDefineSearchSpace(searched),
		goptuna.StudyOptionLogger(nil),
	)
	return err
}

// Describe returns a line each about the sampler and the pruner.
func (s *Study) Describe() (sampler, pruner string) {
	sampler = s.sampler.about
	if n := s.warm(); n > 0 {
		sampler += ", from " + counted(n, "warm trial")
	}
	return sampler, s.pruner.about
}

// Ask returns the next trial to run, as [medml.Study] says.
func (s *Study) Ask() (medml.Trial, error) {
	number, fresh := s.count, true
	if len(s.queue) > 0 {
		number, fresh = s.queue[0], false
	}
	s.view.past.begin(number)
	if fresh {
		if reason := s.spent(number); reason != "" {
			return medml.Trial{}, &medml.Done{Reason: reason}
		}
	}
	if k := s.config.Lookback; k > 0 && s.settled <= number-k {
		return medml.Trial{}, medml.ErrWait
	}
	if fresh {
		if reason := s.satisfied(); reason != "" {
			return medml.Trial{}, &medml.Done{Reason: reason}
		}
	}
	params, err := s.propose(number)
	if err != nil {
		return medml.Trial{}, fmt.Errorf("propose trial %d: %w", number-s.warm(), err)
	}
	if fresh {
		s.count++
	} else {
		s.queue = s.queue[1:]
	}
	s.params[number] = params
	nan := math.NaN()
	return medml.Trial{Number: number - s.warm(), State: medml.Running, Params: params, Value: nan, Low: nan, High: nan}, nil
}

// Report passes on an epoch of a running trial and says whether the trial should be
// pruned.
func (s *Study) Report(t medml.Trial, fold int, e medml.Epoch) (bool, error) {
	prune, err := s.report(t.Number+s.warm(), fold, e)
	if err != nil {
		return false, fmt.Errorf("report step %d of trial %d: %w", e.Step, t.Number, err)
	}
	return prune, nil
}

func (s *Study) report(number, fold int, e medml.Epoch) (bool, error) {
	if e.Step < 1 {
		return false, errors.New("steps count from 1")
	}
	if err := s.mustRun(number); err != nil {
		return false, err
	}
	s.view.past.begin(number)
	if err := s.view.SetTrialIntermediateValue(number, e.Step, s.minimised(e.Report)); err != nil {
		return false, err
	}
	if r := &s.ledger.history.trials[number]; s.endsFold(fold, e) && fold == len(r.folds) {
		r.folds = append(r.folds, s.minimised(e.Value))
	}
	frozen, err := s.view.GetTrial(number)
	if err != nil {
		return false, err
	}
	return s.study.Pruner.Prune(s.study, frozen)
}

// Tell gives the study a trial that has ended, or one that waits again because its run
// was interrupted. The intermediate values of its runs, if it has any, replace those that
// were reported.
func (s *Study) Tell(t medml.Trial) error {
	if err := s.tell(t); err != nil {
		return fmt.Errorf("tell trial %d: %w", t.Number, err)
	}
	return nil
}

func (s *Study) tell(t medml.Trial) error {
	t.Number += s.warm()
	if err := s.mustRun(t.Number); err != nil {
		return err
	}
	if t.State == medml.Waiting {
		s.ledger.history.trials[t.Number].outcome = outcome{}
		at, _ := slices.BinarySearch(s.queue, t.Number)
		s.queue = slices.Insert(s.queue, at, t.Number)
		return errors.Join(
			s.ledger.replaceCurve(t.Number, nil),
			s.ledger.SetTrialState(t.Number, goptuna.TrialStateWaiting))
	}
	state, ended := endStates[t.State]
	if !ended {
		return fmt.Errorf("its state is %v", t.State)
	}
	curve, err := s.curve(t)
	if err != nil {
		return err
	}
	o := s.outcomeOf(t)
	if len(curve) > 0 {
		err = s.ledger.replaceCurve(t.Number, curve)
	} else {
		o.folds = s.ledger.history.trials[t.Number].folds
	}
	s.ledger.history.trials[t.Number].outcome = o
	err = errors.Join(err,
		s.ledger.SetTrialValue(t.Number, s.minimised(t.Value)),
		s.ledger.SetTrialState(t.Number, state))
	delete(s.params, t.Number)
	s.settle()
	return err
}

var endStates = map[medml.State]goptuna.TrialState{
	medml.Complete: goptuna.TrialStateComplete,
	medml.Pruned:   goptuna.TrialStatePruned,
	medml.Failed:   goptuna.TrialStateFail,
}

// mustRun returns an error unless the trial is running.
func (s *Study) mustRun(number int) error {
	if number < s.warm() || number >= s.count {
		return goptuna.ErrInvalidTrialID
	}
	if s.ledger.history.trials[number].state != goptuna.TrialStateRunning {
		return errors.New("the trial isn't running")
	}
	return nil
}

// settle moves settled on over the trials that have ended.
func (s *Study) settle() {
	trials := s.ledger.history.trials
	for s.settled < len(trials) && trials[s.settled].state.IsFinished() {
		s.settled++
	}
}

// minimised returns a value of the objective as one that is better when lower.
func (s *Study) minimised(value float64) float64 {
	if s.config.Direction == medml.Maximize {
		return -value
	}
	return value
}

// curve returns the minimised values that the trial's epochs reported, by rising steps.
func (s *Study) curve(t medml.Trial) ([]point, error) {
	curve := make([]point, 0, t.Epochs())
	for _, run := range t.Runs {
		for _, e := range run.Epochs {
			curve = append(curve, point{e.Step, s.minimised(e.Report)})
		}
	}
	slices.SortFunc(curve, func(a, b point) int { return a.step - b.step })
	for i, p := range curve {
		if p.step < 1 || i > 0 && curve[i-1].step == p.step {
			return nil, fmt.Errorf("step %d stands twice in its runs, or below 1", p.step)
		}
	}
	return curve, nil
}
