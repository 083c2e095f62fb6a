package tui

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/lipgloss"
	"pgregory.net/rapid"

	"medml"

	tea "github.com/charmbracelet/bubbletea"
)

var (
	anyName = rapid.OneOf(
		rapid.SampledFrom([]string{"", "cnn", "autoencoder", "診断", "a\x1b[2Jb", "tab\there", "é́", "👩‍⚕️ ward", "line\nbreak", strings.Repeat("long", 30)}),
		rapid.String(),
	)
	anyNumber = rapid.OneOf(
		rapid.SampledFrom([]float64{0, 1, 0.9951, -0.3, math.NaN(), math.Inf(1), math.Inf(-1), 1e-9, 123456.7, -1e300}),
		rapid.Float64Range(0, 1),
	)
)

// anyTrial draws a trial, sensible or not.
func anyTrial(t *rapid.T, number int) medml.Trial {
	tr := medml.Trial{
		Number: number, Paused: rapid.Bool().Draw(t, "paused"), State: medml.State(rapid.IntRange(0, 4).Draw(t, "state")),
		Value: anyNumber.Draw(t, "value"), Low: anyNumber.Draw(t, "low"), High: anyNumber.Draw(t, "high"),
		Reason: anyName.Draw(t, "reason"), Weights: anyName.Draw(t, "weights"),
		WeightCount: rapid.IntRange(0, 1e9).Draw(t, "weight count"),
	}
	if rapid.Bool().Draw(t, "has architecture") {
		tr.Params = append(tr.Params, medml.Setting{Name: "architecture", Value: medml.StringValue(anyName.Draw(t, "architecture"))})
	}
	for range rapid.IntRange(0, 4).Draw(t, "params") {
		tr.Params = append(tr.Params, medml.Setting{Name: anyName.Draw(t, "param"), Value: medml.FloatValue(anyNumber.Draw(t, "setting"))})
	}
	for fold := range rapid.IntRange(0, 3).Draw(t, "runs") {
		run := medml.Run{Fold: fold, Value: anyNumber.Draw(t, "run value")}
		for e := range rapid.IntRange(0, 5).Draw(t, "epochs") {
			x := anyNumber.Draw(t, "epoch value")
			run.Epochs = append(run.Epochs, medml.Epoch{Step: e + 1, Loss: x, ValidLoss: -x, Value: x, Report: x})
		}
		for range rapid.IntRange(0, 2).Draw(t, "measures") {
			run.Measures = append(run.Measures, medml.Measure{Name: anyName.Draw(t, "measure"), Value: anyNumber.Draw(t, "measured")})
		}
		tr.Runs = append(tr.Runs, run)
	}
	for range rapid.IntRange(0, 3).Draw(t, "objectives") {
		tr.Objectives = append(tr.Objectives, anyNumber.Draw(t, "objective"))
	}
	for range rapid.IntRange(0, 2).Draw(t, "constraints") {
		tr.Constraints = append(tr.Constraints, anyNumber.Draw(t, "constraint"))
	}
	for seed := range rapid.IntRange(0, 2).Draw(t, "repeats") {
		tr.Repeats = append(tr.Repeats, medml.Repeat{Seed: seed + 1, Value: anyNumber.Draw(t, "repeated"), Runs: tr.Runs, Reason: anyName.Draw(t, "why")})
	}
	tr.Retries, tr.Crashes = rapid.IntRange(0, 2).Draw(t, "retries"), rapid.IntRange(0, 2).Draw(t, "crashes")
	return tr
}

// anySnapshot draws a snapshot with the numbers of its trials in order.
func anySnapshot(t *rapid.T) medml.Snapshot {
	s := medml.Snapshot{
		About: medml.About{
			Study: anyName.Draw(t, "study"), Description: anyName.Draw(t, "description"), Metric: anyName.Draw(t, "metric"),
			Direction: rapid.SampledFrom([]medml.Direction{medml.Maximize, medml.Minimize}).Draw(t, "direction"),
			Sampler:   anyName.Draw(t, "sampler"), Folds: rapid.IntRange(0, 3).Draw(t, "folds"), Epochs: rapid.IntRange(0, 5).Draw(t, "epochs"),
		},
		State:  rapid.SampledFrom([]medml.StudyState{"", medml.StudyRunning, medml.StudyInterrupted, medml.StudyComplete, medml.StudyPaused}).Draw(t, "state"),
		Reason: anyName.Draw(t, "reason"), Budget: rapid.IntRange(0, 40).Draw(t, "budget"),
		TimeBudget: time.Duration(rapid.IntRange(0, 1000).Draw(t, "time budget")) * time.Second,
		Workers:    rapid.IntRange(0, 99).Draw(t, "workers"), Elapsed: time.Duration(rapid.IntRange(0, 1e6).Draw(t, "elapsed")) * time.Second,
	}
	for range rapid.IntRange(0, 3).Draw(t, "references") {
		s.References = append(s.References, medml.Reference{Name: anyName.Draw(t, "reference"), Value: anyNumber.Draw(t, "reference value")})
	}
	for range rapid.IntRange(0, 3).Draw(t, "goals") {
		s.Goals = append(s.Goals, medml.Goal{Metric: anyName.Draw(t, "goal"), Direction: s.Direction})
	}
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		s.Constraints = append(s.Constraints, anyName.Draw(t, "condition"))
	}
	for n := range rapid.IntRange(0, 12).Draw(t, "trials") {
		s.Trials = append(s.Trials, anyTrial(t, n))
	}
	return s
}

func TestEveryScreenFillsItsTerminalAndNoLineIsWider(t *testing.T) {
	themes := []theme{testTheme(false, false), testTheme(true, false), testTheme(false, true)}
	names := []string{"up", "down", "j", "left", "right", "enter", "esc", "tab", "?", "s", "S", "/", "g", "G", "pgup", "pgdown", "x", "p", "P", "y", "n", " ", "backspace", "q"}
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Width: rapid.IntRange(20, 200).Draw(t, "w"), Height: rapid.IntRange(5, 60).Draw(t, "h"), ResumeHint: anyName.Draw(t, "hint")}
		o.ASCII = rapid.Bool().Draw(t, "ascii")
		if rapid.Bool().Draw(t, "live") {
			o.Stop, o.Control = func() {}, &hand{}
		}
		th := themes[rapid.IntRange(0, 1).Draw(t, "colour")]
		if o.ASCII {
			th = themes[2]
		}
		m := newModel(t.Context(), nil, o, th)
		check := func() {
			lines := strings.Split(m.View(), "\n")
			if len(lines) != m.h {
				t.Fatalf("%d lines on a terminal of %d", len(lines), m.h)
			}
			for _, l := range lines {
				if w := lipgloss.Width(l); w > m.w {
					t.Fatalf("a line of %d cells on a terminal of %d: %q", w, m.w, l)
				}
			}
		}
		check()
		m.Update(news{facts: survey(anySnapshot(t), nil)})
		check()
		for range rapid.IntRange(0, 6).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				m.Update(news{facts: survey(anySnapshot(t), m.facts)})
			case 1:
				m.Update(tea.WindowSizeMsg{Width: rapid.IntRange(20, 200).Draw(t, "new w"), Height: rapid.IntRange(5, 60).Draw(t, "new h")})
			default:
				press(m, rapid.SampledFrom(names).Draw(t, "key"))
			}
			check()
		}
	})
}

func TestClippedTextFitsAndStartsAsItDid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, w := clean(anyName.Draw(t, "text")), rapid.IntRange(0, 40).Draw(t, "w")
		for _, e := range []string{"…", ".."} {
			got := clip(s, w, e)
			if width(got) > w {
				t.Fatalf("clip(%q, %d) = %q, %d cells", s, w, got, width(got))
			}
			if width(s) <= w && got != s {
				t.Fatalf("clip(%q, %d) = %q though it fits", s, w, got)
			}
			if !strings.HasPrefix(s, strings.TrimSuffix(got, e)) {
				t.Fatalf("clip(%q, %d) = %q starts otherwise", s, w, got)
			}
		}
	})
}

func TestCleanTextMovesNoCursor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := clean(anyName.Draw(t, "text"))
		if strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x202e }) {
			t.Fatalf("%q", s)
		}
		if clean(s) != s {
			t.Fatalf("cleaning %q again changes it", s)
		}
	})
}

func TestFactsAreTheSameWhetherTheyBuildOnEarlierOnesOrNot(t *testing.T) {
	for _, make := range []func(int) medml.Snapshot{study, aiming} {
		before := (*facts)(nil)
		for n := 0; n <= 61; n++ {
			for range 2 {
				s := make(min(n, 60))
				if n > 60 {
					s = repeated()
				}
				before = survey(s, before)
				fresh := survey(s, nil)
				if !slices.Equal(before.ranked, fresh.ranked) || !slices.Equal(before.tied, fresh.tied) || before.best != fresh.best ||
					!slices.Equal(before.front, fresh.front) || !slices.Equal(before.place, fresh.place) ||
					!slices.Equal(before.points, fresh.points) || !slices.Equal(before.archs, fresh.archs) || !slices.Equal(before.running, fresh.running) {
					t.Fatalf("after %d trials the facts differ", n)
				}
			}
		}
	}
}

func TestPanelsShareATerminalOutWithoutGapOrOverlap(t *testing.T) {
	for w := leastWidth; w <= 250; w++ {
		for h := leastHeight; h <= 80; h++ {
			for _, n := range []int{0, 2, 16, 64} {
				l := arrange(w, h, n, n%7)
				below := max(l.running.h, l.chart.h)
				switch {
				case l.beside:
					right := l.chart.h + l.running.h + l.curve.h + l.archs.h
					if l.header+l.board.h+1 != h || right != l.board.h || l.board.w+3+l.chart.w != w {
						t.Fatalf("%dx%d, %d running: %+v", w, h, n, l)
					}
				case l.running.h > 0 && l.chart.h > 0 && l.running.w == w:
					below = l.running.h + l.chart.h
					fallthrough
				default:
					if l.header+l.board.h+below+1 != h || l.board.w != w {
						t.Fatalf("%dx%d, %d running: %+v", w, h, n, l)
					}
				}
				if l.board.h < 5 || l.beside && (l.chart.h < 5 || n > 0 && l.running.h < 4 || l.archs.h < 3) {
					t.Fatalf("%dx%d, %d running leaves a panel too little: %+v", w, h, n, l)
				}
			}
		}
	}
}

func TestTheChartShowsTheBestTrialAndTheBetterHalf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &facts{}
		f.Direction = rapid.SampledFrom([]medml.Direction{medml.Maximize, medml.Minimize}).Draw(t, "direction")
		values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 30).Draw(t, "values")
		for i, v := range values {
			f.points = append(f.points, point{float64(i), v, v})
		}
		low, high := historyRange(f)
		if !(low < high) {
			t.Fatalf("range %v to %v", low, high)
		}
		slices.SortFunc(values, func(a, b float64) int {
			if f.Direction.Better(a, b) {
				return -1
			}
			return 1
		})
		for _, v := range values[:(len(values)+1)/2] {
			if v < low || v > high {
				t.Fatalf("%v, in the better half, is outside %v to %v", v, low, high)
			}
		}
	})
}

func TestWidthIsWhatTheTerminalLibrarySays(t *testing.T) {
	pieces := rapid.SliceOf(rapid.SampledFrom([]string{"a", "~", "│", "█", "⣿", "⠀", "–", "…", "★", "診", "é", "\u0301", "👩‍⚕️", "\ufe0f", "✂"}))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(pieces.Draw(t, "pieces"), "")
		if got, want := width(s), lipgloss.Width(s); got != want {
			t.Fatalf("width(%q) = %d, not %d", s, got, want)
		}
	})
}
