package tui

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"
	"github.com/muesli/termenv"

	"medml"

	tea "github.com/charmbracelet/bubbletea"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares text with a file under testdata, blanks at the ends of lines aside.
func golden(t *testing.T, name, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	got := strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// testTheme returns a theme with or without colours, whatever the test's own output.
func testTheme(colour, ascii bool) theme {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetHasDarkBackground(true)
	r.SetColorProfile(termenv.Ascii)
	if colour {
		r.SetColorProfile(termenv.TrueColor)
	}
	return newTheme(r, ascii)
}

// shown returns a model that has read the snapshot and then been given the keys.
func shown(t testing.TB, s medml.Snapshot, w, h int, o Options, keys ...string) *model {
	o.Width, o.Height = w, h
	m := newModel(t.Context(), nil, o, testTheme(!o.NoColor, o.ASCII))
	m.Update(news{facts: survey(s, nil)})
	press(m, keys...)
	return m
}

// press gives the model keys, as bubbletea names them, and returns the last command.
func press(m *model, keys ...string) (last tea.Cmd) {
	for _, k := range keys {
		_, last = m.Update(keyMsg(k))
	}
	return last
}

func keyMsg(name string) tea.KeyMsg {
	for k := tea.KeyType(-128); k < 128; k++ {
		if k != tea.KeyRunes && k.String() == name {
			return tea.KeyMsg{Type: k, Runes: []rune(strings.Repeat(" ", btoi(k == tea.KeySpace)))}
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

func TestScreens(t *testing.T) {
	interrupted := study(23)
	interrupted.State, interrupted.Reason, interrupted.Workers = medml.StudyInterrupted, "stopped by its user", 0
	for i := range interrupted.Trials {
		if tr := &interrupted.Trials[i]; tr.State == medml.Running {
			tr.State, tr.Runs = medml.Waiting, nil
		}
	}
	empty := medml.Snapshot{About: diagnosis(), State: medml.StudyRunning, Budget: 60, Workers: 2, Taken: taken}
	plain := Options{NoColor: true}
	steered := Options{NoColor: true, Stop: func() {}, Control: &hand{}}
	for _, c := range []struct {
		name string
		s    medml.Snapshot
		w, h int
		o    Options
		keys []string
	}{
		{"empty-80x24", empty, 80, 24, plain, nil},
		{"early-80x24", study(1), 80, 24, plain, nil},
		{"mid-80x24", study(23), 80, 24, plain, []string{"down", "down", "down"}},
		{"mid-160x50", study(35), 160, 50, plain, []string{"j", "j"}},
		{"mid-100x30-ascii", study(35), 100, 30, Options{NoColor: true, ASCII: true}, nil},
		{"mid-60x24", study(23), 60, 24, plain, nil},
		{"mid-40x10", study(23), 40, 10, plain, nil},
		{"mid-40x8", study(23), 40, 8, plain, nil},
		{"end-of-list-80x24", study(35), 80, 24, plain, []string{"G"}},
		{"sorted-80x24", study(35), 80, 24, plain, []string{"s", "s", "S"}},
		{"filtered-80x24", study(35), 80, 24, plain, []string{"/", "c", "n", "n", " ", "k", "e", "r", "n", "e", "l", "=", "5"}},
		{"finished-80x24", study(60), 80, 24, plain, nil},
		{"finished-160x50", study(60), 160, 50, plain, nil},
		{"interrupted-80x24", interrupted, 80, 24, Options{NoColor: true, ResumeHint: "medml sweep experiments/diagnosis.yaml"}, nil},
		{"long-names-80x24", longNames(), 80, 24, plain, nil},
		{"long-names-160x50", longNames(), 160, 50, plain, nil},
		{"detail-80x24", study(35), 80, 24, plain, []string{"j", "j", "enter"}},
		{"detail-loss-80x24", study(35), 80, 24, plain, []string{"j", "j", "enter", "tab"}},
		{"detail-160x50", study(35), 160, 50, plain, []string{"j", "j", "enter"}},
		{"detail-60x20-scrolled", study(35), 60, 20, plain, []string{"enter", "G"}},
		{"detail-failed-80x24", study(35), 80, 24, plain, []string{"G", "enter"}},
		{"detail-running-80x24", study(35), 80, 24, plain, []string{"/", "r", "u", "n", "n", "enter", "enter"}},
		{"help-80x24", study(35), 80, 24, Options{NoColor: true, Stop: func() {}}, []string{"?"}},
		{"help-60x20-scrolled", study(35), 60, 20, plain, []string{"?", "pgdown"}},
		{"paused-80x24", paused(true), 80, 24, steered, []string{"/", "r", "u", "n", "n", "enter"}},
		{"paused-160x50", paused(true), 160, 50, steered, nil},
		{"paused-trial-80x24", paused(false), 80, 24, steered, nil},
		{"paused-60x24", paused(true), 60, 24, steered, nil},
		{"paused-100x30-ascii", paused(true), 100, 30, Options{NoColor: true, ASCII: true, Control: &hand{}}, nil},
		{"detail-paused-80x24", paused(false), 80, 24, steered, []string{"/", "p", "a", "u", "s", "e", "d", "enter", "enter"}},
		{"asking-80x24", paused(false), 80, 24, steered, []string{"/", "r", "u", "n", "n", "enter", "x"}},
		{"nothing-to-stop-80x24", paused(false), 80, 24, steered, []string{"x"}},
		{"help-steered-80x24", aiming(35), 80, 24, steered, []string{"?"}},
		{"help-steered-160x50", aiming(35), 160, 50, steered, []string{"?"}},
		{"aims-80x24", aiming(35), 80, 24, plain, nil},
		{"aims-160x50", aiming(35), 160, 50, plain, nil},
		{"aims-60x24", aiming(35), 60, 24, plain, nil},
		{"aims-100x30-ascii", aiming(35), 100, 30, Options{NoColor: true, ASCII: true}, nil},
		{"detail-aims-80x24", aiming(35), 80, 24, plain, []string{"enter"}},
		{"detail-violating-160x50", aiming(35), 160, 50, plain, []string{"/", "7", "enter", "enter"}},
		{"repeated-80x24", repeated(), 80, 24, plain, nil},
		{"detail-repeated-160x50", repeated(), 160, 50, plain, []string{"enter"}},
		{"detail-repeat-failed-80x24", repeated(), 80, 24, plain, []string{"/", "4", "8", "enter", "enter", "G"}},
		{"stopping-80x24", study(23), 80, 24, Options{NoColor: true, Stop: func() {}}, []string{"q"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name, shown(t, c.s, c.w, c.h, c.o, c.keys...).View())
		})
	}
}

// longNames is a study whose names are long, wide, or would move the cursor.
func longNames() medml.Snapshot {
	s := study(12)
	s.Study = "乳腺癌診断-многоцентровое-исследование-with-a-name-that-goes-on"
	s.Description = "良性か悪性か 🩺 \x1b[31mred\x1b[0m\nsecond line \u202e reversed"
	s.Metric = "sensitivity@specificity=0.95"
	s.References[0].Metric, s.References[1].Metric = s.Metric, s.Metric
	s.References[0].Name = "ロジスティック回帰 trained on the same folds of the same data"
	for i := range s.Trials {
		if i%3 == 0 {
			params := append(medml.Params{}, s.Trials[i].Params...)
			params[0].Value = medml.StringValue("畳み込み-residual-network-with-attention")
			s.Trials[i].Params = params
		}
	}
	return s
}

func TestAScreenWithoutColourIsTheScreenWithoutItsEscapes(t *testing.T) {
	for _, keys := range [][]string{nil, {"j", "j", "enter"}, {"?"}, {"G"}} {
		for _, size := range [][2]int{{80, 24}, {160, 50}, {50, 16}} {
			colour := shown(t, study(35), size[0], size[1], Options{}, keys...).View()
			plain := shown(t, study(35), size[0], size[1], Options{NoColor: true}, keys...).View()
			if !strings.Contains(colour, "\x1b[") {
				t.Fatal("the screen with colours has none")
			}
			if strings.Contains(plain, "\x1b") {
				t.Error("the screen without colours has escapes")
			}
			if diff := cmp.Diff(plain, plainText(colour)); diff != "" {
				t.Errorf("keys %v, %v (-plain +colour):\n%s", keys, size, diff)
			}
		}
	}
}

func TestAnASCIIScreenIsASCII(t *testing.T) {
	for _, keys := range [][]string{nil, {"j", "enter"}, {"j", "enter", "tab"}, {"?"}, {"s", "S"}, {"/", "x"}} {
		for _, size := range [][2]int{{80, 24}, {160, 50}, {50, 16}, {30, 5}} {
			view := shown(t, study(35), size[0], size[1], Options{ASCII: true}, keys...).View()
			if !isASCII(view) {
				t.Errorf("keys %v, %v:\n%s", keys, size, view)
			}
		}
	}
}
