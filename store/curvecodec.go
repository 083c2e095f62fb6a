package store

import "medml"

// How the steps of a run's epochs are written: they follow one another from the first, as
// they do unless an objective skips some, or each is listed.
const (
	stepsFollow byte = iota
	stepsListed
)

// putCurves writes the epochs of runs, whose headers say how many each has.
func (e *encoder) putCurves(runs []*medml.Run) {
	for _, r := range runs {
		e.putEpochs(r.Epochs)
	}
}

// curves reads the epochs of runs into them.
func (d *decoder) curves(runs []*medml.Run, epochs []int) {
	for i, r := range runs {
		r.Epochs = d.epochs(epochs[i])
	}
}

func (e *encoder) putEpochs(epochs []medml.Epoch) {
	if len(epochs) == 0 {
		return
	}
	e.int(epochs[0].Step)
	if follow(epochs) {
		e.byte(stepsFollow)
	} else {
		e.byte(stepsListed)
		for _, ep := range epochs[1:] {
			e.int(ep.Step)
		}
	}
	for _, ep := range epochs {
		e.putFigures(ep)
	}
}

// epochs reads n epochs.
func (d *decoder) epochs(n int) []medml.Epoch {
	if d.err == nil && n > len(d.b)/figuresSize {
		d.err = errShort
	}
	if n == 0 || d.err != nil {
		return nil
	}
	epochs := make([]medml.Epoch, n)
	epochs[0].Step = d.int()
	form := d.byte()
	for i := 1; i < n; i++ {
		epochs[i].Step = epochs[0].Step + i
		if form == stepsListed {
			epochs[i].Step = d.int()
		}
	}
	if form > stepsListed || form == stepsListed && follow(epochs) {
		d.fail("its steps have form %d", form)
	}
	for i := range epochs {
		epochs[i] = d.figures(epochs[i].Step)
	}
	return epochs
}

func follow(epochs []medml.Epoch) bool {
	for i, ep := range epochs {
		if ep.Step != epochs[0].Step+i {
			return false
		}
	}
	return true
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
