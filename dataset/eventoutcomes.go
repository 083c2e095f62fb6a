package dataset

import (
	"fmt"
	"slices"
	"strings"
)

// outcome is what the outcomes say of an id.
type outcome struct {
	line  int
	id    string
	cells map[string]string // of the columns that are asked for
}

// outcomes takes the rows of the table of outcomes.
type outcomes struct {
	config Config
	file   string
	names  []string
	id     int
	wanted []int // columns
	lines  map[string]int
	list   []outcome
}

// readOutcomes reads the table that the configuration names. columns are those that must be
// there, by field; what others ask for is kept where it is.
func readOutcomes(o *origin, c Config, lim limits) (*outcomes, error) {
	beside, err := o.beside(c.Events.Outcomes)
	if err != nil {
		return nil, inField(err, "events.outcomes")
	}
	defer beside.close()
	r, err := beside.open("")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	t := &outcomes{config: c, file: beside.path(), lines: map[string]int{}}
	delimiter := byte(',')
	if ext(beside.path()) == ".tsv" {
		delimiter = '\t'
	}
	if err := delimited(delimiter)(t.file, r, lim, t); err != nil {
		return nil, err
	}
	if len(t.list) == 0 {
		return nil, &CellError{File: t.file, Found: "no outcome", Expected: "a header and a line for each id"}
	}
	return t, nil
}

func (t *outcomes) header(line int, names []string) error {
	for _, name := range names {
		t.names = append(t.names, strings.TrimSpace(strings.Clone(name)))
	}
	want := []struct{ field, name string }{
		{"events.outcome_id", t.config.Events.OutcomeID}, {"target", t.config.Target},
		{"group", t.config.groupColumn()}, {"events.anchor", t.config.Events.Anchor},
	}
	for i, w := range want {
		at := slices.Index(t.names, w.name)
		switch {
		case w.name == "":
			continue
		case at < 0:
			return &FieldError{w.field, fmt.Sprintf("no column %q in %s%s", w.name, t.file, didYouMean(w.name, t.names))}
		case i == 0:
			t.id = at
		}
		t.wanted = append(t.wanted, at)
	}
	for _, name := range t.config.attributes() {
		if at := slices.Index(t.names, name); at >= 0 {
			t.wanted = append(t.wanted, at)
		}
	}
	return nil
}

func (t *outcomes) row(line int, cells []string) error {
	e := &CellError{File: t.file, Line: line}
	if len(cells) != len(t.names) {
		e.Found, e.Expected = fmt.Sprintf("%d cells", len(cells)), fmt.Sprintf("%d, as in the header", len(t.names))
		return e
	}
	id := strings.TrimSpace(strings.Clone(cells[t.id]))
	if first, ok := t.lines[id]; ok || id == "" {
		e.Column, e.Found, e.Expected = t.names[t.id], "no id", "one"
		if ok {
			e.Found, e.Expected = "an id for the second time", fmt.Sprintf("it once, as in line %d", first)
		}
		return e
	}
	t.lines[id] = line
	o := outcome{line, id, map[string]string{}}
	for _, at := range t.wanted {
		o.cells[t.names[at]] = strings.TrimSpace(strings.Clone(cells[at]))
	}
	t.list = append(t.list, o)
	return nil
}

// groupColumn is the column that names the patient, "" where there is none.
func (c Config) groupColumn() string {
	if !c.grouped() {
		return ""
	}
	return c.Group
}
