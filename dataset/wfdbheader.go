package dataset

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// wfdbHeader is a record's .hea file, as header(5) of the WFDB Applications Guide (Moody,
// PhysioNet) describes it.
type wfdbHeader struct {
	file     string // as errors name it
	record   string
	rate     float64 // samples a second
	samples  int     // of each signal; 0 where the header doesn't say
	channels int     // signals that the record line names
	parts    int     // segments that it names; 0 for a record that is no chain of others
	signals  []wfdbSignal
	segments []wfdbSegment
	comments []string
}

// wfdbSignal is a signal's line.
type wfdbSignal struct {
	line     int
	file     string
	format   int
	skew     int     // samples of the file that precede the record's first
	offset   int64   // bytes before the first sample
	gain     float64 // units of the analogue-to-digital converter for one physical unit
	units    string  // the physical ones
	baseline int     // its value at 0 physical units
	initial  int
	checksum int // of all samples, in 16 bits
	hasSum   bool
	hasFirst bool
	name     string
}

// Defaults of header(5).
const (
	wfdbRate       = 250
	wfdbGain       = 200
	wfdbUnits      = "mV"
	maxWFDBSignals = 1024
	minWFDBGain    = 1e-12 // else a sample could be infinite
)

// wfdbNoFile is the file of a signal that has none (format 0), and the name of a segment
// in which nothing was recorded.
const wfdbNoFile = "~"

func readWFDBHeader(file string, r io.Reader, lim limits) (*wfdbHeader, error) {
	h := &wfdbHeader{file: file}
	in := newLineReader(file, r, limits{record: min(lim.record, 1<<16)})
	for {
		text, line, err := in.next()
		if err == io.EOF {
			return h, h.checkEnd()
		}
		if err != nil {
			return nil, err
		}
		text = strings.TrimSpace(text)
		switch {
		case text == "":
		case text[0] == '#':
			if len(h.comments) < 1000 {
				h.comments = append(h.comments, strings.TrimSpace(text[1:]))
			}
		case h.channels == 0:
			if err := h.takeRecord(line, strings.Fields(text)); err != nil {
				return nil, err
			}
		case len(h.segments) < h.parts:
			if err := h.takeSegment(line, strings.Fields(text)); err != nil {
				return nil, err
			}
		case h.parts == 0 && len(h.signals) < h.channels:
			if err := h.takeSignal(line, text); err != nil {
				return nil, err
			}
		case h.parts > 0:
			return nil, h.wrong(line, quoted(text), fmt.Sprintf("no line behind those of the %d segments", h.parts))
		default:
			return nil, h.wrong(line, quoted(text), fmt.Sprintf("no line behind those of the %d signals", h.channels))
		}
	}
}

func (h *wfdbHeader) checkEnd() error {
	switch {
	case h.channels == 0:
		return h.wrong(0, "no record line", "a line as in 100 2 360 650000")
	case len(h.segments) < h.parts:
		return h.wrong(0, fmt.Sprintf("lines of %d segments", len(h.segments)), fmt.Sprintf("%d, as the record line says", h.parts))
	case h.parts > 0:
		return h.checkSegments()
	case len(h.signals) < h.channels:
		return h.wrong(0, fmt.Sprintf("lines of %d signals", len(h.signals)), fmt.Sprintf("%d, as the record line says", h.channels))
	}
	return nil
}

func (h *wfdbHeader) wrong(line int, found, expected string) *CellError {
	return &CellError{File: h.file, Line: line, Found: found, Expected: expected}
}

// takeRecord reads the record line: name[/segments] signals [rate[/counter[(base)]]
// [samples [time [date]]]].
func (h *wfdbHeader) takeRecord(line int, words []string) error {
	name, parts, segmented := strings.Cut(words[0], "/")
	h.record = name
	if segmented {
		var ok bool
		if h.parts, ok = digits(parts, maxWFDBSegments); !ok || h.parts == 0 {
			return h.wrong(line, quoted(words[0]), fmt.Sprintf("a number of segments from 1 to %d behind the /", maxWFDBSegments))
		}
	}
	if len(words) < 2 {
		return h.wrong(line, "a record line of one word", "the number of signals behind its name")
	}
	channels, ok := digits(words[1], maxWFDBSignals)
	if !ok || channels == 0 {
		return h.wrong(line, quoted(words[1]), fmt.Sprintf("a number of signals from 1 to %d", maxWFDBSignals))
	}
	h.rate = wfdbRate
	if len(words) > 2 {
		rate, _, _ := strings.Cut(words[2], "/")
		x, kind := parseNumber(rate)
		if kind != numeric || x <= 0 || x > maxRate {
			return h.wrong(line, quoted(words[2]), "samples a second, more than 0")
		}
		h.rate = x
	}
	if len(words) > 3 {
		if h.samples, ok = digits(words[3], math.MaxInt32); !ok {
			return h.wrong(line, quoted(words[3]), "a number of samples")
		}
	}
	h.channels = channels
	return nil
}

// takeSignal reads a signal's line: file format[xN][:skew][+offset] [gain[(baseline)][/units]
// [resolution [zero [initial [checksum [block [description]]]]]]].
func (h *wfdbHeader) takeSignal(line int, text string) error {
	words := strings.Fields(text)
	s := wfdbSignal{line: line, gain: wfdbGain, units: wfdbUnits}
	if len(words) < 2 {
		return h.wrong(line, "a signal's line of one word", "its file and format")
	}
	s.file = words[0]
	if strings.ContainsAny(s.file, "/\\") || s.file == "-" || strings.HasPrefix(s.file, "~") && s.file != wfdbNoFile || s.file == ".." {
		return h.wrong(line, "a signal in "+quotedName(s.file), "a file beside the header")
	}
	if err := h.takeFormat(&s, words[1]); err != nil {
		return err
	}
	rest := words[2:]
	next := func() (string, bool) {
		if len(rest) == 0 {
			return "", false
		}
		word := rest[0]
		rest = rest[1:]
		return word, true
	}
	hasBaseline := false
	if word, ok := next(); ok {
		var err error
		if hasBaseline, err = h.takeGain(&s, word); err != nil {
			return err
		}
	}
	var numbers [5]int // resolution, zero, initial, checksum, block
	given := 0
	for i := range numbers {
		word, ok := next()
		if !ok {
			break
		}
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil || n < math.MinInt32 || n > math.MaxUint32 {
			return h.wrong(line, quoted(word), "a whole number: the fields of a signal are file, format, gain, resolution, zero, initial value, checksum, block, description")
		}
		numbers[i], given = int(n), i+1
	}
	if !hasBaseline {
		s.baseline = numbers[1]
	}
	s.initial, s.hasFirst = numbers[2], given > 2
	s.checksum, s.hasSum = numbers[3], given > 3
	if s.name = strings.Join(rest, " "); s.name == "" {
		s.name = fmt.Sprintf("signal %d", len(h.signals))
	}
	h.signals = append(h.signals, s)
	return nil
}

func (h *wfdbHeader) takeFormat(s *wfdbSignal, word string) error {
	format, offset, hasOffset := strings.Cut(word, "+")
	if number, skew, ok := strings.Cut(format, ":"); ok {
		n, ok := digits(skew, math.MaxInt32)
		if !ok {
			return h.wrong(s.line, "format "+quoted(word), "a number of samples behind the :")
		}
		format, s.skew = number, n
	}
	if number, n, ok := strings.Cut(format, "x"); ok {
		if n != "1" {
			return h.wrong(s.line, "a signal with several samples a frame, "+quoted(word), "one sample a frame (others aren't read)")
		}
		format = number
	}
	f, ok := digits(format, 9999)
	if s.file == wfdbNoFile {
		if !ok || f != 0 {
			return h.wrong(s.line, "format "+quoted(word)+" of a signal without a file (~)", "format 0")
		}
		return nil
	}
	if _, known := wfdbFormats[f]; !ok || !known {
		return h.wrong(s.line, "format "+quoted(word), "16, 24, 32, 61, 80, 160 or 212 (others aren't read)")
	}
	s.format = f
	if hasOffset {
		n, ok := digits(offset, math.MaxInt32)
		if !ok {
			return h.wrong(s.line, "format "+quoted(word), "a number of bytes behind the +")
		}
		s.offset = int64(n)
	}
	return nil
}

// takeGain reads gain[(baseline)][/units].
func (h *wfdbHeader) takeGain(s *wfdbSignal, word string) (hasBaseline bool, err error) {
	number, units, hasUnits := strings.Cut(word, "/")
	if hasUnits && units != "" {
		s.units = units
	}
	number, base, hasBaseline := strings.Cut(number, "(")
	x, kind := parseNumber(number)
	if kind != numeric || x < 0 || x > 0 && x < minWFDBGain {
		return false, h.wrong(s.line, "a gain of "+quoted(word), "a number, 0 or more")
	}
	if x > 0 { // 0 stands for an uncalibrated signal
		s.gain = x
	}
	if hasBaseline {
		n, err := strconv.ParseInt(strings.TrimSuffix(base, ")"), 10, 32)
		if err != nil || !strings.HasSuffix(base, ")") {
			return false, h.wrong(s.line, "a gain of "+quoted(word), "a baseline that is a whole number in brackets")
		}
		s.baseline = int(n)
	}
	return hasBaseline, nil
}
