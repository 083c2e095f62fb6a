package tui

import (
	"fmt"
	"strconv"

	"medml"
)

// drawHeader returns the study in n lines of w cells, the most important first: what it
// is and its state, how far it is, its best value, its counts.
func (th theme) drawHeader(f *facts, w, n int) []string {
	lines := []string{th.titleLine(f, w), th.budgetLine(f, w), th.bestLine(f, w), th.countsLine(f, w)}
	return lines[:min(n, len(lines))]
}

func (th theme) titleLine(f *facts, w int) string {
	state := join(" ", th.study[f.State], clean(string(f.State)))
	left := th.row(w - width(state) - 2)
	left.add(th.mark, "medml").space(2).add(th.name, clean(f.Study))
	if text := clean(f.Description); text != "" && left.room() > 12 {
		left.space(2).add(th.dim, text)
	}
	r := th.row(w)
	r.b.WriteString(left.line())
	r.used = left.width
	k := th.mark
	switch f.State {
	case medml.StudyComplete:
		k = th.best
	case medml.StudyInterrupted, medml.StudyPaused:
		k = th.alert
	}
	return r.end(k, state).line()
}

func (th theme) budgetLine(f *facts, w int) string {
	right := ""
	switch {
	case f.State == medml.StudyPaused:
		right = plural(f.counts.Running, "trial") + " held up"
	case f.State == medml.StudyRunning && f.Workers > 0:
		right = fmt.Sprintf("%d of %s busy", f.counts.Running, plural(f.Workers, "worker"))
	}
	times := clock(f.Elapsed) + " elapsed"
	if left, ok := f.Remaining(); ok {
		times = join("  ", times, "~"+clock(left)+" left")
	}
	text := trialsDone(f.Snapshot, f.counts) + "  " + times
	r := th.row(w)
	if share, ok := f.share(); ok {
		if bar := min(40, w-width(text)-width(right)-6); bar >= 5 {
			th.gauge(r, share, bar)
			r.space(2)
		}
	}
	r.add(ink{}, text)
	return r.end(th.dim, right).line()
}

// trialsDone returns "23/60 trials", or "23 trials" without a budget.
func trialsDone(s medml.Snapshot, c medml.Counts) string {
	if s.Budget > 0 {
		return fmt.Sprintf("%d/%d trials", c.Finished(), s.Budget)
	}
	return plural(c.Finished(), "trial")
}

func (th theme) bestLine(f *facts, w int) string {
	r := th.row(w)
	if f.best < 0 {
		r.add(th.dim, "no trial has completed yet")
	} else {
		t := f.Trials[f.best]
		r.add(th.best, th.glyphs.best+" "+number(t.Score()))
		if ci := th.shownInterval(t); ci != "" {
			r.add(th.dim, "  95 % CI ").add(ink{}, ci)
		}
		r.add(th.dim, "  trial ").add(ink{}, join(", ", strconv.Itoa(t.Number), clean(t.Architecture())))
		if n := len(t.Repeats); n > 0 {
			r.addIf(th.dim, fmt.Sprintf("  over %d seeds", n+1))
		}
		if n := count(f.front); n > 0 {
			r.addIf(th.best, fmt.Sprintf("  %s %d on the front", th.front, n))
		}
	}
	return r.end(th.dim, f.aims()).line()
}

// aims says what the study looks for: "maximize auroc", "maximize auroc, minimize weights".
func (f *facts) aims() string {
	if len(f.Goals) < 2 {
		return join(" ", clean(string(f.Direction)), metricName(f))
	}
	var aims []string
	for _, g := range f.Goals {
		aims = append(aims, join(" ", clean(string(g.Direction)), clean(g.Metric)))
	}
	return join(", ", aims...)
}

func (th theme) countsLine(f *facts, w int) string {
	r := th.row(w)
	for _, c := range th.countWords(f.counts) {
		if r.used > 0 {
			r.space(3)
		}
		r.addIf(c.ink, c.text)
	}
	search := join(" "+th.dot+" ", clean(f.Sampler), clean(f.Pruner), "seed "+strconv.FormatUint(f.Seed, 10))
	return r.end(th.dim, search).line()
}

type inked struct {
	ink  ink
	text string
}

// countWords returns how many trials are in each state, those that run first.
func (th theme) countWords(c medml.Counts) []inked {
	var words []inked
	for _, s := range []struct {
		state medml.State
		n     int
	}{
		{medml.Complete, c.Complete}, {medml.Running, c.Running}, {medml.Pruned, c.Pruned},
		{medml.Failed, c.Failed}, {medml.Waiting, c.Waiting},
	} {
		k := th.states[s.state]
		if s.n == 0 {
			k = th.dim
		}
		words = append(words, inked{k, fmt.Sprintf("%s %d %s", th.glyphs.states[s.state], s.n, s.state)})
	}
	return words
}

// ProgressLine returns the study in one line, in ASCII where its names are: "23/60
// trials  best 0.9951 (trial 17, cnn)  2 running  00:41 elapsed  ~01:06 left".
func ProgressLine(s medml.Snapshot) string {
	c := s.Counts()
	parts := []string{trialsDone(s, c)}
	if t, ok := s.Best(); ok {
		parts = append(parts, fmt.Sprintf("best %s (trial %s)", number(t.Score()), join(", ", strconv.Itoa(t.Number), clean(t.Architecture()))))
	}
	if c.Failed > 0 {
		parts = append(parts, strconv.Itoa(c.Failed)+" failed")
	}
	if s.State == medml.StudyRunning {
		parts = append(parts, strconv.Itoa(c.Running)+" running")
	} else if s.State != "" {
		parts = append(parts, clean(string(s.State)))
	}
	parts = append(parts, clock(s.Elapsed)+" elapsed")
	if left, ok := s.Remaining(); ok {
		parts = append(parts, "~"+clock(left)+" left")
	}
	return join("  ", parts...)
}
