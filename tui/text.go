package tui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/lipgloss"

	"medml"
)

// clean replaces what would move a terminal's cursor (control characters, line and
// paragraph separators, changes of writing direction) with spaces. Names and reasons
// come from files and errors, so they pass through here before they are drawn.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// width returns how many cells s takes, which has no escape sequences.
func width(s string) int {
	n := 0
	for _, r := range s {
		// Most of a screen: ASCII, box drawing, block elements, braille.
		if r >= 0x20 && r < 0x7f || r >= 0x2500 && r <= 0x259f || r >= 0x2800 && r <= 0x28ff || r == '–' || r == '…' {
			n++
			continue
		}
		return lipgloss.Width(s)
	}
	return n
}

// cut returns the longest start of s that fits in w cells.
func cut(s string, w int) string {
	switch {
	case w <= 0:
		return ""
	case width(s) <= w:
		return s
	case isASCII(s):
		return s[:w]
	}
	return lipgloss.NewStyle().MaxWidth(w).Render(s)
}

// clip returns s, or as much of its start as fits in w cells with the ellipsis behind it.
func clip(s string, w int, ellipsis string) string {
	if width(s) <= w {
		return s
	}
	if e := width(ellipsis); w > e+1 {
		return strings.TrimRight(cut(s, w-e), " ") + ellipsis
	}
	return cut(s, w)
}

// number formats a metric's value: four decimals between 0.001 and 1, where scores such
// as the AUROC live, and four significant digits elsewhere.
func number(x float64) string {
	switch a := math.Abs(x); {
	case x != x:
		return "-"
	case math.IsInf(x, 0):
		return strconv.FormatFloat(x, 'g', -1, 64)
	case a == 0 || a >= 0.001 && a <= 1:
		return strconv.FormatFloat(x, 'f', 4, 64)
	}
	return fmt.Sprintf("%.4g", x)
}

// figure formats a value of any objective: a count, such as that of a model's weights, in
// all its digits.
func figure(x float64) string {
	if a := math.Abs(x); a > 1 && a < 1e9 && x == math.Trunc(x) {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return number(x)
}

// interval formats a 95 % confidence interval as "0.9921–0.9975", "" where there is none.
func (g glyphs) interval(low, high float64) string {
	switch {
	case low != low || high != high:
		return ""
	case low < 0:
		return number(low) + " to " + number(high)
	}
	return number(low) + g.to + number(high)
}

// shownInterval is the interval of the value that lastValue shows: none of a mean over
// several seeds, for the interval is that of the first alone.
func (g glyphs) shownInterval(t medml.Trial) string {
	if len(t.Repeats) > 0 {
		return ""
	}
	return g.interval(t.Low, t.High)
}

// setting formats a hyperparameter's value in few cells; numbers have three digits.
func setting(v medml.Value) string {
	if v.Kind() == medml.FloatKind {
		return strconv.FormatFloat(v.Float(), 'g', 3, 64)
	}
	return clean(v.String())
}

// clock formats a duration as mm:ss, h:mm:ss or days.
func clock(d time.Duration) string {
	s := int64(max(0, d).Round(time.Second) / time.Second)
	h, m := s/3600, s/60%60
	switch {
	case h >= 48:
		return fmt.Sprintf("%dd %02d:%02d", h/24, h%24, m)
	case h > 0:
		return fmt.Sprintf("%d:%02d:%02d", h, m, s%60)
	}
	return fmt.Sprintf("%02d:%02d", m, s%60)
}

// took formats how long a trial ran: "40ms", "9.4s", "2m05s", "3h10m".
func took(seconds float64) string {
	switch s := int64(math.Round(seconds)); {
	case seconds > 0 && seconds < 0.0995:
		return fmt.Sprintf("%dms", max(1, int(math.Round(seconds*1000))))
	case seconds < 99.95:
		return strconv.FormatFloat(max(0, seconds), 'f', 1, 64) + "s"
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	default:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	}
}

// plural returns "1 trial", "2 trials".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}
