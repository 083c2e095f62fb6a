package store

import "medml"

// Format 1 had the runs of a trial whole in a bucket of their own, of which the header
// told the number, and neither checkpoints nor artifacts nor audits. What follows reads
// it; nothing writes it any more.

const (
	runsBucket1 = "runs"
	minRunSize1 = 8 + 8 + 4 + 4 + 4
	epochSize1  = 8 + figuresSize
)

func (d *decoder) header1(number int) header {
	h := header{trial: medml.Trial{Number: number, State: d.state(), Params: d.params()}}
	t := &h.trial
	t.Value, t.Low, t.High = d.float(), d.float(), d.float()
	t.Weights, t.WeightCount, t.Reason = d.string(), d.int(), d.string()
	t.Started, t.Ended = d.time(), d.time()
	h.runs = d.uint32()
	return h
}

func (d *decoder) runs1() []medml.Run {
	n := d.count(minRunSize1)
	if n == 0 {
		return nil
	}
	runs := make([]medml.Run, n)
	for i := range runs {
		runs[i] = d.run1()
	}
	return runs
}

func (d *decoder) run1() medml.Run {
	r := medml.Run{Fold: d.int(), Value: d.float()}
	if n := d.count(minMeasureSize); n > 0 {
		r.Measures = make([]medml.Measure, n)
	}
	for i := range r.Measures {
		r.Measures[i] = medml.Measure{Name: d.word(), Value: d.float()}
	}
	r.Weights = d.string()
	if n := d.count(epochSize1); n > 0 {
		r.Epochs = make([]medml.Epoch, n)
	}
	for i := range r.Epochs {
		r.Epochs[i] = d.figures(d.int())
	}
	return r
}

func (d *decoder) tally1() tally {
	t := tally{states: d.states()}
	t.live, t.best, t.value, t.latest = d.int(), d.int(), d.float(), d.time()
	return t
}
