package dataset

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
)

// Records may be chains of others, their segments (header(5), "multi-segment records"). In a
// fixed layout all have the same signals. A variable layout begins with a segment of no
// samples, a header that names all the record's signals; the others have some of them, in
// any order. A segment named ~ is a stretch in which nothing was recorded.

// wfdbSegment is a segment's line.
type wfdbSegment struct {
	line    int
	record  string
	samples int
}

// Bounds of a chain.
const (
	maxWFDBSegments = 1 << 16
	// What isn't recorded takes no room in a file, and may be this many times as long as
	// what is; the first few samples are free.
	maxWFDBGaps = 1000
	freeGaps    = 1 << 20
)

// takeSegment reads a segment's line: its record and number of samples.
func (h *wfdbHeader) takeSegment(line int, words []string) error {
	if len(words) < 2 {
		return h.wrong(line, "a segment's line of one word", "its record and number of samples")
	}
	s := wfdbSegment{line: line, record: words[0]}
	if strings.ContainsAny(s.record, "/\\.") || strings.HasPrefix(s.record, "~") && s.record != wfdbNoFile {
		return h.wrong(line, "a segment in "+quotedName(s.record), "a record beside the header")
	}
	if s.record == h.record {
		return h.wrong(line, "the record itself as its segment", "another")
	}
	var ok bool
	if s.samples, ok = digits(words[1], math.MaxInt32); !ok || s.samples == 0 && (len(h.segments) > 0 || s.record == wfdbNoFile) {
		return h.wrong(line, quoted(words[1]), "a number of samples above 0 (the first segment alone may have 0, as the layout)")
	}
	h.segments = append(h.segments, s)
	return nil
}

// isLayout reports whether a segment is the layout of a chain.
func (s wfdbSegment) isLayout() bool { return s.samples == 0 }

// checkSegments adds up the segments.
func (h *wfdbHeader) checkSegments() error {
	total, recorded := 0, 0
	for _, s := range h.segments {
		if s.samples > math.MaxInt32-total {
			return h.wrong(s.line, fmt.Sprintf("more than %d samples", math.MaxInt32), "a shorter record")
		}
		if total += s.samples; s.record != wfdbNoFile {
			recorded += s.samples
		}
	}
	switch {
	case recorded == 0:
		return h.wrong(0, "no segment with samples", "one at least")
	case h.samples != 0 && h.samples != total:
		return h.wrong(0, fmt.Sprintf("segments of %d samples", total), fmt.Sprintf("%d, as the record line says", h.samples))
	case total > freeGaps && (total-recorded)/maxWFDBGaps > recorded:
		return h.wrong(0, fmt.Sprintf("%d samples beside %d that weren't recorded", recorded, total-recorded), fmt.Sprintf("at most %d times as many of these", maxWFDBGaps))
	}
	h.samples = total
	return nil
}

// withoutSegments leaves the headers that are segments of others out.
func withoutSegments(o *origin, headers []string, lim limits) ([]string, error) {
	if len(headers) < 2 {
		return headers, nil
	}
	segments := map[string]bool{}
	for _, name := range headers {
		f, err := o.peek(name)
		if err != nil {
			return nil, err
		}
		h, err := readWFDBHeader(o.where(name), f, lim)
		f.Close()
		if err != nil {
			return nil, err
		}
		for _, s := range h.segments {
			segments[path.Join(path.Dir(name), s.record+".hea")] = true
		}
	}
	records := slices.DeleteFunc(slices.Clone(headers), func(name string) bool { return segments[name] })
	if len(records) == 0 {
		return nil, &CellError{File: o.where(headers[0]), Found: "a record that is a segment of another, as all here are", Expected: "a record of its own"}
	}
	return records, nil
}

// chain is a record of segments that is being read.
type chain struct {
	o       *origin
	folder  string
	header  *wfdbHeader
	lim     limits
	signals []wfdbSignal // of the record
	free    bool         // the layout is variable
	chosen  []int        // signals that are kept
	into    *recording
}

// readWFDBSegments reads the signals of a chain that are asked for, NaN where no segment has
// them.
func readWFDBSegments(o *origin, folder string, h *wfdbHeader, names []string, lim limits, into *recording) error {
	c := &chain{o: o, folder: folder, header: h, lim: lim, into: into}
	if err := c.findSignals(names); err != nil {
		return err
	}
	if h.samples > lim.values/len(c.chosen) {
		return h.wrong(0, fmt.Sprintf("%d samples of %d signals", h.samples, len(c.chosen)), fmt.Sprintf("at most %d values", lim.values))
	}
	into.signals = make([][]float64, len(c.chosen))
	for i := range into.signals {
		into.signals[i] = slices.Repeat([]float64{nan64}, h.samples)
	}
	start := 0
	for _, s := range h.segments {
		if s.record != wfdbNoFile && !s.isLayout() {
			if err := c.take(s, start); err != nil {
				return err
			}
		}
		start += s.samples
	}
	return nil
}

// findSignals finds out which signals the record has, and which of them are kept.
func (c *chain) findSignals(names []string) error {
	i := slices.IndexFunc(c.header.segments, func(s wfdbSegment) bool { return s.record != wfdbNoFile })
	first := c.header.segments[i]
	c.free = first.isLayout()
	h, err := c.open(first)
	if err != nil {
		return err
	}
	c.signals = h.signals
	all := &recording{where: c.into.where}
	for _, s := range c.signals {
		if c.free && slices.Contains(all.channels, s.name) {
			return h.wrong(s.line, "a second signal named "+oneLine(s.name), "names by which the segments' signals are found")
		}
		all.channels = append(all.channels, s.name)
	}
	if c.chosen, err = all.choose(names); err != nil {
		return err
	}
	slices.Sort(c.chosen)
	c.chosen = slices.Compact(c.chosen)
	for _, at := range c.chosen {
		c.into.channels = append(c.into.channels, all.channels[at])
	}
	return nil
}

// open reads a segment's header, and holds it against the line that names it.
func (c *chain) open(s wfdbSegment) (*wfdbHeader, error) {
	name := path.Join(c.folder, s.record+".hea")
	if !c.o.has(name) {
		return nil, c.header.wrong(s.line, "no segment "+quotedName(s.record+".hea")+" beside the header", "it")
	}
	f, err := c.o.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := readWFDBHeader(c.o.where(name), f, c.lim)
	if err != nil {
		return nil, err
	}
	switch {
	case h.parts > 0:
		return nil, h.wrong(0, "a segment that has segments itself", "a record of signals")
	case h.record != s.record:
		return nil, h.wrong(0, "a header of record "+quotedName(h.record), "that of "+quotedName(s.record))
	case h.rate != c.header.rate:
		return nil, h.wrong(0, fmt.Sprintf("%v samples a second", h.rate), fmt.Sprintf("%v, as %s says", c.header.rate, c.header.file))
	case h.samples != s.samples:
		return nil, h.wrong(0, fmt.Sprintf("%d samples", h.samples), fmt.Sprintf("%d, as %s says", s.samples, c.header.file))
	case (s.isLayout() || !c.free) && len(h.signals) != c.header.channels:
		return nil, h.wrong(0, fmt.Sprintf("%d signals", len(h.signals)), fmt.Sprintf("%d, as %s says", c.header.channels, c.header.file))
	}
	return h, nil
}

// take puts a segment's samples where they belong.
func (c *chain) take(s wfdbSegment, start int) error {
	h, err := c.open(s)
	if err != nil {
		return err
	}
	places, err := c.match(h)
	if err != nil {
		return err
	}
	x := make([][]float64, len(h.signals))
	if slices.ContainsFunc(h.signals, func(s wfdbSignal) bool { return s.file != wfdbNoFile }) {
		if x, err = readWFDBSignals(c.o, c.folder, h, c.lim); err != nil {
			return err
		}
	}
	for i, at := range places {
		if to := slices.Index(c.chosen, at); to >= 0 && x[i] != nil {
			copy(c.into.signals[to][start:], x[i])
		}
	}
	return nil
}

// match returns for each of a segment's signals which of the record's it is.
func (c *chain) match(h *wfdbHeader) ([]int, error) {
	var places []int
	for i, s := range h.signals {
		at := i
		if c.free {
			at = slices.IndexFunc(c.signals, func(o wfdbSignal) bool { return o.name == s.name })
		}
		switch {
		case at < 0:
			return nil, h.wrong(s.line, "signal "+oneLine(s.name), "one that the layout has")
		case c.signals[at].name != s.name:
			return nil, h.wrong(s.line, "signal "+oneLine(s.name), oneLine(c.signals[at].name)+", as in the first segment")
		case c.signals[at].units != s.units:
			return nil, h.wrong(s.line, oneLine(s.name)+" in "+quoted(s.units), quoted(c.signals[at].units)+", as before it")
		case slices.Contains(places, at):
			return nil, h.wrong(s.line, "a second signal named "+oneLine(s.name), "one of each in a segment")
		}
		places = append(places, at)
	}
	return places, nil
}
