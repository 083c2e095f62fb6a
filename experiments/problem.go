package experiments

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// mostProblems bounds how many mistakes an [Errors] lists.
const mostProblems = 50

// Problem is one mistake in an experiment.
type Problem struct {
	// Line and Column say where in the file, both from 1, columns in characters; 0 where
	// the mistake has no place, as when the file doesn't exist.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Flag is the --set override that holds the mistake, when it isn't in the file.
	Flag string `json:"flag,omitempty"`
	// Path is the field's dotted path, such as "space.learning_rate.low".
	Path string `json:"path,omitempty"`
	// Found is the offending text, if there is one.
	Found string `json:"found,omitempty"`
	// Msg says what is wrong, in a line.
	Msg string `json:"message"`
	// Hint says what to write instead: "did you mean filters?". It may be empty.
	Hint string `json:"hint,omitempty"`

	flag int // the number of the override from 1, 0 for the file
}

// Errors are all mistakes of an experiment, those of the file in its order and then
// those of the overrides.
type Errors struct {
	// File is the experiment's file as the caller named it.
	File string
	List []Problem

	source []string // the file's lines, for excerpts
}

// Error returns one line for each mistake, without a newline at the end.
func (e *Errors) Error() string {
	lines := make([]string, len(e.List))
	for i, p := range e.List {
		lines[i] = e.line(p)
	}
	return strings.Join(lines, "\n")
}

// Excerpts returns the lines of [Errors.Error], each with the line of the file below it
// and a caret under the place, ending in a newline.
func (e *Errors) Excerpts() string {
	var b strings.Builder
	for _, p := range e.List {
		b.WriteString(e.line(p))
		b.WriteByte('\n')
		if p.Line < 1 || p.Line > len(e.source) {
			continue
		}
		text := []rune(printable(e.source[p.Line-1]))
		number := strconv.Itoa(p.Line)
		fmt.Fprintf(&b, "  %s | %s\n", number, string(text))
		caret := min(max(p.Column-1, 0), len(text))
		fmt.Fprintf(&b, "  %s | %s^\n", strings.Repeat(" ", len(number)), strings.Repeat(" ", caret))
	}
	return b.String()
}

// line writes a mistake as a compiler does: where, what, and what was meant.
func (e *Errors) line(p Problem) string {
	var b strings.Builder
	switch {
	case p.Flag != "":
		b.WriteString("--set " + printable(p.Flag))
	case p.Line > 0:
		fmt.Fprintf(&b, "%s:%d:%d", printable(e.File), p.Line, p.Column)
	default:
		b.WriteString(printable(e.File))
	}
	b.WriteString(": ")
	key, _, _ := strings.Cut(p.Flag, "=")
	if p.Path != "" && p.Path != key {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Msg)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// sorted puts the mistakes in the order of the file, then of the overrides, and drops
// what exceeds the bound.
func (e *Errors) sorted() *Errors {
	slices.SortStableFunc(e.List, func(a, b Problem) int {
		if a.flag != b.flag {
			return a.flag - b.flag
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	if extra := len(e.List) - mostProblems; extra > 0 {
		e.List = append(e.List[:mostProblems:mostProblems], Problem{
			Msg: fmt.Sprintf("and %d more mistakes", extra),
		})
	}
	return e
}

// printable replaces what could move a terminal's cursor.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || !strconv.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}

// quoted returns found text for a message, shortened where it is long.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return strconv.Quote(s)
}

// orList writes "a", "a or b", "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
