package tui

import (
	"fmt"
	"slices"
	"strings"

	"medml"
)

// View draws the screen: a pure function of the facts, the size and the view.
func (m *model) View() string {
	if m.w <= 0 || m.h <= 0 {
		return ""
	}
	return strings.Join(m.lines(), "\n")
}

// lines returns the screen, as many lines as the terminal has, none wider than it.
func (m *model) lines() []string {
	switch {
	case m.facts == nil:
		return m.waitingLines()
	case m.layout().line:
		return m.oneLine()
	}
	var body []string
	on := m.screen
	if on == onAsk {
		on = m.under
	}
	switch on {
	case onDetail:
		body, _ = m.drawDetail(m.facts, m.page, m.w, m.h-1)
	case onHelp:
		body = m.drawHelp(m.w, m.h-1)
	default:
		body = m.drawBoard()
	}
	return append(body, m.bottom())
}

// waitingLines is the screen before the first reading.
func (m *model) waitingLines() []string {
	text := "reading the study" + m.ellipsis
	if m.err != nil {
		text = "cannot read the study: " + clean(m.err.Error())
	}
	lines := m.fill([]string{m.row(m.w).add(m.dim, text).line()}, m.w, m.h)
	if m.h > 1 {
		lines[m.h-1] = m.bottom()
	}
	return lines
}

// oneLine is the screen of a terminal too small for panels.
func (m *model) oneLine() []string {
	lines := m.fill([]string{m.row(m.w).add(ink{}, ProgressLine(m.facts.Snapshot)).line()}, m.w, m.h)
	if m.h > 2 {
		lines[m.h-1] = m.bottom()
	}
	return lines
}

// drawBoard is the main screen without its last line.
func (m *model) drawBoard() []string {
	f, l := m.facts, m.layout()
	lines := m.drawHeader(f, m.w, l.header)
	board := m.drawLeaderboard(f, &m.view, l.board.w, l.board.h)
	if l.beside {
		right := append(slices.Clone(m.chart.lines), m.drawRunning(f, l.running.w, l.running.h)...)
		if l.curve.h > 0 {
			right = append(right, m.drawChosen(f, l.curve.w, l.curve.h)...)
		}
		right = append(right, m.drawArchitectures(f, l.archs.w, l.archs.h)...)
		return append(lines, m.beside(board, right)...)
	}
	lines = append(lines, board...)
	var left, right []string
	if l.running.h > 0 {
		left = m.drawRunning(f, l.running.w, l.running.h)
		if len(f.running) == 0 && !f.live() {
			left = m.drawArchitectures(f, l.running.w, l.running.h)
		}
	}
	if l.chart.h > 0 {
		right = m.chart.lines
	}
	if left != nil && right != nil && l.running.w+l.chart.w < m.w {
		return append(lines, m.beside(left, right)...)
	}
	return append(append(lines, left...), right...)
}

// drawChosen is the learning curve of the trial under the cursor.
func (m *model) drawChosen(f *facts, w, h int) []string {
	if m.view.cursor >= len(m.view.rows) {
		return m.fill(nil, w, h)
	}
	t := f.Trials[m.view.rows[m.view.cursor]]
	lines := m.drawCurves(f, t, false, w, h)
	lines[0] = m.rule(w, fmt.Sprintf("Trial %d, %s by epoch", t.Number, metricName(f)), "line mean, dots folds")
	return lines
}

// bottom is the last line: what the user must know now, else the keys.
func (m *model) bottom() string {
	r := m.row(m.w)
	switch {
	case m.screen == onAsk:
		r.add(m.alert, m.asking.text).space(3)
		return r.add(ink{}, plainText(strings.TrimRight(m.hints(r.room()), " "))).line()
	case m.screen == onFilter:
		r.add(m.mark, "/").add(ink{}, clean(m.view.filter)).add(m.mark, m.caret)
		return r.end(m.dim, strings.TrimRight(plainText(m.hints(24)), " ")).line()
	case m.stopping:
		return r.add(m.alert, "stopping"+m.ellipsis+" the running trials are put back; press again to leave at once").line()
	case m.err != nil:
		return r.add(m.alert, "cannot read the study: "+clean(m.err.Error())).end(m.dim, "trying again").line()
	case m.said != "":
		return r.add(m.alert, clean(m.said)).line()
	case m.facts != nil && m.screen == onBoard && !m.facts.live() && m.facts.State != "":
		return m.ending()
	}
	return m.hints(m.w)
}

// ending says why the study rests and how it goes on, before the keys.
func (m *model) ending() string {
	state, reason := clean(string(m.facts.State)), clean(m.facts.Reason)
	text := join(": ", state, reason)
	if m.facts.State == medml.StudyInterrupted && m.ResumeHint != "" {
		how := "go on with " + clean(m.ResumeHint)
		text = join("; ", text, how)
		if width(text) > m.w-keysLeast {
			text = join("; ", state, how)
		}
	}
	r := m.row(m.w).add(m.alert, clip(text, max(0, m.w-keysLeast), m.ellipsis)).space(3)
	keys := m.hints(r.room())
	r.b.WriteString(keys)
	r.used = r.width
	return r.line()
}

// keysLeast is the room for the most important key beside a message.
const keysLeast = 10
