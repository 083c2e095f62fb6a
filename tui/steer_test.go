package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"medml"
)

// hand is a Control that notes what it is asked.
type hand struct {
	done []string
	err  error
}

func (h *hand) note(what string, n int) error {
	h.done = append(h.done, fmt.Sprint(what, " ", n))
	return h.err
}

func (h *hand) Pause(n int) error  { return h.note("pause", n) }
func (h *hand) Resume(n int) error { return h.note("resume", n) }
func (h *hand) Stop(n int) error   { return h.note("stop", n) }

// struck gives the model keys and runs the commands that come of them.
func struck(m *model, keys ...string) {
	for _, k := range keys {
		if cmd := press(m, k); cmd != nil {
			if msg := cmd(); msg != nil {
				m.Update(msg)
			}
		}
	}
}

func TestKeysThatSteer(t *testing.T) {
	running := []string{"/", "r", "u", "n", "n", "enter"} // to trial 23
	for _, c := range []struct {
		name string
		s    medml.Snapshot
		keys []string
		want string
		said string
	}{
		{"p pauses a running study", study(23), []string{"p"}, "pause -1", ""},
		{"p resumes a paused study", paused(true), []string{"p"}, "resume -1", ""},
		{"p does nothing to a study of the past", study(60), []string{"p"}, "", "the study isn't running"},
		{"P pauses the selected trial", study(23), append(running, "P"), "pause 23", ""},
		{"P resumes a paused trial", paused(false), append(running, "P"), "resume 23", ""},
		{"P resumes a trial of a paused study that is paused itself", paused(true), append(running, "P"), "resume 23", ""},
		{"P does nothing to a trial that has ended", study(23), []string{"P"}, "", "trial 7 is complete: there is nothing to pause"},
		{"P works in the detail", study(23), append(running, "enter", "P"), "pause 23", ""},
		{"x alone stops nothing", study(23), append(running, "x"), "", "stop trial 23? it then counts as pruned"},
		{"y then stops the trial", study(23), append(running, "x", "y"), "stop 23", ""},
		{"n leaves it", study(23), append(running, "x", "n", "y"), "", ""},
		{"esc leaves it", study(23), append(running, "x", "esc", "y"), "", ""},
		{"another key keeps asking", study(23), append(running, "x", "z", "p", "y"), "stop 23", ""},
		{"x works in the detail and comes back to it", study(23), append(running, "enter", "x", "y"), "stop 23", ""},
		{"x asks for no trial that has ended", study(23), []string{"x", "y"}, "", ""},
		{"letters are text while a filter is typed", study(23), []string{"/", "p", "x", "P"}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &hand{}
			m := shown(t, c.s, 80, 24, Options{NoColor: true, Control: h})
			struck(m, c.keys...)
			if got := strings.Join(h.done, ", "); got != c.want {
				t.Errorf("it did %q, want %q", got, c.want)
			}
			if !strings.Contains(m.View(), c.said) {
				t.Errorf("%q isn't on the screen:\n%s", c.said, m.View())
			}
			if onPage := strings.HasPrefix(m.View(), "Trial 23"); onPage != strings.Contains(c.name, "the detail") {
				t.Errorf("it isn't where it was:\n%s", m.View())
			}
		})
	}
}

func TestWhatIsRefusedIsSaidUntilTheNextKey(t *testing.T) {
	h := &hand{err: errors.New("study diagnosis isn't running")}
	m := shown(t, study(23), 80, 24, Options{NoColor: true, Control: h})
	struck(m, "p")
	if !strings.Contains(m.View(), "pausing the study: study diagnosis isn't running") {
		t.Errorf("the refusal isn't on the screen:\n%s", m.View())
	}
	struck(m, "j")
	if strings.Contains(m.View(), "isn't running") {
		t.Errorf("the refusal stays:\n%s", m.View())
	}
}

func TestKeysThatSteerAreHintedAtWhereTheyDoSomething(t *testing.T) {
	for _, c := range []struct {
		s    medml.Snapshot
		want string
	}{{study(23), "p pause  x stop trial"}, {paused(true), "p resume  x stop trial"}, {study(60), ""}} {
		hints := shown(t, c.s, 80, 24, Options{NoColor: true, Control: &hand{}}).hints(80)
		if !strings.Contains(hints, c.want) || c.want == "" && strings.Contains(hints, "pause") {
			t.Errorf("a study that is %s: %q", c.s.State, hints)
		}
	}
}

func TestWithoutAControlNoKeySteers(t *testing.T) {
	m := shown(t, study(23), 80, 24, Options{NoColor: true})
	before := m.View()
	struck(m, "p", "P", "x", "y")
	if m.View() != before || strings.Contains(before, "pause") {
		t.Errorf("got:\n%s", m.View())
	}
}

func TestATrialThatEndsWhileItIsAskedAbout(t *testing.T) {
	h := &hand{}
	m := shown(t, study(23), 80, 24, Options{NoColor: true, Control: h})
	struck(m, "/", "r", "u", "n", "n", "enter", "x")
	m.Update(news{facts: survey(study(60), m.facts)})
	struck(m, "y")
	if got := strings.Join(h.done, ", "); got != "stop 23" {
		t.Errorf("it did %q: what was asked is what is done, the study says no", got)
	}
}

func TestAStudyInWhichNothingMeetsTheConstraintsHasNoBest(t *testing.T) {
	s := aiming(35)
	for i := range s.Trials {
		s.Trials[i].Constraints = []float64{0.1}
	}
	f := survey(s, nil)
	if f.best != -1 || len(f.points) != 0 || count(f.front) != 0 || f.violating() == 0 {
		t.Errorf("best %d, %d points, %d on the front, %d violating", f.best, len(f.points), count(f.front), f.violating())
	}
	_ = shown(t, s, 80, 24, Options{NoColor: true}).View()
}
