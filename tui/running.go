package tui

import (
	"fmt"
	"math"
	"strconv"

	"medml"
)

// drawRunning returns the running trials in w × h cells: two lines each where there is
// room (what it is, how far it is), else one.
func (th theme) drawRunning(f *facts, w, h int) []string {
	lines := []string{th.rule(w, "Running", "")}
	if len(f.running) == 0 {
		return th.fill(append(lines, th.note(w, "no trial is running")), w, h)
	}
	tall := 2*len(f.running) <= h-1
	for n, i := range f.running {
		if left := len(f.running) - n; len(lines) == h-1 && left > 1 {
			lines = append(lines, th.note(w, fmt.Sprintf("and %d more", left)))
			break
		}
		t := f.Trials[i]
		if tall {
			lines = append(lines, th.runningWhat(f, t, w), th.runningHow(f, t, w))
		} else {
			lines = append(lines, th.runningShort(f, t, w))
		}
	}
	return th.fill(lines, w, h)
}

// where says at which fold and epoch of the fold a running trial is, counting from 1,
// and how much of all its epochs is done if no fold ends early.
func where(f *facts, t medml.Trial) (fold, epoch int, share float64) {
	fold = 1
	if n := len(t.Runs); n > 0 {
		fold, epoch = t.Runs[n-1].Fold+1, len(t.Runs[n-1].Epochs)
	}
	if f.Folds > 0 {
		share = float64(fold-1) / float64(f.Folds)
		if f.Epochs > 0 {
			share += float64(epoch) / float64(f.Folds*f.Epochs)
		}
	}
	return fold, epoch, min(1, share)
}

// of returns "3/5", or "3" where the whole isn't known.
func of(n, whole int) string {
	if whole <= 0 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d/%d", n, whole)
}

func (th theme) runningWhat(f *facts, t medml.Trial, w int) string {
	fold, epoch, _ := where(f, t)
	r := th.row(w)
	r.add(th.stateInk(f, t), cut(th.stateWord(f, t), 1)).space(1)
	r.cell(th.name, strconv.Itoa(t.Number), 3, true).space(1)
	r.cell(ink{}, clean(t.Architecture()), min(f.widths.arch, 12), false)
	folds, epochs := " fold "+of(fold, f.Folds), " epoch "+of(epoch, f.Epochs)
	if f.Folds <= 1 {
		folds = ""
	}
	if len(folds)+len(epochs) > r.room() {
		folds, epochs = " "+of(fold, f.Folds), " "+of(epoch, f.Epochs)
	}
	return r.addIf(th.dim, folds).addIf(th.dim, epochs).line()
}

func (th theme) runningHow(f *facts, t medml.Trial, w int) string {
	_, _, share := where(f, t)
	r := th.row(w).space(6)
	th.gauge(r, share, min(12, w/4))
	r.space(1).cell(ink{}, strconv.Itoa(int(share*100))+"%", 4, true).space(1)
	r.cell(th.dim, took(f.seconds(t)), 5, true).space(1)
	r.addIf(ink{}, number(lastValue(t))).space(1)
	return r.add(th.curve, th.spark(lastCurve(t), min(20, r.room()))).line()
}

func (th theme) runningShort(f *facts, t medml.Trial, w int) string {
	fold, epoch, share := where(f, t)
	r := th.row(w)
	r.add(th.stateInk(f, t), cut(th.stateWord(f, t), 1)).space(1)
	r.cell(th.name, strconv.Itoa(t.Number), 3, true).space(1)
	r.cell(ink{}, clean(t.Architecture()), min(f.widths.arch, max(4, w/4)), false).space(1)
	progress := of(epoch, f.Epochs)
	if f.Folds > 1 {
		progress = of(fold, f.Folds) + " " + progress
	}
	r.addIf(th.dim, progress).space(1)
	r.addIf(ink{}, number(lastValue(t))).space(1)
	th.gauge(r, share, min(10, r.room()))
	if r.room() > 4 {
		r.space(1).add(th.curve, th.spark(lastCurve(t), min(20, r.room())))
	}
	return r.line()
}

// lastCurve returns the metric by epoch of the fold that is being trained, or of the one
// before as long as that has none.
func lastCurve(t medml.Trial) []float64 {
	for r := len(t.Runs) - 1; r >= 0; r-- {
		if es := t.Runs[r].Epochs; len(es) > 0 {
			xs := make([]float64, len(es))
			for i, e := range es {
				xs[i] = e.Value
			}
			return xs
		}
	}
	return nil
}

// drawArchitectures returns the architectures in w × h cells, the one with the best
// trial first.
func (th theme) drawArchitectures(f *facts, w, h int) []string {
	name := min(f.widths.arch, max(6, w-21-max(6, f.widths.value)))
	head := th.row(w).space(1).cell(th.head, "arch", name, false)
	for _, c := range []string{"trials", "complete", "best"} {
		head.space(2).cell(th.head, c, max(6, len(c)), true)
	}
	lines := []string{th.rule(w, "Architectures", ""), head.line()}
	if len(f.archs) == 0 {
		lines[1] = th.note(w, "no trial has started yet")
	}
	for _, a := range f.archs {
		r := th.row(w).space(1).cell(ink{}, a.name, name, false)
		r.space(2).cell(ink{}, strconv.Itoa(a.trials), 6, true)
		r.space(2).cell(ink{}, strconv.Itoa(a.complete), 8, true).space(2)
		value, which := math.NaN(), ""
		if a.best >= 0 {
			value, which = f.Trials[a.best].Score(), "  trial "+strconv.Itoa(f.Trials[a.best].Number)
		}
		r.cell(th.bestIf(a.best >= 0 && a.best == f.best), number(value), max(6, f.widths.value), true).addIf(th.dim, which)
		lines = append(lines, r.line())
	}
	return th.fill(lines, w, h)
}

func (th theme) bestIf(best bool) ink {
	if best {
		return th.best
	}
	return ink{}
}
