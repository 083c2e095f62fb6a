package tui

import (
	"slices"

	"medml"
)

// helpLines returns the keys and the marks, side by side where both fit.
func (m *model) helpLines(w int) []string {
	if w < 76 {
		return append(m.helpKeys(w), m.helpMarks(w)...)
	}
	left := (w - 3) / 2
	right := w - 3 - left
	keys, marks := m.helpKeys(left), m.helpMarks(right)
	h := max(len(keys), len(marks))
	return m.beside(m.fill(keys, left, h), m.fill(marks, right, h))
}

// drawHelp returns the part of the help that shows in w × h cells.
func (m *model) drawHelp(w, h int) []string {
	lines := m.helpLines(w)
	return m.fill(lines[max(0, min(m.helpTop, len(lines)-h)):], w, h)
}

func (m *model) helpKeys(w int) []string {
	var lines []string
	for _, part := range []struct {
		title string
		on    screen
	}{{"Keys", onBoard}, {"Keys in a trial's detail", onDetail}} {
		lines = append(lines, m.rule(w, part.title, ""))
		for _, b := range m.keys {
			told := part.on != onBoard && slices.Contains(b.on, onBoard)
			if told || !slices.Contains(b.on, part.on) {
				continue
			}
			lines = append(lines, m.row(w).space(1).cell(m.theme.mark, b.Help().Key, 8, false).space(1).add(ink{}, b.Help().Desc).line())
		}
	}
	return lines
}

func (m *model) helpMarks(w int) []string {
	lines := []string{m.rule(w, "Marks", "")}
	say := func(k ink, glyph, text string) {
		lines = append(lines, m.row(w).space(1).cell(k, glyph, 2, false).space(1).add(ink{}, text).line())
	}
	say(m.theme.best, m.glyphs.best, "the best complete trial")
	say(ink{}, m.glyphs.tied, "its interval holds the best value")
	if m.facts != nil && len(m.facts.Goals) > 1 {
		say(m.theme.best, m.front, "on the Pareto front")
	}
	if m.facts != nil && len(m.facts.Constraints) > 0 {
		say(m.alert, m.violated, "violates a constraint")
	}
	for _, s := range []struct {
		state medml.State
		text  string
	}{
		{medml.Complete, "complete: trained on every fold"},
		{medml.Running, "running"},
		{medml.Pruned, "pruned: stopped early"},
		{medml.Failed, "failed: its detail says why"},
		{medml.Waiting, "waiting for a worker"},
	} {
		say(m.states[s.state], m.glyphs.states[s.state], s.text)
	}
	if m.Control != nil {
		say(m.alert, m.held, "paused, or held up with its study")
	}
	lines = append(lines, m.rule(w, "Filter", ""))
	for _, text := range []string{"cnn pruned     both words occur", "filters=32     of a parameter", "17             trial 17"} {
		lines = append(lines, m.row(w).space(1).add(ink{}, text).line())
	}
	lines = append(lines, m.rule(w, "Leaving", ""))
	texts := []string{"The study stays as it is."}
	if m.Stop != nil && !m.ended {
		texts = []string{"q stops the sweep: running trials are", "put back, and the same command goes on", "from there. q again leaves at once."}
	}
	for _, text := range texts {
		lines = append(lines, m.row(w).space(1).add(m.dim, text).line())
	}
	return lines
}
