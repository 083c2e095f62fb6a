package store

import (
	"math"

	"medml"
)

// putTrial writes a trial without its number, which is its key, and without its runs,
// which are a record of their own.
func (e *encoder) putTrial(t medml.Trial) {
	e.byte(byte(t.State))
	e.count(len(t.Params))
	for _, p := range t.Params {
		e.string(p.Name)
		e.putValue(p.Value)
	}
	e.float(t.Value)
	e.float(t.Low)
	e.float(t.High)
	e.string(t.Weights)
	e.int(t.WeightCount)
	e.string(t.Reason)
	e.time(t.Started)
	e.time(t.Ended)
	e.count(len(t.Runs))
}

// trial reads what putTrial wrote, and how many runs the trial has.
func (d *decoder) trial(number int) (medml.Trial, int) {
	t := medml.Trial{Number: number, State: medml.State(d.byte())}
	if t.State > medml.Failed {
		d.fail("its state is %d", t.State)
	}
	if n := d.count(4 + 1); n > 0 {
		t.Params = make(medml.Params, n)
	}
	for i := range t.Params {
		t.Params[i] = medml.Setting{Name: d.string(), Value: d.value()}
	}
	t.Value, t.Low, t.High = d.float(), d.float(), d.float()
	t.Weights, t.WeightCount, t.Reason = d.string(), d.int(), d.string()
	t.Started, t.Ended = d.time(), d.time()
	return t, d.uint32()
}

// uint32 reads a count of what isn't in this record.
func (d *decoder) uint32() int {
	b := d.take(4)
	return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
}

func (e *encoder) putValue(v medml.Value) {
	e.byte(byte(v.Kind()))
	switch v.Kind() {
	case medml.FloatKind:
		e.float(v.Float())
	case medml.IntKind:
		e.int(v.Int())
	case medml.BoolKind:
		e.byte(byte(v.Float()))
	case medml.StringKind:
		e.string(v.String())
	}
}

func (d *decoder) value() medml.Value {
	switch kind := medml.ValueKind(d.byte()); kind {
	case medml.NoneKind:
		return medml.Value{}
	case medml.FloatKind:
		return medml.FloatValue(d.float())
	case medml.IntKind:
		n := d.int()
		v := medml.IntValue(n)
		if v.Int() != n {
			d.fail("a whole number is %d", n)
		}
		return v
	case medml.BoolKind:
		b := d.byte()
		if b > 1 {
			d.fail("a truth value is %d", b)
		}
		return medml.BoolValue(b == 1)
	case medml.StringKind:
		return medml.StringValue(d.string())
	default:
		d.fail("a parameter's value has kind %d", kind)
		return medml.Value{}
	}
}

// Sizes of the smallest run, measure and epoch, in bytes.
const (
	minRunSize     = 8 + 8 + 4 + 4 + 4
	minMeasureSize = 4 + 8
	epochSize      = 8 + 4*8
)

func (e *encoder) putRuns(runs []medml.Run) {
	e.count(len(runs))
	for _, r := range runs {
		e.int(r.Fold)
		e.float(r.Value)
		e.count(len(r.Measures))
		for _, m := range r.Measures {
			e.string(m.Name)
			e.float(m.Value)
		}
		e.string(r.Weights)
		e.count(len(r.Epochs))
		for _, ep := range r.Epochs {
			e.int(ep.Step)
			e.putFigures(ep)
		}
	}
}

func (d *decoder) runs() []medml.Run {
	n := d.count(minRunSize)
	if n == 0 {
		return nil
	}
	runs := make([]medml.Run, n)
	for i := range runs {
		runs[i] = d.run()
	}
	return runs
}

func (d *decoder) run() medml.Run {
	r := medml.Run{Fold: d.int(), Value: d.float()}
	if n := d.count(minMeasureSize); n > 0 {
		r.Measures = make([]medml.Measure, n)
	}
	for i := range r.Measures {
		r.Measures[i] = medml.Measure{Name: d.string(), Value: d.float()}
	}
	r.Weights = d.string()
	if n := d.count(epochSize); n > 0 {
		r.Epochs = make([]medml.Epoch, n)
	}
	for i := range r.Epochs {
		r.Epochs[i] = d.figures(d.int())
	}
	return r
}

// putFigures writes an epoch without its step.
func (e *encoder) putFigures(ep medml.Epoch) {
	e.float(ep.Loss)
	e.float(ep.ValidLoss)
	e.float(ep.Value)
	e.float(ep.Report)
}

func (d *decoder) figures(step int) medml.Epoch {
	return medml.Epoch{Step: step, Loss: d.float(), ValidLoss: d.float(), Value: d.float(), Report: d.float()}
}

// waiting is what is left of a trial whose run was interrupted: its number and parameters.
func waiting(t medml.Trial) medml.Trial {
	nan := math.NaN()
	return medml.Trial{Number: t.Number, State: medml.Waiting, Params: t.Params, Value: nan, Low: nan, High: nan}
}
