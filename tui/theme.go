package tui

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"medml"
)

// ink is a style as the bytes before and after a text. A lipgloss style is rendered once
// to find them, because a frame holds hundreds of painted texts.
type ink struct{ on, off string }

func (k ink) paint(s string) string {
	if k.on == "" || s == "" {
		return s
	}
	return k.on + s + k.off
}

// glyphs are the marks of a screen, in Unicode or in ASCII.
type glyphs struct {
	ascii      bool
	ellipsis   string
	rule, bar  string // of one cell
	full, rest string // of a progress bar
	cursor     string
	best, tied string
	front      string    // on the Pareto front
	violated   string    // doesn't meet a constraint
	held       string    // paused
	states     [5]string // by medml.State
	study      map[medml.StudyState]string
	levels     []string // of a sparkline, lowest first
	dot        string   // between words
	dashed     string   // a reference line
	up, down   string   // sorted upwards, downwards
	caret      string
	to         string // between the ends of an interval
	plusMinus  string
}

var unicodeGlyphs = glyphs{
	ellipsis: "…", rule: "─", bar: "│", full: "█", rest: "░", cursor: "›", best: "★", tied: "≈",
	front: "◆", violated: "!", held: "‖",
	states: [5]string{medml.Waiting: "○", medml.Running: "▸", medml.Complete: "✓", medml.Pruned: "✂", medml.Failed: "✗"},
	study: map[medml.StudyState]string{
		medml.StudyRunning: "▸", medml.StudyInterrupted: "‖", medml.StudyPaused: "‖", medml.StudyComplete: "✓",
	},
	levels: []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	dot:    "·", dashed: "╌", up: "▴", down: "▾", caret: "▏", to: "–", plusMinus: "±",
}

var asciiGlyphs = glyphs{
	ascii: true, ellipsis: "..", rule: "-", bar: "|", full: "#", rest: ".", cursor: ">", best: "*", tied: "~",
	front: "@", violated: "!", held: "=",
	states: [5]string{medml.Waiting: "o", medml.Running: ">", medml.Complete: "+", medml.Pruned: "%", medml.Failed: "x"},
	study: map[medml.StudyState]string{
		medml.StudyRunning: ">", medml.StudyInterrupted: "=", medml.StudyPaused: "=", medml.StudyComplete: "+",
	},
	levels: []string{"_", ".", ",", "-", "=", "+", "*", "#"},
	dot:    "-", dashed: "-", up: "^", down: "v", caret: "_", to: "-", plusMinus: "+-",
}

// theme is everything about a screen's look.
type theme struct {
	glyphs
	name, dim, head, best, chosen, alert, mark ink
	states                                     [5]ink // by medml.State
	curve, points                              ink
}

// colours that people with any common colour vision tell apart, after Okabe and Ito,
// "Color Universal Design" (2008), darker ones for light backgrounds.
var (
	blue   = lipgloss.AdaptiveColor{Light: "#005A8F", Dark: "#56B4E9"}
	green  = lipgloss.AdaptiveColor{Light: "#00694D", Dark: "#2FBF95"}
	orange = lipgloss.AdaptiveColor{Light: "#8F5B00", Dark: "#E69F00"}
	red    = lipgloss.AdaptiveColor{Light: "#A83E00", Dark: "#F0803C"}
	grey   = lipgloss.AdaptiveColor{Light: "#5F5F5F", Dark: "#9A9A9A"}
	shade  = lipgloss.AdaptiveColor{Light: "#DCE6EE", Dark: "#303A44"}
)

func newTheme(r *lipgloss.Renderer, ascii bool) theme {
	style := func(c lipgloss.TerminalColor) lipgloss.Style { return r.NewStyle().Foreground(c) }
	th := theme{glyphs: unicodeGlyphs}
	if ascii {
		th.glyphs = asciiGlyphs
	}
	th.name = inkOf(r.NewStyle().Bold(true))
	th.dim = inkOf(style(grey))
	th.head = inkOf(style(grey).Bold(true))
	th.best = inkOf(style(green).Bold(true))
	th.chosen = inkOf(r.NewStyle().Bold(true).Background(shade))
	th.alert = inkOf(style(orange).Bold(true))
	th.mark = inkOf(style(blue).Bold(true))
	th.curve = inkOf(style(blue))
	th.points = inkOf(style(grey))
	th.states = [5]ink{
		medml.Waiting: th.dim, medml.Running: inkOf(style(blue)), medml.Complete: {},
		medml.Pruned: th.dim, medml.Failed: inkOf(style(red)),
	}
	return th
}

// inkOf finds what the style writes before and after a text; nothing without colours.
func inkOf(s lipgloss.Style) ink {
	on, off, _ := strings.Cut(s.Render("x"), "x")
	return ink{on, off}
}

// rendererFor returns a renderer for w that asks the terminal nothing: its background
// was asked for when the program started, before anything else read the terminal.
func rendererFor(w io.Writer, colour bool) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(w)
	if !colour {
		r.SetColorProfile(termenv.Ascii)
	}
	r.SetHasDarkBackground(lipgloss.HasDarkBackground())
	return r
}
