package dataset

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// eventRows takes the rows of a table of events.
type eventRows struct {
	log                       *eventLog
	file                      string
	one                       *stay // whose events these are; nil where a column says
	columns                   int
	id, time, variable, value int
}

func (e *eventRows) header(line int, names []string) error {
	e.columns = len(names)
	c := e.log.config.Events
	var err error
	find := func(field, configured string, usual ...string) int {
		i := findColumn(names, configured, usual)
		if i < 0 && err == nil {
			name := configured
			if name == "" {
				name = usual[0]
			}
			err = &FieldError{"events." + field, fmt.Sprintf("no column %q in %s%s", name, e.file, didYouMean(name, names))}
		}
		return i
	}
	if e.one == nil {
		e.id = find("id", c.ID, "id")
	}
	e.time = find("time", c.Time, "time")
	e.variable = find("variable", c.Variable, "variable", "parameter")
	e.value = find("value", c.Value, "value")
	return err
}

// findColumn returns the number of the column of the configured name, or of one of the
// usual names in any case; -1 if there is none.
func findColumn(names []string, configured string, usual []string) int {
	return slices.IndexFunc(names, func(name string) bool {
		name = strings.TrimSpace(name)
		if configured != "" {
			return name == configured
		}
		return slices.ContainsFunc(usual, func(u string) bool { return strings.EqualFold(u, name) })
	})
}

func (e *eventRows) row(line int, cells []string) error {
	if len(cells) != e.columns {
		return &CellError{
			File: e.file, Line: line, Found: fmt.Sprintf("%d cells", len(cells)),
			Expected: fmt.Sprintf("%d, as in the header", e.columns),
		}
	}
	l, s := e.log, e.one
	name := strings.TrimSpace(cells[e.variable])
	if name == "" {
		return &CellError{File: e.file, Line: line, Found: "no variable", Expected: "its name"}
	}
	if s == nil {
		var err error
		if s, err = e.stay(line, strings.TrimSpace(cells[e.id])); err != nil {
			return err
		}
	} else if name == byDefault(l.config.Events.ID, "RecordID") {
		return nil // the file's own number, which tells nothing but who it is
	}
	if l.wanted != nil && !l.wanted[name] {
		return nil
	}
	cell := strings.TrimSpace(cells[e.value])
	x, kind := parseNumber(cell)
	switch kind {
	case missing:
		return nil
	case tooLarge, word:
		return &CellError{File: e.file, Line: line, Column: "value", Found: quoted(cell), Expected: numberExpected(kind) + " for " + quoted(name)}
	}
	hours, dated, ok := parseHours(strings.TrimSpace(cells[e.time]))
	switch {
	case !ok:
		return &CellError{File: e.file, Line: line, Column: "time", Found: quoted(cells[e.time]), Expected: "hours, hh:mm, or a date as in 2006-01-02 15:04"}
	case len(s.events) > 0 && dated != s.dated:
		return &CellError{File: e.file, Line: line, Column: "time", Found: quoted(cells[e.time]), Expected: "dates throughout, or hours throughout"}
	}
	s.dated = dated
	if l.isMissing(name, x) {
		return nil
	}
	code, err := e.code(line, name)
	if err != nil {
		return err
	}
	if l.count++; l.count > l.lim.values/4 {
		return &CellError{File: e.file, Line: line, Found: fmt.Sprintf("more than %d events", l.lim.values/4), Expected: "at most that many: fewer variables or ids"}
	}
	s.events = append(s.events, event{code, float32(x), hours})
	return nil
}

// stay returns that of an id.
func (e *eventRows) stay(line int, id string) (*stay, error) {
	if _, kind := parseNumber(id); kind == missing {
		return nil, &CellError{File: e.file, Line: line, Column: "id", Found: "no value", Expected: "whose event it is"}
	}
	s, ok := e.log.stays[id]
	if !ok {
		s = &stay{where: e.file + ":" + strconv.Itoa(line)}
		e.log.stays[strings.Clone(id)] = s
	}
	return s, nil
}

// code returns a variable's number.
func (e *eventRows) code(line int, name string) (int32, error) {
	l := e.log
	if code, ok := l.codes[name]; ok {
		return code, nil
	}
	if len(l.variables) >= maxVariables {
		return 0, &CellError{
			File: e.file, Line: line, Found: fmt.Sprintf("more than %d variables", maxVariables),
			Expected: "at most that many, or a list of features",
		}
	}
	name = strings.Clone(name)
	code := int32(len(l.variables))
	l.variables, l.codes[name] = append(l.variables, name), code
	return code, nil
}

// maxVariables bounds those that a log may have: each is a channel of every example.
const maxVariables = 5000

// isMissing reports whether a number stands for a missing value.
func (l *eventLog) isMissing(variable string, x float64) bool {
	return slices.Contains(l.config.Events.Missing, x) || l.config.Events.Plausible && !isPlausible(variable, x)
}

// eventDates are the forms of dates, as ISO 8601 and MIMIC write them. Without a zone they
// are taken for UTC: only differences count.
var eventDates = []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"}

// parseHours returns a time in hours: of hh:mm or hh:mm:ss, of a number of hours, or of a
// date since 1970.
func parseHours(cell string) (hours float64, dated, ok bool) {
	if h, rest, found := strings.Cut(cell, ":"); found && !strings.Contains(h, "-") || strings.HasPrefix(cell, "-") && found {
		sign := 1.0
		if strings.HasPrefix(h, "-") {
			sign, h = -1, h[1:]
		}
		m, s, seconds := strings.Cut(rest, ":")
		if !seconds {
			s = "0"
		}
		a, okA := digits(h, 1e6)
		b, okB := digits(m, 59)
		c, okC := digits(s, 59)
		return sign * (float64(a) + float64(b)/60 + float64(c)/3600), false, okA && okB && okC
	}
	if x, kind := parseNumber(cell); kind == numeric {
		return x, false, math.Abs(x) <= 1e6
	}
	for _, form := range eventDates {
		if at, err := time.Parse(form, cell); err == nil {
			return float64(at.Unix()) / 3600, true, true
		}
	}
	return 0, false, false
}

// digits returns the whole number that digits alone make, up to most.
func digits(cell string, most int) (int, bool) {
	if cell == "" || len(cell) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(cell) {
		if cell[i] < '0' || cell[i] > '9' {
			return 0, false
		}
		n = n*10 + int(cell[i]-'0')
	}
	return n, n <= most
}
