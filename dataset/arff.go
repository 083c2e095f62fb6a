package dataset

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// readARFF reads Weka's attribute-relation files (Witten, Frank & Hall 2011, section 2.4):
// numeric, nominal, string and date attributes, "?" for a missing value, quotes, and
// comments behind %. What an attribute declares is held to: a numeric one has no words, a
// nominal one no others than it lists, numbers or not. Strings and dates are words.
// Sparse rows, weights and relational attributes are refused.
func readARFF(file string, r io.Reader, lim limits, into table) error {
	a := &arff{file: file, lim: lim, in: bufio.NewReaderSize(r, 64<<10)}
	if err := skipMark(file, a.in); err != nil {
		return err
	}
	if err := a.readHeader(); err != nil {
		return err
	}
	names, kinds := make([]string, len(a.attributes)), map[int]columnKind{}
	for i, t := range a.attributes {
		names[i] = t.name
		switch {
		case t.numeric:
			kinds[i] = numbers
		case t.values != nil:
			kinds[i] = categories
		}
	}
	if d, ok := into.(declared); ok {
		d.declare(kinds)
	}
	if err := into.header(a.line, names); err != nil {
		return err
	}
	return a.readRows(into)
}

// declared is a table that a format may tell what its columns are, before the header.
type declared interface {
	declare(kinds map[int]columnKind)
}

// arff reads one file.
type arff struct {
	file       string
	lim        limits
	in         *bufio.Reader
	line       int
	attributes []arffAttribute
}

// arffAttribute is a column.
type arffAttribute struct {
	name    string
	numeric bool
	values  map[string]bool // of a nominal one
}

func (a *arff) error(column, found, expected string) error {
	return &CellError{File: a.file, Line: a.line, Column: column, Found: found, Expected: expected}
}

// next returns the next line that is neither empty nor a comment, trimmed; "" at the end.
func (a *arff) next() (string, error) {
	for {
		var long []byte
		for {
			part, err := a.in.ReadSlice('\n')
			if len(long)+len(part) > a.lim.record {
				a.line++
				return "", a.error("", fmt.Sprintf("a line of more than %d bytes", a.lim.record), "a shorter one")
			}
			long = append(long, part...)
			if err == bufio.ErrBufferFull {
				continue
			}
			if err != nil && err != io.EOF {
				return "", err
			}
			if err == io.EOF && len(long) == 0 {
				return "", nil
			}
			break
		}
		a.line++
		if line := bytes.TrimSpace(long); len(line) > 0 && line[0] != '%' {
			return string(line), nil
		}
	}
}

// readHeader reads up to the line @data.
func (a *arff) readHeader() error {
	for {
		line, err := a.next()
		if err != nil {
			return err
		}
		word, rest, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
		switch strings.ToLower(word) {
		case "":
			return a.error("", "an end before @data", "the attributes, @data, and a line for each example")
		case "@relation":
		case "@attribute":
			if err := a.attribute(strings.TrimSpace(rest)); err != nil {
				return err
			}
		case "@data":
			if len(a.attributes) == 0 {
				return a.error("", "@data before any @attribute", "the attributes first")
			}
			return nil
		default:
			return a.error("", quoted(word), "@relation, @attribute, @data, or a comment after %")
		}
	}
}

// attribute takes what stands after the word @attribute.
func (a *arff) attribute(text string) error {
	if len(a.attributes) >= a.lim.columns {
		return a.error("", fmt.Sprintf("more than %d attributes", a.lim.columns), "at most that many")
	}
	s := scanner{text: text}
	name, ok := s.word(" {")
	if !ok || name == "" || !utf8.ValidString(name) {
		return a.error("", "an attribute without a name in UTF-8", `@attribute, a name and a type, with quotes around a name of several words`)
	}
	t := arffAttribute{name: name}
	kind := strings.TrimSpace(s.rest())
	word, _, _ := strings.Cut(strings.ToLower(kind), " ")
	switch {
	case strings.HasPrefix(kind, "{"):
		values, err := a.nominal(name, kind)
		if err != nil {
			return err
		}
		t.values = values
	case word == "numeric", word == "real", word == "integer":
		t.numeric = true
	case word == "string", word == "date":
	case word == "relational":
		return a.error(name, "a relational attribute", "numeric, nominal, string or date ones: a table of rows")
	default:
		return a.error(name, "the type "+quoted(kind), "numeric, string, date or {the, values}")
	}
	a.attributes = append(a.attributes, t)
	return nil
}

// nominal returns the values between braces.
func (a *arff) nominal(name, text string) (map[string]bool, error) {
	s := scanner{text: strings.TrimSpace(text[1:])}
	values := map[string]bool{}
	for !strings.HasPrefix(s.rest(), "}") {
		v, ok := s.word(",}")
		if !ok || s.rest() == "" {
			return nil, a.error(name, "a list of values that doesn't end", "values in braces, with commas between them")
		}
		values[v] = true
		s.skip(",")
	}
	if len(values) == 0 {
		return nil, a.error(name, "no values in the braces", "the values of the attribute")
	}
	return values, nil
}

// readRows reads what follows @data.
func (a *arff) readRows(into table) error {
	cells := make([]string, 0, len(a.attributes))
	for {
		line, err := a.next()
		if err != nil || line == "" {
			return err
		}
		if cells, err = a.cells(cells[:0], line); err != nil {
			return err
		}
		if err := into.row(a.line, cells); err != nil {
			return err
		}
	}
}

func (a *arff) cells(cells []string, line string) ([]string, error) {
	if line[0] == '{' {
		return nil, a.error("", "a sparse row", "all values of the example, with commas between them")
	}
	s := scanner{text: line}
	for {
		bare := s.bare()
		cell, ok := s.word(",\t")
		if !ok {
			return nil, a.error("", "a quote that doesn't end, or text behind one", "the whole cell in quotes")
		}
		if bare && strings.HasPrefix(cell, "{") {
			return nil, a.error("", "a weight in braces", "examples without weights")
		}
		if i := len(cells); i < len(a.attributes) && !(bare && cell == "?") {
			if t := a.attributes[i]; t.values != nil && !t.values[cell] {
				return nil, a.error(t.name, quoted(cell), "one of the values that its @attribute lists, or ?")
			}
		}
		if cells = append(cells, cell); s.rest() == "" {
			return cells, nil
		}
		if len(cells) > len(a.attributes) {
			return cells, nil // the table says how many there should be
		}
		if s.skip(",\t"); s.rest() == "" {
			return append(cells, ""), nil
		}
	}
}

// scanner takes words off a line, with or without quotes.
type scanner struct {
	text string
	at   int
}

func (s *scanner) rest() string { return s.text[s.at:] }

// bare reports whether the next word has no quotes.
func (s *scanner) bare() bool {
	rest := strings.TrimLeft(s.rest(), " ")
	return rest == "" || rest[0] != '\'' && rest[0] != '"'
}

// skip passes over one of the bytes, and spaces around it.
func (s *scanner) skip(any string) {
	s.at = len(s.text) - len(strings.TrimLeft(s.rest(), " "))
	if s.at < len(s.text) && strings.IndexByte(any, s.text[s.at]) >= 0 {
		s.at++
	}
	s.at = len(s.text) - len(strings.TrimLeft(s.rest(), " "))
}

// word returns the next word, which ends before one of the bytes; false for quotes that
// don't end, or behind which something else stands.
func (s *scanner) word(end string) (string, bool) {
	s.at = len(s.text) - len(strings.TrimLeft(s.rest(), " "))
	if s.bare() {
		n := strings.IndexAny(s.rest(), end)
		if n < 0 {
			n = len(s.rest())
		}
		word := strings.TrimSpace(s.rest()[:n])
		s.at += n
		return word, true
	}
	quote := s.text[s.at]
	var b strings.Builder
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '\\' && s.at+1 < len(s.text):
			s.at++
			b.WriteByte(s.text[s.at])
		case c == quote:
			s.at++
			after := strings.TrimLeft(s.rest(), " ")
			ok := after == "" || strings.IndexByte(end, after[0]) >= 0 || s.at < len(s.text) && strings.IndexByte(end, s.text[s.at]) >= 0
			if strings.IndexByte(end, ' ') < 0 {
				s.at = len(s.text) - len(after)
			}
			return b.String(), ok
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}
