package store

import (
	"math"

	"medml"
)

// header is a trial without the epochs of its runs and repeats, and how many epochs each
// of those has: first the runs, then the runs of each repeat.
type header struct {
	trial  medml.Trial
	epochs []int
	// runs are how many runs there are of which a header of format 1 says nothing else.
	runs int
}

func (h header) epochCount() int {
	n := 0
	for _, k := range h.epochs {
		n += k
	}
	return n
}

// allRuns returns a trial's runs and those of its repeats, in the order of a header.
func allRuns(t medml.Trial) []*medml.Run {
	var runs []*medml.Run
	for i := range t.Runs {
		runs = append(runs, &t.Runs[i])
	}
	for i := range t.Repeats {
		for j := range t.Repeats[i].Runs {
			runs = append(runs, &t.Repeats[i].Runs[j])
		}
	}
	return runs
}

// putHeader writes a trial without its number, which is its key, without its artifact,
// which stands in a bucket of its own, and without its epochs.
func (e *encoder) putHeader(t medml.Trial) {
	e.byte(byte(t.State))
	e.putParams(t.Params)
	e.float(t.Value)
	e.float(t.Low)
	e.float(t.High)
	e.floats(t.Objectives)
	e.floats(t.Constraints)
	e.hash(t.Weights)
	e.int(t.WeightCount)
	e.string(t.Reason)
	e.int(t.Retries)
	e.int(t.Crashes)
	e.time(t.Started)
	e.time(t.Ended)
	e.putRunHeads(t.Runs)
	e.count(len(t.Repeats))
	for _, r := range t.Repeats {
		e.putRepeatHead(r)
	}
}

func (d *decoder) header(number int) header {
	h := header{trial: medml.Trial{Number: number, State: d.state(), Params: d.params()}}
	t := &h.trial
	t.Value, t.Low, t.High = d.float(), d.float(), d.float()
	t.Objectives, t.Constraints = d.floats(), d.floats()
	t.Weights, t.WeightCount, t.Reason = d.hash(), d.int(), d.string()
	t.Retries, t.Crashes = d.int(), d.int()
	t.Started, t.Ended = d.time(), d.time()
	t.Runs = d.runHeads(&h.epochs)
	if n := d.count(minRepeatSize); n > 0 {
		t.Repeats = make([]medml.Repeat, n)
	}
	for i := range t.Repeats {
		t.Repeats[i] = d.repeatHead(&h.epochs)
	}
	return h
}

func (d *decoder) state() medml.State {
	s := medml.State(d.byte())
	if s > medml.Failed {
		d.fail("its state is %d", s)
	}
	return s
}

func (e *encoder) floats(list []float64) {
	e.count(len(list))
	for _, x := range list {
		e.float(x)
	}
}

func (d *decoder) floats() []float64 {
	n := d.count(8)
	if n == 0 {
		return nil
	}
	list := make([]float64, n)
	for i := range list {
		list[i] = d.float()
	}
	return list
}

// Sizes of the smallest run, measure and repeat in a header, and of an epoch's figures,
// in bytes.
const (
	minRunSize     = 8 + 8 + 4 + 1 + 4
	minMeasureSize = 4 + 8
	minRepeatSize  = 8 + 8 + 1 + 4 + 4
	figuresSize    = 4 * 8
	// maxEpochs is how many epochs a run can have: their record would outgrow bbolt.
	maxEpochs = 1 << 24
)

func (e *encoder) putRunHeads(runs []medml.Run) {
	e.count(len(runs))
	for _, r := range runs {
		e.int(r.Fold)
		e.float(r.Value)
		e.count(len(r.Measures))
		for _, m := range r.Measures {
			e.string(m.Name)
			e.float(m.Value)
		}
		e.hash(r.Weights)
		e.count(len(r.Epochs))
	}
}

// runHeads reads runs without epochs and appends how many epochs each has.
func (d *decoder) runHeads(epochs *[]int) []medml.Run {
	n := d.count(minRunSize)
	if n == 0 {
		return nil
	}
	runs := make([]medml.Run, n)
	for i := range runs {
		r := &runs[i]
		r.Fold, r.Value = d.int(), d.float()
		if n := d.count(minMeasureSize); n > 0 {
			r.Measures = make([]medml.Measure, n)
		}
		for j := range r.Measures {
			r.Measures[j] = medml.Measure{Name: d.word(), Value: d.float()}
		}
		r.Weights = d.hash()
		k := d.uint32()
		if k > maxEpochs {
			d.fail("a run has %d epochs", k)
			k = 0
		}
		*epochs = append(*epochs, k)
	}
	return runs
}

func (e *encoder) putRepeatHead(r medml.Repeat) {
	e.int(r.Seed)
	e.float(r.Value)
	e.hash(r.Weights)
	e.string(r.Reason)
	e.putRunHeads(r.Runs)
}

func (d *decoder) repeatHead(epochs *[]int) medml.Repeat {
	r := medml.Repeat{Seed: d.int(), Value: d.float(), Weights: d.hash(), Reason: d.string()}
	r.Runs = d.runHeads(epochs)
	return r
}

// putAudit writes a repeat whole: its head, then its curves.
func (e *encoder) putAudit(r medml.Repeat) {
	e.putRepeatHead(r)
	e.putCurves(allRuns(medml.Trial{Runs: r.Runs}))
}

func (d *decoder) audit() medml.Repeat {
	var epochs []int
	r := d.repeatHead(&epochs)
	d.curves(allRuns(medml.Trial{Runs: r.Runs}), epochs)
	return r
}

// waiting is what is left of a trial whose run was interrupted: its number, parameters
// and history.
func waiting(t medml.Trial) medml.Trial {
	nan := math.NaN()
	return medml.Trial{
		Number: t.Number, State: medml.Waiting, Params: t.Params, Value: nan, Low: nan, High: nan,
		Reason: t.Reason, Retries: t.Retries, Crashes: t.Crashes,
	}
}

// crashed is what is left of a trial under which the process died.
func crashed(t medml.Trial) medml.Trial {
	t = waiting(t)
	t.Crashes++
	return t
}
