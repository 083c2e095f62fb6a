package tui

import (
	"fmt"
	"math"
	"strconv"

	"medml"
)

// aimLines tell a trial's objectives, where there are several, and how it stands to each
// constraint.
func (th theme) aimLines(f *facts, t medml.Trial, w int) []string {
	var lines []string
	if len(f.Goals) > 1 && len(t.Objectives) > 0 {
		r := th.row(w).add(th.dim, "objectives ")
		for j, g := range f.Goals {
			if j > 0 {
				r.space(3)
			}
			r.add(th.dim, clean(g.Metric)+" ").add(th.name, figure(objective(t, j)))
			r.add(th.dim, " ("+clean(string(g.Direction))+")")
		}
		lines = append(lines, r.line())
	}
	for i, lack := range t.Constraints {
		text := "constraint " + strconv.Itoa(i+1)
		if i < len(f.Constraints) {
			text = clean(f.Constraints[i])
		}
		r := th.row(w)
		if lack <= 0 {
			r.add(th.dim, "  "+text).add(th.dim, ": met")
		} else {
			r.add(th.alert, th.violated+" ").add(ink{}, text).add(th.alert, ": violated by "+number(lack))
		}
		lines = append(lines, r.line())
	}
	return lines
}

// seedLines is a table of the trainings from several seeds, nothing for a trial with one.
func (th theme) seedLines(f *facts, t medml.Trial, w int) []string {
	if len(t.Repeats) == 0 {
		return nil
	}
	values := []float64{t.Value}
	for _, r := range t.Repeats {
		values = append(values, r.Value)
	}
	note := "no mean: a training has no value"
	if sd := deviation(values); sd == sd {
		note = "mean " + number(t.Score()) + ", standard deviation " + number(sd)
	}
	lines := []string{th.rule(w, "Seeds", note)}
	line := func(seed int, value float64, text string) {
		r := th.row(w).cell(ink{}, strconv.Itoa(seed), 5, true).space(2).cell(ink{}, number(value), max(8, f.widths.value), true)
		lines = append(lines, r.space(2).add(th.dim, text).line())
	}
	own := "the search's own"
	if ci := th.interval(t.Low, t.High); ci != "" {
		own += ", 95 % CI " + ci
	}
	line(0, t.Value, own)
	for _, r := range t.Repeats {
		text := clean(r.Reason)
		if text == "" && len(r.Runs) > 0 {
			text = fmt.Sprintf("%s, %s", plural(len(r.Runs), "fold"), plural(medml.Trial{Runs: r.Runs}.Epochs(), "epoch"))
		}
		line(r.Seed, r.Value, text)
	}
	return lines
}

// deviation is the standard deviation of a sample, NaN for one without two numbers.
func deviation(xs []float64) float64 {
	m, sum := mean(xs), 0.0
	for _, x := range xs {
		sum += (x - m) * (x - m)
	}
	return math.Sqrt(sum / float64(len(xs)-1))
}
