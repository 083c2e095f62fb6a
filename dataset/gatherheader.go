package dataset

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// header takes the names of the columns. Where the configuration names them, the first
// line is an example.
func (g *gatherer) header(line int, cells []string) error {
	if given := g.config.Columns.Header; len(given) > 0 {
		g.names = given
		if err := g.findColumns(line); err != nil {
			return err
		}
		return g.row(line, cells)
	}
	for _, cell := range cells {
		g.names = append(g.names, strings.TrimSpace(strings.Clone(cell)))
	}
	if err := g.checkHeader(line); err != nil {
		return err
	}
	return g.findColumns(line)
}

// findColumns finds the columns that the configuration names.
func (g *gatherer) findColumns(line int) error {
	var err error
	if g.target, err = g.find("target", g.config.Target); err != nil {
		return err
	}
	if g.config.Group == "" {
		g.suspects = suspects(g.names)
	}
	if g.config.grouped() {
		if g.group, err = g.find("group", g.config.Group); err != nil {
			return err
		}
	}
	for i, name := range g.config.attributes() {
		index, err := g.find(g.config.attributeField(i), name)
		if err != nil {
			return err
		}
		g.attributes = append(g.attributes, &attributeColumn{name: name, index: index})
	}
	for i, name := range g.config.Features {
		index, err := g.find(fmt.Sprintf("features[%d]", i), name)
		if err != nil {
			return err
		}
		g.features = append(g.features, &column{name: name, index: index})
	}
	kinds, err := g.findKinds()
	if err != nil {
		return err
	}
	if len(g.config.Features) == 0 {
		if err := g.takeOthers(line, kinds); err != nil {
			return err
		}
	}
	for _, f := range g.features {
		f.as(kinds[f.index], g.config.Columns.Ordinal)
	}
	return nil
}

// checkHeader refuses a header that isn't one.
func (g *gatherer) checkHeader(line int) error {
	e := &CellError{File: g.file, Line: line}
	words := 0
	for _, name := range g.names {
		if !utf8.ValidString(name) {
			e.Found, e.Expected = "a header that is not UTF-8", savedAsUTF8
			return e
		}
		if isWord(name) {
			words++
		}
	}
	if words == 0 {
		e.Found, e.Expected = "a line of numbers", "a header with the columns' names"
		return e
	}
	seen := map[string]bool{}
	for _, name := range g.names {
		if name != "" && seen[name] {
			if isWord(name) { // a number may be a patient's, and isn't shown
				e.Column = name
			}
			e.Found, e.Expected = "a name for the second time", "each column to have a name of its own"
			return e
		}
		seen[name] = true
	}
	return nil
}

func isWord(name string) bool {
	_, kind := parseNumber(name)
	return kind == word
}

// find returns the number of the column of that name. The error never shows a first line
// that may be a patient's.
func (g *gatherer) find(field, name string) (int, error) {
	if i := slices.Index(g.names, name); i >= 0 {
		return i, nil
	}
	hint := didYouMean(name, g.names)
	switch {
	case len(g.names) == 1 && strings.Contains(g.names[0], "\t") && g.config.Format == "csv":
		hint = "; its first line is one cell with tabs in it: that is format: tsv"
	case len(g.names) == 1 && strings.ContainsAny(g.names[0], ";\t|"):
		hint = "; its first line is one cell: are the cells separated by something else than the format says?"
	case slices.ContainsFunc(g.names, func(s string) bool { return s != "" && !isWord(s) }):
		hint = "; its first line holds numbers: is the header missing?"
	}
	return 0, &FieldError{field, fmt.Sprintf("no column %q in %s%s", name, g.file, hint)}
}

// takeOthers takes all columns as features but the target, the group, that of the split and
// those ignored.
func (g *gatherer) takeOthers(line int, kinds map[int]columnKind) error {
	for i, name := range g.names {
		if i == g.target || i == g.group || kinds[i] == ignored || name != "" && name == g.config.Split.Column {
			continue
		}
		if name == "" {
			return &CellError{
				File: g.file, Line: line, Found: fmt.Sprintf("no name for column %d", i+1),
				Expected: "a name (if it numbers the rows, take it out or list the features)",
			}
		}
		g.features = append(g.features, &column{name: name, index: i})
	}
	if len(g.features) == 0 {
		return &CellError{File: g.file, Line: line, Found: "no column beside the target", Expected: "features to learn from"}
	}
	return nil
}
