package dataset

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// gatherEvents makes an example of each outcome, in the outcomes' order.
func gatherEvents(o *origin, c Config, lim limits, into *cases) error {
	known, err := readOutcomes(o, c, lim)
	if err != nil {
		return err
	}
	log := newEventLog(c, lim)
	if err := log.read(o, known.file); err != nil {
		return err
	}
	if err := log.match(known, o.path()); err != nil {
		return err
	}
	form, err := log.form(o.path())
	if err != nil {
		return err
	}
	var covariates []string
	if c.Events.Layout == "both" {
		covariates = form.names
	} else {
		into.names = form.names
	}
	if err := into.begin(form.shape, covariates...); err != nil {
		return err
	}
	values := make([]float32, form.width)
	for _, out := range known.list {
		s := log.stays[out.id]
		if s == nil {
			s = &stay{}
		}
		if err := s.fromZero(c.Events, known, out); err != nil {
			return err
		}
		form.fill(values, s.events)
		e := example{
			where: fmt.Sprintf("%s:%d", known.file, out.line), values: values, label: out.cells[c.Target],
			patient: out.cells[c.groupColumn()],
		}
		e.facts = form.facts(s.events, out.cells)
		if err := into.add(e); err != nil {
			return err
		}
		s.events = nil
	}
	return nil
}

// match holds ids of events and of outcomes against each other. In a table of all events an
// id may have none; where each id has a file, each outcome has one.
func (l *eventLog) match(known *outcomes, source string) error {
	if len(l.stays) == 0 {
		return &CellError{File: source, Found: "no events", Expected: "a table of them, or one for each id"}
	}
	for _, id := range names(l.stays) {
		if _, ok := known.lines[id]; !ok {
			return &CellError{File: l.stays[id].where, Found: "an id without an outcome", Expected: "a line for it in " + known.file}
		}
	}
	for _, out := range known.list {
		if _, ok := l.stays[out.id]; !ok && !l.single {
			return &CellError{File: known.file, Line: out.line, Found: "an id without a file", Expected: "one in " + source + ", or the line left out"}
		}
	}
	return nil
}

// fromZero sorts a stay's events and counts their hours from its time 0.
func (s *stay) fromZero(c EventsConfig, known *outcomes, out outcome) error {
	slices.SortStableFunc(s.events, func(a, b event) int { return cmp.Compare(a.hours, b.hours) })
	if !s.dated || len(s.events) == 0 {
		return nil
	}
	zero := s.events[0].hours
	if c.Anchor != "" {
		cell := out.cells[c.Anchor]
		at, dated, ok := parseHours(cell)
		if !ok || !dated {
			return &CellError{File: known.file, Line: out.line, Column: c.Anchor, Found: quoted(cell), Expected: "a date as in 2006-01-02 15:04"}
		}
		zero = at
	}
	for i := range s.events {
		s.events[i].hours -= zero
	}
	return nil
}

// eventForm is how events become the values of an example.
type eventForm struct {
	config EventsConfig
	// attributes are the names of the columns kept beside an example.
	attributes []string
	dynamic    []string
	static     []string
	place      []int  // of a variable's code: its index in dynamic, or in static
	isStatic   []bool // by code
	sums       []bool // by place: summed in a bin in any case
	bins       int    // of a grid
	shape      []int
	width      int
	names      []string  // of a row of statistics, nil without
	cells      []binCell // [bin, variable] of a grid, used again for each example
}

func (l *eventLog) form(source string) (*eventForm, error) {
	c := l.config
	f := &eventForm{config: c.Events, attributes: c.attributes(), static: c.Events.Static, place: make([]int, len(l.variables)), isStatic: make([]bool, len(l.variables))}
	for _, list := range []struct {
		field string
		names []string
	}{{"features", c.Features}, {"events.static", c.Events.Static}, {"events.sum", c.Events.Sum}} {
		for i, name := range list.names {
			if _, ok := l.codes[name]; !ok {
				return nil, &FieldError{fmt.Sprintf("%s[%d]", list.field, i), fmt.Sprintf("no variable %q in %s%s", name, source, didYouMean(name, l.variables))}
			}
		}
	}
	f.dynamic = slices.Clone(c.Features)
	if len(f.dynamic) == 0 {
		f.dynamic = slices.Sorted(slices.Values(l.variables))
	}
	f.dynamic = slices.DeleteFunc(f.dynamic, func(name string) bool { return slices.Contains(f.static, name) })
	for i, name := range f.dynamic {
		f.place[l.codes[name]] = i
	}
	for i, name := range f.static {
		f.place[l.codes[name]], f.isStatic[l.codes[name]] = i, true
	}
	f.sums = make([]bool, len(f.dynamic))
	for i, name := range f.dynamic {
		f.sums[i] = slices.Contains(c.Events.Sum, name)
	}
	f.layOut()
	if f.width == 0 {
		return nil, &CellError{File: source, Found: fmt.Sprintf("examples of shape %v", f.shape), Expected: fmt.Sprintf("1 to %d values", maxSize)}
	}
	return f, nil
}

// layOut says what an example is made of. Static variables are channels of a grid unless
// they stand beside it.
func (f *eventForm) layOut() {
	c := f.config
	if c.hasStatistics() {
		f.nameStatistics()
	}
	if !c.hasGrid() {
		f.shape, f.width = []int{len(f.names)}, len(f.names)
		return
	}
	// A hair less than a bin at the end is none: 0.1 h divides 48 h but for rounding.
	f.bins = max(1, int(math.Ceil(c.Hours/c.Bin-1e-9)))
	channels := len(f.dynamic) * len(c.Channels)
	if !c.hasStatistics() {
		channels += len(f.static)
	}
	f.shape = []int{f.bins, channels}
	if channels > 0 && f.bins <= maxSize/channels {
		f.width = f.bins*channels + len(f.names)
	}
}

// fill writes an example of a stay's events, which are in the order of time.
func (f *eventForm) fill(dst []float32, events []event) {
	grid := len(dst) - len(f.names)
	if f.config.hasGrid() {
		f.fillGrid(dst[:grid], events)
	}
	if f.config.hasStatistics() {
		f.fillStatistics(dst[grid:], events)
	}
}

// inWindow reports whether an event counts.
func (f *eventForm) inWindow(e event) bool { return e.hours >= 0 && e.hours <= f.config.Hours }

// fillGrid writes [bin, channel]: all values, then all masks, then all times since, as far
// as they are asked for, and the static variables last. Time since an observation is
// counted as Che et al. 2018 ("Recurrent neural networks for multivariate time series with
// missing values", eq. 2) do: from the beginning of the window where there was none yet.
func (f *eventForm) fillGrid(dst []float32, events []event) {
	v, width := len(f.dynamic), f.shape[1]
	if f.cells == nil {
		f.cells = make([]binCell, f.bins*v)
	}
	cells := f.cells
	clear(cells)
	static := f.staticValues(events)
	for _, e := range events {
		if !f.inWindow(e) || f.isStatic[e.variable] {
			continue
		}
		bin := min(int(e.hours/f.config.Bin), f.bins-1)
		cells[bin*v+f.place[e.variable]].take(e)
	}
	last := make([]float32, v)
	seen := make([]float64, v)
	for i := range last {
		last[i] = nan32
	}
	for b := range f.bins {
		row := dst[b*width : (b+1)*width]
		end := min(float64(b+1)*f.config.Bin, f.config.Hours)
		for i := range v {
			cell := &cells[b*v+i]
			mask := float32(0)
			if cell.n > 0 {
				mask, last[i], seen[i] = 1, cell.value(f.config.Aggregate, f.sums[i]), cell.at
			} else if f.config.Fill == "none" {
				last[i] = nan32
			}
			for k, channel := range f.config.Channels {
				switch channel {
				case "value":
					row[k*v+i] = last[i]
				case "mask":
					row[k*v+i] = mask
				case "since":
					row[k*v+i] = float32(end - seen[i])
				}
			}
		}
		copy(row[len(f.config.Channels)*v:], static) // as far as there is room for them
	}
}

// binCell gathers the observations of a variable in a bin.
type binCell struct {
	n                   int
	sum, low, high, now float64
	at                  float64
}

func (b *binCell) take(e event) {
	x := float64(e.value)
	if b.n == 0 {
		b.low, b.high = x, x
	}
	b.n++
	b.sum += x
	b.low, b.high = min(b.low, x), max(b.high, x)
	b.now, b.at = x, e.hours
}

func (b *binCell) value(aggregate string, summed bool) float32 {
	if summed {
		aggregate = "sum"
	}
	x := b.sum / float64(b.n)
	switch aggregate {
	case "sum":
		x = b.sum
	case "last":
		x = b.now
	case "min":
		x = b.low
	case "max":
		x = b.high
	}
	return float32(max(-math.MaxFloat32, min(x, math.MaxFloat32)))
}

// staticValues returns the first value of each static variable, whatever its time.
func (f *eventForm) staticValues(events []event) []float32 {
	values := make([]float32, len(f.static))
	for i := range values {
		values[i] = nan32
	}
	for _, e := range events {
		if i := f.place[e.variable]; f.isStatic[e.variable] && values[i] != values[i] {
			values[i] = e.value
		}
	}
	return values
}

// facts are the columns of the outcomes and the static variables. What marks a missing value
// of an event does so of a covariate or subgroup, too.
func (f *eventForm) facts(events []event, cells map[string]string) map[string]string {
	for _, name := range f.attributes {
		if x, kind := parseNumber(cells[name]); kind == numeric && slices.Contains(f.config.Missing, x) {
			cells[name] = ""
		}
	}
	for i, x := range f.staticValues(events) {
		if _, ok := cells[f.static[i]]; !ok {
			cells[f.static[i]] = strconv.FormatFloat(float64(x), 'g', -1, 32)
		}
	}
	return cells
}
