package tui

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"medml"
)

// TableOptions are how a leaderboard is written.
type TableOptions struct {
	Width int  // cells of a line at most; 0 for no limit
	Top   int  // trials at most; 0 for all
	Color bool // with the colours that the output can show
	ASCII bool // marks in ASCII
}

// lineLimit is the width of a line without a limit.
const lineLimit = 1 << 16

// Table writes a study's leaderboard as aligned text, and beneath it the best trial with
// its 95 % confidence interval, the references to compare it with, and the trials by
// state and by architecture.
func Table(w io.Writer, s medml.Snapshot, o TableOptions) error {
	th := newTheme(rendererFor(w, o.Color), o.ASCII)
	f := survey(s, nil)
	var b strings.Builder
	th.tableRows(&b, f, o)
	th.tableFoot(&b, f, o)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the leaderboard of %s: %w", s.Study, err)
	}
	return nil
}

func (th theme) tableRows(b *strings.Builder, f *facts, o TableOptions) {
	var all []column
	for _, c := range th.columns(f) {
		if c.name != curveColumn {
			all = append(all, c)
		}
	}
	wide := o.Width
	if wide <= 0 {
		wide = lineLimit
	}
	p := boardPlan{}
	p.columns, p.gap = fit(all, wide-2)
	shown := f.ranked
	if o.Top > 0 && o.Top < len(shown) {
		shown = shown[:o.Top]
	}
	head := th.row(wide).space(2)
	for i, c := range p.columns {
		if i > 0 {
			head.space(p.gap)
		}
		head.cell(th.head, c.head, tableWidth(c), c.right)
	}
	writeLine(b, head.text())
	for _, i := range shown {
		writeLine(b, th.tableRow(f, i, p, wide))
	}
	if n := len(f.ranked) - len(shown); n > 0 {
		writeLine(b, th.dim.paint(fmt.Sprintf("  and %s more", plural(n, "trial"))))
	}
	if len(f.ranked) == 0 {
		writeLine(b, th.dim.paint("  no trial has started yet"))
	}
}

func (th theme) tableRow(f *facts, i int, p boardPlan, wide int) string {
	r := th.row(wide)
	th.standing(r, f, i)
	for at, c := range p.columns {
		if at > 0 {
			r.space(p.gap)
		}
		k := ink{}
		if c.ink != nil {
			k = c.ink(f, i)
		}
		if c.stretch {
			r.add(k, c.text(f, i))
		} else {
			r.cell(k, c.text(f, i), c.width, c.right)
		}
	}
	return r.text()
}

// tableWidth is a column's width; a last one that stretches isn't padded.
func tableWidth(c column) int {
	if c.stretch {
		return width(c.head)
	}
	return c.width
}

// writeLine writes a line without the blanks at its end.
func writeLine(b *strings.Builder, s string) {
	b.WriteString(strings.TrimRight(s, " "))
	b.WriteByte('\n')
}

func (th theme) tableFoot(b *strings.Builder, f *facts, o TableOptions) {
	writeLine(b, "")
	if f.best >= 0 {
		t := f.Trials[f.best]
		text := fmt.Sprintf("%s best %s %s", th.glyphs.best, metricName(f), number(t.Score()))
		if ci := th.shownInterval(t); ci != "" {
			text += ", 95 % CI " + ci
		}
		if n := len(t.Repeats); n > 0 {
			text += fmt.Sprintf(", over %d seeds", n+1)
		}
		writeLine(b, th.best.paint(text)+", trial "+join(", ", strconv.Itoa(t.Number), clean(t.Architecture())))
		if n := count(f.tied); n > 0 {
			writeLine(b, th.glyphs.tied+" "+plural(n, "further trial")+" whose interval holds the best value")
		}
	}
	if n := count(f.front); n > 0 {
		writeLine(b, th.front+" "+plural(n, "trial")+" on the Pareto front ("+f.aims()+")")
	}
	if n := f.violating(); n > 0 {
		writeLine(b, th.violated+" "+plural(n, "trial")+" "+verb(n, "violates", "violate")+" a constraint: "+clean(strings.Join(f.Constraints, ", ")))
	}
	for _, r := range f.References {
		writeLine(b, "  for comparison: "+th.reference(f, r))
	}
	var words []string
	for _, c := range th.countWords(f.counts) {
		words = append(words, strings.SplitN(c.text, " ", 2)[1])
	}
	writeLine(b, "  "+trialsDone(f.Snapshot, f.counts)+": "+strings.Join(words, ", "))
	for _, a := range f.archs {
		r := th.row(lineLimit).space(2).cell(ink{}, a.name, f.widths.arch, false)
		r.add(ink{}, fmt.Sprintf("  %4d trials  %4d complete", a.trials, a.complete))
		if a.best >= 0 {
			t := f.Trials[a.best]
			r.add(ink{}, fmt.Sprintf("  best %s (trial %d)", number(t.Score()), t.Number))
		}
		writeLine(b, r.text())
	}
}

// reference returns "logistic regression 0.9947 ± 0.0056 (source)", with the metric before
// the number where it isn't the study's.
func (th theme) reference(f *facts, r medml.Reference) string {
	metric := ""
	if r.Metric != f.Metric {
		metric = clean(r.Metric)
	}
	text := join(" ", clean(r.Name), metric, number(r.Value))
	if r.SD > 0 {
		text += " " + th.plusMinus + " " + number(r.SD)
	}
	if r.Source != "" {
		text += " (" + clean(r.Source) + ")"
	}
	return text
}

func (f *facts) violating() int {
	n := 0
	for i := range f.Trials {
		if f.violates(i) {
			n++
		}
	}
	return n
}

// verb is the form of a verb for n.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func count(marks []bool) int {
	n := 0
	for _, m := range marks {
		if m {
			n++
		}
	}
	return n
}
