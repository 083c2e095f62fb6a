package live

import (
	"errors"
	"fmt"
	"slices"

	"medml"
)

// known is what a client has of a study.
type known struct {
	version uint64
	after   int
	about   *medml.About
	trials  []medml.Trial
	// early are trials that came before one of a lower number has.
	early map[int]medml.Trial
	// generations are those of the running trials.
	generations map[int]uint64
}

// have says which epochs of running trials needn't be sent again.
func (k *known) have() []have {
	var out []have
	for n, g := range k.generations {
		if t := k.trial(n); t != nil && t.Epochs() > 0 {
			out = append(out, have{n, g, t.Epochs()})
		}
	}
	slices.SortFunc(out, func(a, b have) int { return a.Number - b.Number })
	return out[:min(len(out), mostHave)]
}

// mostHave keeps a request within its length; trials beyond it are sent whole.
const mostHave = 500

func (k *known) trial(number int) *medml.Trial {
	if number < len(k.trials) {
		return &k.trials[number]
	}
	if t, ok := k.early[number]; ok {
		return &t
	}
	return nil
}

// take adds a page.
func (k *known) take(p *page) error {
	if k.about == nil {
		k.about = p.About
	}
	if k.about == nil {
		return errors.New("the first page doesn't say what the study is")
	}
	if p.Total < len(k.trials) {
		return fmt.Errorf("%d trials of %d are gone", len(k.trials)-p.Total, len(k.trials))
	}
	if p.More && len(p.Trials) == 0 {
		return errors.New("a page that isn't the last is empty")
	}
	for _, t := range p.Trials {
		if t.Number < 0 || t.Number >= p.Total {
			return fmt.Errorf("trial %d of %d", t.Number, p.Total)
		}
		if err := k.put(t); err != nil {
			return err
		}
	}
	if !p.More && (len(k.trials) != p.Total || len(k.early) > 0) {
		return fmt.Errorf("%d of %d trials have come", len(k.trials)+len(k.early), p.Total)
	}
	k.version, k.after = p.Version, p.After
	return nil
}

// put keeps a trial in the place of its number.
func (k *known) put(w trial) error {
	t := w.trial()
	if w.Skipped > 0 {
		before := k.trial(t.Number)
		if before == nil || k.generations[t.Number] != w.Generation || before.Epochs() != w.Skipped {
			return fmt.Errorf("trial %d goes on from epoch %d, which hasn't come", t.Number, w.Skipped)
		}
		t.Runs = join(before.Runs, t.Runs)
	}
	if k.generations == nil {
		k.generations, k.early = map[int]uint64{}, map[int]medml.Trial{}
	}
	delete(k.generations, t.Number)
	if w.Generation > 0 {
		k.generations[t.Number] = w.Generation
	}
	switch n := t.Number; {
	case n < len(k.trials):
		k.trials[n] = t
	case n > len(k.trials):
		k.early[n] = t
	default:
		k.trials = append(k.trials, t)
		for next, ok := k.early[len(k.trials)]; ok; next, ok = k.early[len(k.trials)] {
			delete(k.early, len(k.trials))
			k.trials = append(k.trials, next)
		}
	}
	return nil
}

// snapshot returns the study as the last page left it.
func (k *known) snapshot(p *page) medml.Snapshot {
	return medml.Snapshot{
		About: *k.about, State: p.State, Reason: p.Reason, Trials: slices.Clone(k.trials),
		Budget: p.Budget, TimeBudget: p.TimeBudget, Workers: p.Workers,
		Elapsed: p.Elapsed, Taken: p.Taken, Resumed: p.Resumed,
	}
}
