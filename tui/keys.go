package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"medml"
)

// screen is what fills the terminal.
type screen uint8

const (
	onBoard  screen = iota // leaderboard, running trials, chart
	onDetail               // one trial
	onHelp
	onFilter // the leaderboard while its filter is typed
	onAsk    // leaderboard or trial while a question waits
)

// binding is a line of the table of keys: what the keys do on some screens, and what the
// hints and the help say about them.
type binding struct {
	key.Binding
	on   []screen
	hint string // what the bottom line says of it, keys first; "" for nothing
	do   func(*model) tea.Cmd
	// steers says that the keys act on a running study: for another there is no hint.
	// paused is the hint while the study is paused, "" for the same.
	steers bool
	paused string
}

// bind makes a binding; shown is how the help writes the keys.
func bind(on []screen, keys []string, shown, text, hint string, do func(*model) tea.Cmd) binding {
	return binding{key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, text)), on, hint, do, false, ""}
}

// bindings is the one table of keys. Dispatch, hints and help all come from it. Live says
// that leaving stops a sweep, steered that there is something to pause and stop.
func bindings(ascii, live, steered bool) []binding {
	arrow := func(unicode, plain string) string {
		if ascii {
			return plain
		}
		return unicode
	}
	quit, leave := "quit", "q quit"
	if live {
		quit, leave = "stop the sweep and quit", "q stop"
	}
	board, detail, filter := []screen{onBoard}, []screen{onDetail}, []screen{onFilter}
	pages, lists := []screen{onDetail, onHelp}, []screen{onBoard, onDetail}
	all := []screen{onBoard, onDetail, onHelp}
	table := []binding{
		bind(board, []string{"up", "k"}, arrow("↑ k", "up k"), "one up", "", (*model).up),
		bind(board, []string{"down", "j"}, arrow("↓ j", "down j"), "one down", arrow("↑↓ move", "j/k move"), (*model).down),
		bind(detail, []string{"left", "h"}, arrow("← h", "left h"), "the trial above it", "", (*model).previous),
		bind(detail, []string{"right", "l"}, arrow("→ l", "right l"), "the trial below it", arrow("←→ trial", "h/l trial"), (*model).next),
		bind(pages, []string{"up", "k"}, arrow("↑ k", "up k"), "scroll up", "", (*model).up),
		bind(pages, []string{"down", "j"}, arrow("↓ j", "down j"), "scroll down", arrow("↑↓ scroll", "j/k scroll"), (*model).down),
		bind(all, []string{"pgup", "ctrl+b", "ctrl+u"}, "PgUp", "a page up", "", (*model).pageUp),
		bind(all, []string{"pgdown", "ctrl+f", "ctrl+d", " "}, "PgDn", "a page down", "", (*model).pageDown),
		bind(all, []string{"g", "home"}, "g", "to the top", "", (*model).first),
		bind(all, []string{"G", "end"}, "G", "to the bottom", "", (*model).last),
		bind(board, []string{"enter"}, "enter", openText, "enter detail", (*model).open),
		bind(board, []string{"s"}, "s", "sort by the next column", "s sort", (*model).sortNext),
		bind(board, []string{"S"}, "S", "reverse the order", "", (*model).sortReverse),
		bind(board, []string{"/"}, "/", "filter the trials", "/ filter", (*model).filterStart),
		bind(board, []string{"esc"}, "esc", "clear the filter", "", (*model).filterClear),
		bind(filter, []string{"enter"}, "enter", "keep the filter", "enter keep", (*model).filterKeep),
		bind(filter, []string{"esc"}, "esc", "clear the filter", "esc clear", (*model).filterClear),
		bind(filter, []string{"backspace"}, "backspace", "delete a letter", "", (*model).filterDelete),
		bind(detail, []string{"tab"}, "tab", "metric or loss", "tab metric/loss", (*model).switchCurve),
		bind(detail, []string{"esc", "enter", "backspace"}, "esc", "back to the leaderboard", "esc back", (*model).back),
		bind([]screen{onHelp}, []string{"esc", "enter", "?", "backspace"}, "esc", "back", "esc back", (*model).back),
		bind(lists, []string{"?"}, "?", "this help", "? help", (*model).help),
		bind(all, []string{"q"}, "q", quit, leave, (*model).quit),
		bind(append(all, onFilter, onAsk), []string{"ctrl+c"}, "ctrl+c", "the same, also while typing", "", (*model).quit),
		bind([]screen{onAsk}, []string{"y", "Y"}, "y", "yes", "y yes", (*model).yes),
		bind([]screen{onAsk}, []string{"n", "N", "esc", "q"}, "n", "no", "n no", (*model).no),
	}
	if !steered {
		return table
	}
	at := 1 + slices.IndexFunc(table, func(b binding) bool { return b.Help().Desc == openText })
	steering := []binding{
		bind(lists, []string{"p"}, "p", "pause or resume the study", "p pause", (*model).pauseStudy),
		bind(lists, []string{"P"}, "P", "pause or resume the trial", "", (*model).pauseTrial),
		bind(lists, []string{"x"}, "x", "stop the trial, after asking", "x stop trial", (*model).stopTrial),
	}
	for i := range steering {
		steering[i].steers = true
	}
	steering[0].paused = "p resume"
	return slices.Insert(table, at, steering...)
}

// openText is what the help says of the key that the keys to pause and stop follow.
const openText = "the trial in detail"

// dispatch runs what a key does on the present screen.
func (m *model) dispatch(k tea.KeyMsg) tea.Cmd {
	m.said = ""
	if k.Type == tea.KeyRunes && len(k.Runes) > 1 && !k.Paste && m.screen != onFilter {
		// Keys struck faster than the terminal is read arrive together.
		var cmds []tea.Cmd
		for _, r := range k.Runes {
			cmds = append(cmds, m.dispatch(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: k.Alt}))
		}
		return tea.Batch(cmds...)
	}
	for _, b := range m.keys {
		if slices.Contains(b.on, m.screen) && key.Matches(k, b.Binding) {
			return b.do(m)
		}
	}
	if m.screen == onFilter && (k.Type == tea.KeyRunes || k.Type == tea.KeySpace) && !k.Alt {
		m.filterType(string(k.Runes))
	}
	return nil
}

// hint is what the bottom line says of a key now.
func (m *model) hint(b binding) string {
	switch {
	case !slices.Contains(b.on, m.screen), b.steers && (m.facts == nil || !m.facts.live()):
		return ""
	case b.paused != "" && m.facts.State == medml.StudyPaused:
		return b.paused
	}
	return b.hint
}

// hints returns the bottom line: the keys of the present screen. Help and quitting, the
// last of them, stay the longest on a narrow terminal.
func (m *model) hints(w int) string {
	var hints []string
	used := 0
	for _, b := range m.keys {
		if hint := m.hint(b); hint != "" {
			hints = append(hints, hint)
			used += width(hint) + 2
		}
	}
	for used-2 > w && len(hints) > 1 {
		at := max(0, len(hints)-3)
		used -= width(hints[at]) + 2
		hints = slices.Delete(hints, at, at+1)
	}
	r := m.row(w)
	for _, h := range hints {
		if r.used > 0 {
			r.space(2)
		}
		keys, what, _ := strings.Cut(h, " ")
		r.add(m.mark, keys).add(m.dim, " "+what)
	}
	return r.line()
}
