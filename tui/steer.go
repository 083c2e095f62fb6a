package tui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"medml"
)

// question is asked before something is done that can't be undone.
type question struct {
	text string
	do   func() tea.Cmd
}

// refusal says why something wasn't done.
type refusal struct{ text string }

// live reports whether the study's trials can change at any moment.
func (f *facts) live() bool {
	return f.State == medml.StudyRunning || f.State == medml.StudyPaused
}

// heldUp reports whether the trial would train but is paused, alone or with its study.
func (f *facts) heldUp(t medml.Trial) bool {
	return t.State == medml.Running && (t.Paused || f.State == medml.StudyPaused)
}

// act returns the command that does something to the study or a trial.
func (m *model) act(doing string, number int, do func(int) error) tea.Cmd {
	return guard(doing, func() tea.Msg {
		if err := do(number); err != nil {
			return refusal{doing + ": " + err.Error()}
		}
		return nil
	})
}

// pauseStudy pauses the study, or lets a paused one go on.
func (m *model) pauseStudy() tea.Cmd {
	switch {
	case m.facts == nil:
		return nil
	case !m.facts.live():
		m.said = "the study isn't running"
		return nil
	case m.facts.State == medml.StudyPaused:
		return m.act("resuming the study", medml.WholeStudy, m.Control.Resume)
	}
	return m.act("pausing the study", medml.WholeStudy, m.Control.Pause)
}

// pauseTrial pauses the selected trial, or lets it go on.
func (m *model) pauseTrial() tea.Cmd {
	t, ok := m.selected("pause")
	switch {
	case !ok:
		return nil
	case t.Paused:
		return m.act(fmt.Sprintf("resuming trial %d", t.Number), t.Number, m.Control.Resume)
	}
	return m.act(fmt.Sprintf("pausing trial %d", t.Number), t.Number, m.Control.Pause)
}

// stopTrial asks whether to stop the selected trial.
func (m *model) stopTrial() tea.Cmd {
	t, ok := m.selected("stop")
	if !ok {
		return nil
	}
	m.asking = question{fmt.Sprintf("stop trial %d? it then counts as pruned", t.Number), func() tea.Cmd {
		return m.act(fmt.Sprintf("stopping trial %d", t.Number), t.Number, m.Control.Stop)
	}}
	m.under, m.screen = m.screen, onAsk
	return nil
}

// selected returns the trial under the cursor, or the one on the page, if it runs; else
// the screen says why there is nothing to do.
func (m *model) selected(verb string) (medml.Trial, bool) {
	if m.facts == nil || m.layout().line {
		return medml.Trial{}, false
	}
	at := -1
	if m.screen == onDetail {
		at = m.facts.trial(m.page.number)
	} else if len(m.view.rows) > 0 {
		at = m.view.rows[m.view.cursor]
	}
	if at < 0 {
		return medml.Trial{}, false
	}
	t := m.facts.Trials[at]
	if t.State != medml.Running {
		m.said = fmt.Sprintf("trial %d is %v: there is nothing to %s", t.Number, t.State, verb)
		return t, false
	}
	return t, true
}

func (m *model) yes() tea.Cmd {
	m.screen = m.under
	return m.asking.do()
}

func (m *model) no() tea.Cmd {
	m.screen = m.under
	return nil
}
