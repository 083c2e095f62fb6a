package tui

import (
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// The actions are what keys do, as the table in keys.go names them.

func (m *model) up() tea.Cmd       { return m.moveBy(-1) }
func (m *model) down() tea.Cmd     { return m.moveBy(1) }
func (m *model) pageUp() tea.Cmd   { return m.moveBy(-m.pageRows()) }
func (m *model) pageDown() tea.Cmd { return m.moveBy(m.pageRows()) }

// moveBy moves the cursor over the leaderboard, or scrolls a trial's page or the help.
func (m *model) moveBy(n int) tea.Cmd {
	switch {
	case m.facts == nil:
	case m.screen == onHelp:
		m.helpTop = max(0, min(m.helpTop+n, len(m.helpLines(m.w))-(m.h-1)))
	case m.screen == onDetail:
		_, total := m.drawDetail(m.facts, m.page, m.w, m.h-1)
		m.page.top = max(0, min(m.page.top+n, total-(m.h-1)))
	default:
		m.view.move(m.facts, max(0, m.view.cursor+n), m.visible())
	}
	return nil
}

func (m *model) pageRows() int {
	if m.facts == nil || m.screen != onBoard {
		return max(1, m.h-2)
	}
	return m.visible()
}

func (m *model) first() tea.Cmd { return m.moveBy(-1 << 30) }
func (m *model) last() tea.Cmd  { return m.moveBy(1 << 30) }

// open shows the trial under the cursor.
func (m *model) open() tea.Cmd {
	if m.facts == nil || len(m.view.rows) == 0 || m.layout().line {
		return nil
	}
	m.screen = onDetail
	m.page.number, m.page.top = m.facts.Trials[m.view.rows[m.view.cursor]].Number, 0
	m.view.chosen = m.page.number
	return nil
}

func (m *model) previous() tea.Cmd { return m.turn(-1) }
func (m *model) next() tea.Cmd     { return m.turn(1) }

// turn shows the trial n places further on the leaderboard.
func (m *model) turn(n int) tea.Cmd {
	to := m.view.cursor + n
	if to < 0 || to >= len(m.view.rows) {
		return nil
	}
	m.view.move(m.facts, to, m.visible())
	return m.open()
}

func (m *model) switchCurve() tea.Cmd {
	m.page.losses = !m.page.losses
	return nil
}

func (m *model) help() tea.Cmd {
	m.under, m.screen, m.helpTop = m.screen, onHelp, 0
	return nil
}

func (m *model) back() tea.Cmd {
	if m.screen == onHelp {
		m.screen = m.under
	} else {
		m.screen = onBoard
	}
	return nil
}

func (m *model) sortNext() tea.Cmd {
	if m.facts != nil {
		m.view.sort = nextSort(m.columns(m.facts), m.view.sort)
		m.arrange()
	}
	return nil
}

func (m *model) sortReverse() tea.Cmd {
	m.view.reverse = !m.view.reverse
	m.arrange()
	return nil
}

func (m *model) filterStart() tea.Cmd {
	m.screen = onFilter
	return nil
}

func (m *model) filterKeep() tea.Cmd {
	m.screen = onBoard
	return nil
}

func (m *model) filterClear() tea.Cmd {
	m.screen, m.view.filter = onBoard, ""
	m.arrange()
	return nil
}

func (m *model) filterType(s string) {
	m.view.filter += clean(s)
	m.arrange()
}

func (m *model) filterDelete() tea.Cmd {
	_, n := utf8.DecodeLastRuneInString(m.view.filter)
	m.view.filter = m.view.filter[:len(m.view.filter)-n]
	m.arrange()
	return nil
}

// quit leaves. While a sweep runs, the first time only asks it to stop, and the screen
// stays until it has; the second time leaves at once.
func (m *model) quit() tea.Cmd {
	switch {
	case m.Stop == nil || m.ended:
		return tea.Quit
	case m.stopping:
		m.forced = true
		return tea.Quit
	}
	m.stopping = true
	stop := m.Stop
	return guard("stopping the sweep", func() tea.Msg {
		stop()
		return nil
	})
}
