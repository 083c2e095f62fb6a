package dataset

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// cutWindows makes an example of each window whose middle has a label.
func (k *cutter) cutWindows(r *recording, signals [][]float64) error {
	spans, err := k.spans(r)
	if err != nil {
		return err
	}
	steps := len(signals[0])
	for _, x := range signals {
		steps = min(steps, len(x)) // resampling may leave one more or less
	}
	for i := 0; ; i++ {
		begin := float64(i) * k.config.Stride
		start := int(math.Round(begin * k.rate))
		if start+k.steps > steps {
			return nil
		}
		at := spanAt(spans, begin+k.config.Seconds/2)
		if at < 0 {
			continue
		}
		if k.cut(signals, start, len(signals)); !slices.ContainsFunc(k.values, func(x float32) bool { return x == x }) {
			continue // nothing was recorded
		}
		facts, patient := r.facts, r.patient
		if s := spans[at]; s.facts != nil {
			facts = s.facts
			if name, ok := s.facts[k.group]; ok {
				patient = name
			}
		}
		e := example{
			where: fmt.Sprintf("%s:%gs", r.where, begin), values: k.values, label: spans[at].label,
			patient: patient, facts: facts,
		}
		if err := k.into.add(e); err != nil {
			return err
		}
		k.count++
	}
}

// spanAt returns the last of the spans, in the order of their starts, that holds at a time;
// -1 if none does.
func spanAt(spans []labelSpan, seconds float64) int {
	i, _ := slices.BinarySearchFunc(spans, seconds, func(s labelSpan, at float64) int {
		if s.start <= at {
			return -1
		}
		return 1
	})
	for i--; i >= 0; i-- {
		if seconds < spans[i].end {
			return i
		}
	}
	return -1
}

// spans returns what the labels, or else the annotations, say of a recording.
func (k *cutter) spans(r *recording) ([]labelSpan, error) {
	if k.labels != nil {
		spans := k.labels.spans[r.name]
		if len(spans) == 0 {
			return nil, &CellError{File: k.labels.file, Found: "no line of a recording", Expected: "one for " + r.where}
		}
		for i := range spans { // what the recording tells of itself, beside the labels' columns
			for name, cell := range r.facts {
				if _, ok := spans[i].facts[name]; !ok {
					spans[i].facts[name] = cell
				}
			}
		}
		slices.SortStableFunc(spans, func(a, b labelSpan) int { return cmp.Compare(a.start, b.start) })
		return spans, nil
	}
	if r.spans != nil {
		return r.spans, nil
	}
	var spans []labelSpan
	for _, n := range r.notes { // a rhythm, "(AFIB", holds until the next
		if n.symbol == "+" && strings.HasPrefix(n.aux, "(") {
			at := float64(n.at) / r.rate
			if len(spans) > 0 {
				spans[len(spans)-1].end = at
			}
			spans = append(spans, labelSpan{start: at, end: math.Inf(1), label: n.aux[1:]})
		}
	}
	return spans, nil
}

// windowLabels is the table that [SignalConfig.Labels] names.
type windowLabels struct {
	config Config
	file   string
	names  []string
	record, start, end,
	target int
	spans map[string][]labelSpan // by record
}

func readWindowLabels(o *origin, c Config, lim limits) (*windowLabels, error) {
	beside, err := o.beside(c.Signal.Labels)
	if err != nil {
		return nil, inField(err, "signal.labels")
	}
	defer beside.close()
	f, err := beside.open("")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	l := &windowLabels{config: c, file: beside.path(), spans: map[string][]labelSpan{}}
	if err := delimited(',')(l.file, f, lim, l); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *windowLabels) header(line int, names []string) error {
	for _, name := range names {
		l.names = append(l.names, strings.TrimSpace(strings.Clone(name)))
	}
	l.record, l.target = slices.Index(l.names, "record"), slices.Index(l.names, l.config.Target)
	l.start, l.end = slices.Index(l.names, "start"), slices.Index(l.names, "end")
	switch {
	case l.record < 0:
		return &FieldError{"signal.labels", fmt.Sprintf("no column record in %s%s", l.file, didYouMean("record", l.names))}
	case l.target < 0:
		return &FieldError{"target", fmt.Sprintf("no column %q in %s%s", l.config.Target, l.file, didYouMean(l.config.Target, l.names))}
	case (l.start < 0) != (l.end < 0):
		return &FieldError{"signal.labels", l.file + " has one of the columns start and end: expected both or none"}
	}
	return nil
}

func (l *windowLabels) row(line int, cells []string) error {
	e := &CellError{File: l.file, Line: line}
	if len(cells) != len(l.names) {
		e.Found, e.Expected = fmt.Sprintf("%d cells", len(cells)), fmt.Sprintf("%d, as in the header", len(l.names))
		return e
	}
	s := labelSpan{end: math.Inf(1), label: strings.TrimSpace(strings.Clone(cells[l.target])), facts: map[string]string{}}
	for i, at := range []int{l.start, l.end} {
		if at < 0 {
			continue
		}
		x, kind := parseNumber(strings.TrimSpace(cells[at]))
		if kind != numeric || x < 0 || i == 1 && x <= s.start {
			e.Column, e.Found, e.Expected = l.names[at], quoted(cells[at]), "seconds, the end behind the start"
			return e
		}
		if i == 0 {
			s.start = x
		} else {
			s.end = x
		}
	}
	record := strings.TrimSpace(strings.Clone(cells[l.record]))
	if old := l.spans[record]; len(old) > 0 && l.start < 0 {
		e.Column, e.Found, e.Expected = "record", "a recording for the second time", "one line for each, or columns start and end"
		return e
	}
	for i, name := range l.names {
		if slices.Contains(l.config.attributes(), name) || name == l.config.groupColumn() {
			s.facts[name] = strings.TrimSpace(strings.Clone(cells[i]))
		}
	}
	l.spans[record] = append(l.spans[record], s)
	return nil
}
