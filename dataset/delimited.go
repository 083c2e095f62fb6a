package dataset

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// delimited returns the reader of text tables as RFC 4180 describes them, with the given
// delimiter in place of the comma: UTF-8, a header, a record a line, quotes where a cell
// holds a delimiter, a quote or a line's end. A byte order mark and blank lines are
// passed over. Instead of commas there may be semicolons, which a spreadsheet writes where
// the comma is the decimal sign.
func delimited(delimiter byte) func(string, io.Reader, limits, table) error {
	return func(file string, r io.Reader, lim limits, into table) error {
		in := bufio.NewReaderSize(r, 64<<10)
		if err := skipMark(file, in); err != nil {
			return err
		}
		delimiter := delimiter
		if delimiter == ',' && hasSemicolons(in) {
			delimiter = ';'
		}
		c := csv.NewReader(&recordGuard{r: in, file: file, lim: lim, delimiter: delimiter, line: 1, start: 1})
		c.Comma = rune(delimiter)
		c.FieldsPerRecord = -1 // the table counts them and says where
		c.ReuseRecord = true
		for first := true; ; first = false {
			cells, err := c.Read()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return recordError(file, err)
			}
			line, _ := c.FieldPos(0)
			if first {
				err = into.header(line, cells)
			} else {
				err = into.row(line, cells)
			}
			if err != nil {
				return err
			}
		}
	}
}

// skipMark passes over a UTF-8 byte order mark and refuses the marks of UTF-16.
func skipMark(file string, in *bufio.Reader) error {
	mark, _ := in.Peek(3) // an error comes again when the first record is read
	if bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, err := in.Discard(3)
		return err
	}
	if bytes.HasPrefix(mark, []byte("\xff\xfe")) || bytes.HasPrefix(mark, []byte("\xfe\xff")) {
		return &CellError{File: file, Line: 1, Found: "UTF-16 text", Expected: "UTF-8"}
	}
	return nil
}

// hasSemicolons reports whether the first line is one cell between commas, and several
// between semicolons.
func hasSemicolons(in *bufio.Reader) bool {
	start, _ := in.Peek(in.Size()) // an error comes again when the first record is read
	quoted, several := false, false
	for _, b := range start {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == ',':
			return false
		case b == ';':
			several = true
		case b == '\n' && several:
			return true
		}
	}
	return several
}

// recordError says in words what encoding/csv found wrong with a record.
func recordError(file string, err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	e := &CellError{File: file, Line: parse.StartLine, Found: "a quote inside a cell without quotes"}
	if errors.Is(parse.Err, csv.ErrQuote) {
		e.Found = "a quoted cell that doesn't end, or goes on after its closing quote"
	}
	e.Expected = "the whole cell in quotes, and each quote inside it doubled"
	return e
}

// recordGuard stops a record that is too long or has too many cells before encoding/csv
// gathers it: one forgotten quote makes the rest of a file one cell.
type recordGuard struct {
	r         io.Reader
	file      string
	lim       limits
	delimiter byte

	quoted      bool
	line, start int // where it reads, and where the record began
	size, cells int // of the record so far; cells counts its delimiters
}

// Read passes the bytes on and ends with an error at the first record out of bounds.
func (g *recordGuard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	for i, b := range p[:n] {
		g.size++
		switch {
		case b == '"':
			g.quoted = !g.quoted
		case b == '\n':
			g.line++
			if !g.quoted {
				g.size, g.cells, g.start = 0, 0, g.line
			}
		case b == g.delimiter && !g.quoted:
			g.cells++
		}
		if e := g.excess(); e != nil {
			return i, e
		}
	}
	return n, err
}

func (g *recordGuard) excess() error {
	switch {
	case g.cells >= g.lim.columns:
		return &CellError{
			File: g.file, Line: g.start, Found: fmt.Sprintf("more than %d cells", g.lim.columns),
			Expected: "at most that many",
		}
	case g.size > g.lim.record:
		return &CellError{
			File: g.file, Line: g.start, Found: fmt.Sprintf("a record of more than %d bytes", g.lim.record),
			Expected: "a shorter one (is a quote left open?)",
		}
	}
	return nil
}
