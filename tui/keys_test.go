package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"medml"

	tea "github.com/charmbracelet/bubbletea"
)

// under returns the number of the trial under the cursor.
func under(m *model) int { return m.facts.Trials[m.view.rows[m.view.cursor]].Number }

func TestKeys(t *testing.T) {
	s := study(35)
	ranked := s.Ranked()
	for _, c := range []struct {
		name  string
		keys  []string
		check func(m *model) bool
	}{
		{"the cursor starts at the best trial", nil, func(m *model) bool { return under(m) == ranked[0].Number }},
		{"down moves to the next rank", []string{"down"}, func(m *model) bool { return under(m) == ranked[1].Number }},
		{"j and k are down and up", []string{"j", "j", "k"}, func(m *model) bool { return under(m) == ranked[1].Number }},
		{"up at the top stays", []string{"up", "up"}, func(m *model) bool { return m.view.cursor == 0 }},
		{"G goes to the last trial", []string{"G"}, func(m *model) bool { return under(m) == ranked[len(ranked)-1].Number }},
		{"down at the end stays", []string{"G", "j"}, func(m *model) bool { return m.view.cursor == len(ranked)-1 }},
		{"g comes back", []string{"G", "g"}, func(m *model) bool { return m.view.cursor == 0 && m.view.top == 0 }},
		{"a page down moves by the rows shown", []string{"pgdown"}, func(m *model) bool { return m.view.cursor == m.visible() }},
		{"a page down and up come back", []string{"pgdown", "pgup"}, func(m *model) bool { return m.view.cursor == 0 }},
		{"s sorts by trial first", []string{"s"}, func(m *model) bool { return m.view.sort == "trial" && m.facts.Trials[m.view.rows[0]].Number == 0 }},
		{"S turns the order round", []string{"s", "S"}, func(m *model) bool { return m.facts.Trials[m.view.rows[0]].Number == len(ranked)-1 }},
		{"s comes round to the rank", []string{"s", "s", "s", "s", "s", "s"}, func(m *model) bool { return m.view.sort == "" && under(m) == ranked[0].Number }},
		{"the cursor stays on its trial when the order changes", []string{"j", "j", "S"}, func(m *model) bool { return under(m) == ranked[2].Number }},
		{"a filter keeps what matches", []string{"/", "c", "n", "n", "enter"}, func(m *model) bool {
			return m.screen == onBoard && len(m.view.rows) > 0 && !slices.ContainsFunc(m.view.rows, func(i int) bool { return m.facts.Trials[i].Architecture() != "cnn" })
		}},
		{"letters are text while a filter is typed", []string{"/", "q", "s", "?", "j"}, func(m *model) bool { return m.view.filter == "qs?j" && m.screen == onFilter }},
		{"backspace deletes a letter", []string{"/", "a", "é", "backspace"}, func(m *model) bool { return m.view.filter == "a" }},
		{"a filter needs all its words", []string{"/", "c", "n", "n", " ", "p", "r", "u", "n", "e", "d"}, func(m *model) bool { return m.view.filter == "cnn pruned" && len(m.view.rows) == 0 }},
		{"a number is a trial", []string{"/", "1", "7"}, func(m *model) bool { return len(m.view.rows) > 0 && under(m) == 17 }},
		{"esc clears the filter", []string{"/", "x", "esc"}, func(m *model) bool { return m.screen == onBoard && len(m.view.rows) == len(ranked) }},
		{"esc clears a kept filter", []string{"/", "x", "enter", "esc"}, func(m *model) bool { return len(m.view.rows) == len(ranked) }},
		{"nothing matches and keys do no harm", []string{"/", "x", "x", "enter", "j", "G", "enter", "k"}, func(m *model) bool { return m.screen == onBoard && len(m.view.rows) == 0 }},
		{"enter opens the trial under the cursor", []string{"j", "enter"}, func(m *model) bool { return m.screen == onDetail && m.page.number == ranked[1].Number }},
		{"right and left turn to its neighbours", []string{"enter", "right", "right", "left"}, func(m *model) bool { return m.page.number == ranked[1].Number }},
		{"left of the best stays", []string{"enter", "left"}, func(m *model) bool { return m.page.number == ranked[0].Number }},
		{"tab shows the losses", []string{"enter", "tab"}, func(m *model) bool { return m.page.losses }},
		{"esc goes back to the leaderboard", []string{"enter", "esc"}, func(m *model) bool { return m.screen == onBoard }},
		{"help goes back to where it was asked for", []string{"enter", "?", "esc"}, func(m *model) bool { return m.screen == onDetail }},
		{"? leaves the help too", []string{"?", "?"}, func(m *model) bool { return m.screen == onBoard }},
		{"keys struck at once all count", []string{"jjk"}, func(m *model) bool { return under(m) == ranked[1].Number }},
		{"an unknown key does nothing", []string{"z", "ctrl+x", "f5"}, func(m *model) bool { return m.screen == onBoard && m.view.cursor == 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if m := shown(t, s, 80, 24, Options{NoColor: true}, c.keys...); !c.check(m) {
				t.Errorf("after %v:\n%s", c.keys, m.View())
			}
		})
	}
}

func TestTheCursorStaysOnItsTrialAsRanksChange(t *testing.T) {
	m := shown(t, study(20), 80, 24, Options{NoColor: true}, "j", "j", "j")
	number := under(m)
	for n := 21; n <= 60; n++ {
		m.Update(news{facts: survey(study(n), m.facts)})
		if under(m) != number {
			t.Fatalf("after %d trials the cursor moved from trial %d to %d", n, number, under(m))
		}
		if m.view.cursor < m.view.top || m.view.cursor >= m.view.top+m.visible() {
			t.Fatalf("after %d trials the cursor is off the screen", n)
		}
	}
	m = shown(t, study(20), 80, 24, Options{NoColor: true})
	m.Update(news{facts: survey(study(60), m.facts)})
	if best, _ := study(60).Best(); under(m) != best.Number {
		t.Error("a cursor that was never moved doesn't follow the best trial")
	}
}

func TestAllTrialsCanBeReachedAtEverySize(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {60, 20}, {80, 24}, {160, 50}} {
		m := shown(t, study(60), size[0], size[1], Options{NoColor: true})
		seen := map[int]bool{}
		for range 60 {
			seen[under(m)] = true
			if !strings.Contains(m.View(), "\n›") {
				t.Fatalf("%v: no cursor:\n%s", size, m.View())
			}
			press(m, "j")
		}
		if len(seen) != 60 {
			t.Errorf("%v: %d trials reached", size, len(seen))
		}
	}
}

func TestEveryBindingIsToldInTheHelp(t *testing.T) {
	for _, live := range []bool{false, true} {
		o := Options{NoColor: true}
		if live {
			o.Stop, o.Control = func() {}, &hand{}
		}
		help := strings.Join(shown(t, study(5), 100, 60, o).helpKeys(50), "\n")
		for _, b := range bindings(false, live, live) {
			if slices.Contains(b.on, onBoard) || slices.Contains(b.on, onDetail) {
				if !strings.Contains(help, b.Help().Key) || !strings.Contains(help, b.Help().Desc) {
					t.Errorf("%q (%s) isn't in the help:\n%s", b.Help().Key, b.Help().Desc, help)
				}
			}
		}
	}
}

func TestNoKeyMeansTwoThingsOnAScreen(t *testing.T) {
	for _, on := range []screen{onBoard, onDetail, onHelp, onFilter} {
		taken := map[string]bool{}
		for _, b := range bindings(false, true, true) {
			for _, k := range b.Keys() {
				if slices.Contains(b.on, on) && taken[k] {
					t.Errorf("key %q is bound twice on screen %d", k, on)
				}
				taken[k] = taken[k] || slices.Contains(b.on, on)
			}
		}
	}
}

func isQuit(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	_, ok := cmd().(tea.QuitMsg)
	return ok
}

func TestLeaving(t *testing.T) {
	t.Run("a watcher leaves at once", func(t *testing.T) {
		for _, k := range []string{"q", "ctrl+c"} {
			if m := shown(t, study(5), 80, 24, Options{}); !isQuit(press(m, k)) || m.forced {
				t.Errorf("%s doesn't leave", k)
			}
		}
	})
	t.Run("a sweep is asked to stop first, once, and left by force then", func(t *testing.T) {
		stops := 0
		m := shown(t, study(5), 80, 24, Options{NoColor: true, Stop: func() { stops++ }})
		if msg := press(m, "q")(); msg != nil || stops != 1 || m.forced {
			t.Fatalf("first q: message %v, %d stops", msg, stops)
		}
		if !strings.Contains(m.View(), "the running trials are put back; press again to leave at once") {
			t.Errorf("the screen doesn't say what happens:\n%s", m.View())
		}
		if !isQuit(press(m, "ctrl+c")) || !m.forced || stops != 1 {
			t.Errorf("the second time it doesn't leave")
		}
	})
	t.Run("ctrl+c works while a filter is typed", func(t *testing.T) {
		stopped := false
		m := shown(t, study(5), 80, 24, Options{Stop: func() { stopped = true }}, "/", "a")
		press(m, "ctrl+c")()
		if !stopped {
			t.Error("the sweep wasn't stopped")
		}
	})
	t.Run("after the sweep's end the screen is drawn once more and left", func(t *testing.T) {
		m := shown(t, study(58), 80, 24, Options{NoColor: true, Stop: func() {}})
		m.Update(sweepEnded{})
		_, cmd := m.Update(news{facts: survey(study(59), m.facts)}) // was under way
		if msg := cmd(); msg != (askAgain{}) {
			t.Fatalf("no last reading is asked for, but %v", msg)
		}
		m.Update(askAgain{})
		_, cmd = m.Update(news{facts: survey(study(60), m.facts)})
		if !isQuit(cmd) || m.forced || !strings.Contains(m.View(), "60/60") {
			t.Errorf("it stays:\n%s", m.View())
		}
	})
	t.Run("a lingering screen stays after the end and then leaves without asking", func(t *testing.T) {
		stops := 0
		m := shown(t, study(58), 80, 24, Options{NoColor: true, Linger: true, Stop: func() { stops++ }})
		m.Update(sweepEnded{})
		m.Update(askAgain{})
		if _, cmd := m.Update(news{err: errors.New("closed")}); cmd == nil {
			t.Error("a lingering screen stopped reading")
		}
		if !isQuit(press(m, "q")) || stops != 0 || m.forced {
			t.Error("q doesn't leave quietly after the end")
		}
	})
	t.Run("an error of the source is shown and the last reading stays", func(t *testing.T) {
		m := shown(t, study(23), 80, 24, Options{NoColor: true})
		_, cmd := m.Update(news{err: errors.New("store: connection refused")})
		if cmd == nil || !strings.Contains(m.View(), "cannot read the study: store: connection refused") || !strings.Contains(m.View(), "23/60") {
			t.Errorf("got:\n%s", m.View())
		}
		m.Update(news{facts: survey(study(24), m.facts)})
		if strings.Contains(m.View(), "cannot read") {
			t.Error("the error stays after a good reading")
		}
	})
}

func TestKeysBeforeTheFirstReadingDoNoHarm(t *testing.T) {
	m := newModel(t.Context(), nil, Options{Width: 80, Height: 24}, testTheme(false, false))
	for _, b := range bindings(false, false, false) {
		for _, k := range b.Keys() {
			press(m, k)
			if n := strings.Count(m.View(), "\n"); n != 23 {
				t.Fatalf("after %q the screen has %d lines", k, n+1)
			}
		}
	}
	m.Update(news{facts: survey(medml.Snapshot{}, nil)})
	_ = m.View()
}
