package tui

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"medml"
)

// drawHistory returns the chart of the best value so far in w × h cells: a dot for each
// complete trial, a line for the best up to it, and the references as tagged levels.
func (th theme) drawHistory(f *facts, w, h int) []string {
	lines := []string{th.rule(w, "Best "+metricName(f)+" so far", th.historyNote(f))}
	if len(f.points) == 0 {
		return th.fill(append(lines, th.note(w, "no trial has completed yet")), w, h)
	}
	p := plot{theme: th, w: w}
	p.y0, p.y1 = historyRange(f)
	refs := f.comparable()
	legend := th.legend(refs, p.y0, p.y1, w, min(len(refs), max(0, (h-3)/3)))
	p.h = h - 1 - len(legend)
	p.x0, p.x1 = f.points[0].number, max(f.points[len(f.points)-1].number, f.points[0].number+1)
	for i, r := range refs {
		p.levels = append(p.levels, level{r.Value, tag(i)})
	}
	dots := series{stroke: points, ink: th.points, mark: "."}
	best := series{stroke: solid, ink: th.best, mark: "*"}
	for i, pt := range f.points {
		dots.xs, dots.ys = append(dots.xs, pt.number), append(dots.ys, pt.value)
		if i > 0 {
			best.xs, best.ys = append(best.xs, pt.number), append(best.ys, f.points[i-1].best)
		}
		best.xs, best.ys = append(best.xs, pt.number), append(best.ys, pt.best)
	}
	best.xs, best.ys = append(best.xs, p.x1), append(best.ys, f.points[len(f.points)-1].best)
	p.series = []series{dots, best}
	return th.fill(append(append(lines, p.lines()...), legend...), w, h)
}

func metricName(f *facts) string {
	if f.Metric == "" {
		return "value"
	}
	return clean(f.Metric)
}

// historyNote says which trials the chart spans.
func (th theme) historyNote(f *facts) string {
	if len(f.points) == 0 {
		return ""
	}
	return "trials " + strconv.Itoa(int(f.points[0].number)) + " to " + strconv.Itoa(int(f.points[len(f.points)-1].number))
}

// comparable returns the references in the study's own metric.
func (f *facts) comparable() []medml.Reference {
	var refs []medml.Reference
	for _, r := range f.References {
		if r.Metric == "" || r.Metric == f.Metric {
			refs = append(refs, r)
		}
	}
	return refs
}

// tag is the letter of the i-th reference.
func tag(i int) string { return string(rune('a' + i%26)) }

// legend names the references in at most n lines, several on a line where they fit; an
// arrow stands for the tag of one above or below the chart's range.
func (th theme) legend(refs []medml.Reference, low, high float64, w, n int) []string {
	var lines []string
	r := th.row(w)
	for i, ref := range refs {
		mark := tag(i)
		if ref.Value > high {
			mark = th.up
		} else if ref.Value < low {
			mark = th.down
		}
		text := clean(ref.Name) + " " + number(ref.Value)
		if r.used > 0 && r.room() < width(text)+4 {
			lines = append(lines, r.line())
			r = th.row(w)
		}
		if len(lines) == n {
			return lines
		}
		if r.used > 0 {
			r.space(2)
		}
		r.add(th.alert, mark).space(1).add(th.dim, text)
	}
	if r.used > 0 && len(lines) < n {
		lines = append(lines, r.line())
	}
	return lines
}

// historyRange returns the y range of the chart. The better half of the values spans
// most of it, so that early bad trials don't flatten the rest; references nearby are
// taken in, and a score isn't shown beyond 1.
func historyRange(f *facts) (low, high float64) {
	values := make([]float64, len(f.points))
	for i, p := range f.points {
		values[i] = p.value
	}
	slices.Sort(values)
	worst, best := values[0], values[len(values)-1]
	if f.Direction == medml.Minimize {
		worst, best = best, worst
	}
	middle := values[len(values)/2]
	if len(values) < 4 {
		middle = worst
	}
	span := 1.25 * (middle - best) // signed: from the best towards the worse
	if span == 0 {
		span = worst - best
	}
	if (best+span < worst) == (worst < best) {
		span = worst - best
	}
	reach := math.Abs(span)
	if reach == 0 {
		reach = max(math.Abs(best)*0.01, 1e-6)
	}
	low, high = min(best, best+span), max(best, best+span)
	for _, r := range f.comparable() {
		if r.Value >= low-reach && r.Value <= high+reach {
			low, high = min(low, r.Value), max(high, r.Value)
		}
	}
	pad := max((high-low)*0.06, reach*0.06)
	low, high = low-pad, high+pad
	if top := values[len(values)-1]; top <= 1 && values[0] >= 0 && high > 1 {
		high = 1
	}
	return low, high
}

// note is a dim remark where a panel has nothing to show.
func (th theme) note(w int, text string) string {
	return th.row(w).space(1).add(th.dim, text).line()
}

// join returns the parts that aren't empty with a separator between them.
func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}
