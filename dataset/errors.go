package dataset

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"medml/internal/nearest"
)

// FieldError is a mistake in a [Config].
type FieldError struct {
	// Field is the path inside the data section, such as "split.folds" or "features[2]".
	Field string
	// Msg says what is wrong with it, and names the nearest valid name where there is one.
	Msg string
}

// Error returns the field's path from the top of the experiment, and the message.
func (e *FieldError) Error() string { return "data." + e.Field + ": " + e.Msg }

// CellError is a mistake in a data file. It shows at most one short cell, never a row.
type CellError struct {
	File string
	// Line counts from 1; 0 stands for a whole column or the whole file.
	Line int
	// Column is the column's name; "" stands for the whole line.
	Column string
	// Found and Expected say what the file holds and what it should hold there.
	Found, Expected string
}

// Error returns the place, what was found there and what was expected.
func (e *CellError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		b.WriteString(":" + strconv.Itoa(e.Line))
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ": column %s", oneLine(e.Column))
	}
	fmt.Fprintf(&b, ": found %s, expected %s", e.Found, e.Expected)
	return b.String()
}

// quoted returns a cell as an error shows it: short, and with nothing that a terminal
// would act upon.
func quoted(cell string) string {
	const most = 16 // characters: enough to find the cell, too few for a note on a patient
	if r := []rune(cell); len(r) > most {
		cell = string(r[:most]) + "…"
	}
	return strconv.Quote(cell)
}

// oneLine returns a name from a file as an error shows it: as it is, or quoted where it
// would break the line or act upon a terminal.
func oneLine(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// didYouMean returns the end of an error about a name that a file doesn't have: the
// nearest that it has, and never a list of them all.
func didYouMean(name string, known []string) string {
	near := nearest.Names(name, known)
	for i := range near {
		near[i] = oneLine(near[i])
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// inField has an error about the source name the field that led to it.
func inField(err error, field string) error {
	var f *FieldError
	if errors.As(err, &f) {
		f.Field = field
	}
	return err
}
