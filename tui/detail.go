package tui

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"medml"
)

// page is the view of one trial.
type page struct {
	number int
	losses bool // whether the chart shows losses rather than the metric
	top    int  // the first line shown
}

// reproduceCommand returns the command that trains the trial again.
func reproduceCommand(study string, number int) string {
	return "medml reproduce " + clean(study) + "/" + strconv.Itoa(number)
}

// drawDetail returns the part of a trial's page that shows in w × h cells, and how many
// lines the page has.
func (th theme) drawDetail(f *facts, p page, w, h int) ([]string, int) {
	i := f.trial(p.number)
	if i < 0 {
		return th.fill([]string{th.note(w, fmt.Sprintf("trial %d is gone", p.number))}, w, h), 1
	}
	t := f.Trials[i]
	lines := []string{th.detailTitle(f, i, w), th.detailValue(f, t, w)}
	if t.Reason != "" {
		lines = append(lines, th.row(w).add(th.stateInk(f, t), clean(t.Reason)).line())
	}
	lines = append(lines, th.aimLines(f, t, w)...)
	foot := append(th.seedLines(f, t, w), th.detailFoot(f, t, w)...)
	folds := th.foldLines(f, t, w)
	lines = append(lines, th.paramsAndCurve(f, t, p, w, h-len(lines)-len(folds)-len(foot))...)
	lines = append(append(lines, folds...), foot...)
	total := len(lines)
	top := max(0, min(p.top, total-h))
	return th.fill(lines[top:], w, h), total
}

func (th theme) detailTitle(f *facts, i int, w int) string {
	t := f.Trials[i]
	r := th.row(w).add(th.name, fmt.Sprintf("Trial %d", t.Number)).add(th.dim, " of ").add(ink{}, clean(f.Study))
	r.space(3).add(th.stateInk(f, t), th.stateWord(f, t))
	note := ""
	switch {
	case i == f.best:
		note = th.glyphs.best + " best"
	case f.place[i] > 0:
		note = "rank " + strconv.Itoa(f.place[i])
		switch {
		case f.front != nil && f.front[i]:
			note += ", " + th.front + " on the Pareto front"
		case f.violates(i):
			note += ", " + th.violated + " violates a constraint"
		case f.tied[i]:
			note += ", " + th.glyphs.tied + " level with the best"
		}
	}
	if note != "" {
		r.space(3).add(th.bestIf(i == f.best), note)
	}
	return r.end(ink{}, clean(t.Architecture())).line()
}

func (th theme) detailValue(f *facts, t medml.Trial, w int) string {
	r := th.row(w).add(th.dim, metricName(f)+" ").add(th.name, number(lastValue(t)))
	if n := len(t.Repeats); n > 0 {
		r.add(th.dim, fmt.Sprintf(", mean over %d seeds", n+1))
	}
	if ci := th.shownInterval(t); ci != "" {
		r.add(th.dim, "  95 % CI ").add(ink{}, ci)
	}
	r.addIf(th.dim, "  "+plural(t.Epochs(), "epoch"))
	if s := f.seconds(t); s > 0 {
		r.addIf(th.dim, "  "+took(s))
	}
	if t.WeightCount > 0 {
		r.addIf(th.dim, "  "+thousands(t.WeightCount)+" weights")
	}
	return r.line()
}

// thousands writes a count with commas: 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// paramsAndCurve returns the hyperparameters with the learning curves to their right, or
// below them on a narrow terminal; room is how many lines are free for both.
func (th theme) paramsAndCurve(f *facts, t medml.Trial, p page, w, room int) []string {
	left := max(30, min(48, w*2/5))
	beside := w >= middleWidth
	if !beside {
		left = w
	}
	params := th.paramLines(t, left)
	h := max(len(params), room, 8)
	if !beside {
		return append(params, th.drawCurves(f, t, p.losses, w, max(8, room-len(params)))...)
	}
	right := w - 3 - left
	if h >= 20 {
		// Both charts fit, one above the other.
		curves := append(th.drawCurves(f, t, false, right, h/2), th.drawCurves(f, t, true, right, h-h/2)...)
		return th.beside(th.fill(params, left, h), curves)
	}
	return th.beside(th.fill(params, left, h), th.drawCurves(f, t, p.losses, right, h))
}

func (th theme) paramLines(t medml.Trial, w int) []string {
	lines := []string{th.rule(w, "Parameters", "")}
	if len(t.Params) == 0 {
		lines = append(lines, th.note(w, "none"))
	}
	names, widest := paramNames(t.Params), 0
	for _, n := range names {
		widest = max(widest, width(n))
	}
	for i, p := range t.Params {
		r := th.row(w).space(1).cell(th.dim, names[i], min(widest, w-10), false).space(2)
		text := clean(p.Value.String())
		if p.Value.Kind() == medml.FloatKind && len(text) > 8 {
			text = strconv.FormatFloat(p.Value.Float(), 'g', 6, 64)
		}
		lines = append(lines, r.add(ink{}, text).line())
	}
	return lines
}

// paramNames returns the parameters' short names, or the whole paths of those that share
// theirs with another.
func paramNames(ps medml.Params) []string {
	uses := map[string]int{}
	for _, p := range ps {
		uses[medml.ShortName(p.Name)]++
	}
	names := make([]string, len(ps))
	for i, p := range ps {
		names[i] = clean(medml.ShortName(p.Name))
		if uses[medml.ShortName(p.Name)] > 1 {
			names[i] = clean(p.Name)
		}
	}
	return names
}

// foldLines returns a table of the runs: every measure after the last epoch, a line a
// fold, and their means.
func (th theme) foldLines(f *facts, t medml.Trial, w int) []string {
	lines := []string{th.rule(w, "Folds", "")}
	if len(t.Runs) == 0 {
		return append(lines, th.note(w, "nothing trained yet"))
	}
	names := measureNames(f, t)
	for len(names) > 1 && foldWidth(names) > w {
		names = names[:len(names)-1]
	}
	head := th.row(w).cell(th.head, "fold", 5, true).space(2).cell(th.head, "epochs", 6, true)
	for _, n := range append([]string{"loss", "valid loss"}, names...) {
		head.space(2).cell(th.head, n, measureWidth(n), true)
	}
	lines = append(lines, head.line())
	columns := make([][]float64, len(names)+2)
	for _, run := range t.Runs {
		r := th.row(w).cell(ink{}, strconv.Itoa(run.Fold+1), 5, true).space(2).cell(ink{}, strconv.Itoa(len(run.Epochs)), 6, true)
		for c, x := range runNumbers(f, run, names) {
			columns[c] = append(columns[c], x)
			r.space(2).cell(ink{}, number(x), measureWidth(columnName(c, names)), true)
		}
		lines = append(lines, r.line())
	}
	if len(t.Runs) < 2 {
		return lines
	}
	r := th.row(w).cell(th.dim, "mean", 5, true).space(8)
	for c, xs := range columns {
		r.space(2).cell(th.name, number(mean(xs)), measureWidth(columnName(c, names)), true)
	}
	return append(lines, r.line())
}

// foldWidth is how many cells the table of the runs takes with these measures.
func foldWidth(names []string) int {
	n := 15
	for c := range len(names) + 2 {
		n += 2 + measureWidth(columnName(c, names))
	}
	return n - 2
}

func columnName(c int, names []string) string {
	if c < 2 {
		return [...]string{"loss", "valid loss"}[c]
	}
	return names[c-2]
}

func measureWidth(name string) int { return min(16, max(8, width(name))) }

// measureNames returns the measures of the trial's runs, the objective's first.
func measureNames(f *facts, t medml.Trial) []string {
	names := []string{metricName(f)}
	for _, r := range t.Runs {
		if len(r.Measures) == 0 {
			continue
		}
		for _, m := range r.Measures {
			if m.Name != f.Metric {
				names = append(names, clean(m.Name))
			}
		}
		break
	}
	return names
}

// runNumbers returns a run's losses after its last epoch and its measures.
func runNumbers(f *facts, run medml.Run, names []string) []float64 {
	nan := math.NaN()
	out := []float64{nan, nan}
	value := run.Value
	if n := len(run.Epochs); n > 0 {
		last := run.Epochs[n-1]
		out[0], out[1] = last.Loss, last.ValidLoss
		if len(run.Measures) == 0 {
			value = last.Value // still training
		}
	}
	out = append(out, value)
	for _, name := range names[1:] {
		x := nan
		for _, m := range run.Measures {
			if clean(m.Name) == name {
				x = m.Value
			}
		}
		out = append(out, x)
	}
	return out
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// detailFoot returns the times, the hash of the weights and how to train it again.
func (th theme) detailFoot(f *facts, t medml.Trial, w int) []string {
	lines := []string{th.rule(w, "Record", "")}
	say := func(name, text string) {
		if text != "" {
			lines = append(lines, th.row(w).space(1).cell(th.dim, name, 9, false).space(2).add(ink{}, text).line())
		}
	}
	say("trained", wallClock(t.Started, t.Ended))
	if t.Retries > 0 {
		say("retried", times(t.Retries)+" after a fault")
	}
	if t.Crashes > 0 {
		say("crashed", "the process died under it "+times(t.Crashes))
	}
	say("weights", clean(t.Weights))
	if t.State == medml.Complete {
		say("reproduce", reproduceCommand(f.Study, t.Number))
	}
	return lines
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// wallClock says from when to when a trial ran, by the clock of who looks, "" for one that
// hasn't started.
func wallClock(from, to time.Time) string {
	const day, second = "2006-01-02 ", "15:04:05"
	if from.IsZero() {
		return ""
	}
	from = from.Local()
	if to.IsZero() {
		return "since " + from.Format(day+second+" MST")
	}
	to = to.Local()
	if from.Format(day) == to.Format(day) {
		return from.Format(day+second) + " to " + to.Format(second+" MST")
	}
	return from.Format(day+second) + " to " + to.Format(day+second+" MST")
}
