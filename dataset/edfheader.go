package dataset

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// edfHeader is what stands before the data records of a file of the European Data Format
// (Kemp et al. 1992) or EDF+ (Kemp & Olivan 2003): texts of fixed lengths. BDF (BioSemi,
// "What is the .bdf file format?") and BDF+ (van Beelen 2009) begin with a byte 255 and have
// samples of three bytes in the place of two.
type edfHeader struct {
	file      string // as errors name it
	patient   string
	recording string
	width     int  // bytes of a sample: 2, or 3 of a BDF file
	plus      bool // EDF+ or BDF+
	gaps      bool // EDF+D or BDF+D: records needn't follow each other
	records   int  // -1 where the writer didn't know
	duration  float64
	signals   []edfSignal
}

// edfSignal is a signal of a header.
type edfSignal struct {
	label             string
	notes             bool // annotations in the place of samples
	physLow, physHigh float64
	digLow, digHigh   int
	samples           int // a record
}

// Bounds of a header: far more than any recorder has.
const (
	maxEDFSignals = 4096
	maxEDFRecord  = 1 << 25 // bytes
)

// edfField is a text of the header.
type edfField struct {
	at   int // byte
	text string
}

func readEDFHeader(file string, r io.Reader) (*edfHeader, error) {
	h := &edfHeader{file: file, width: 2}
	b := make([]byte, 256)
	if err := h.fill(r, b, 0); err != nil {
		return nil, err
	}
	name := "EDF"
	switch {
	case string(b[:8]) == "\xffBIOSEMI":
		name, h.width = "BDF", 3
	case strings.TrimRight(string(b[:8]), " ") != "0":
		return nil, h.wrong(edfField{text: string(b[:8])}, "", "an EDF file, which begins with 0, or a BDF file, with byte 255 and BIOSEMI")
	}
	at := 8
	next := func(b []byte, n int) edfField {
		f := edfField{at, strings.TrimSpace(string(b[at : at+n]))}
		at += n
		return f
	}
	for _, c := range b[8:] {
		if c < 32 || c > 126 {
			return nil, h.wrong(edfField{}, "bytes that are no ASCII text", "a header of 256 characters")
		}
	}
	h.patient, h.recording = next(b, 80).text, next(b, 80).text
	next(b, 16) // date and time of the start
	size, kind := next(b, 8), next(b, 44).text
	h.plus, h.gaps = strings.HasPrefix(kind, name+"+"), strings.HasPrefix(kind, name+"+D")
	var err error
	if h.records, err = h.whole(next(b, 8), -1, 1<<31-1); err != nil {
		return nil, err
	}
	if h.duration, err = h.number(next(b, 8)); err != nil {
		return nil, err
	}
	n, err := h.whole(next(b, 4), 1, maxEDFSignals)
	if err != nil {
		return nil, err
	}
	if bytes, err := h.whole(size, 1, 1<<31-1); err != nil || bytes != 256*(n+1) {
		return nil, h.wrong(size, "", fmt.Sprintf("%d bytes of header for %d signals", 256*(n+1), n))
	}
	b = make([]byte, 256*n)
	if err := h.fill(r, b, 256); err != nil {
		return nil, err
	}
	return h, h.takeSignals(b, n)
}

// fill reads a piece of the header.
func (h *edfHeader) fill(r io.Reader, b []byte, at int) error {
	n, err := io.ReadFull(r, b)
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return h.wrong(edfField{}, fmt.Sprintf("a header that ends at byte %d", at+n), fmt.Sprintf("%d bytes: the file is cut off", at+len(b)))
	}
	return err
}

// takeSignals reads the signals' part: each field of all signals before the next.
func (h *edfHeader) takeSignals(b []byte, n int) error {
	h.signals = make([]edfSignal, n)
	field := func(i, before, width int) edfField { // before: bytes of a signal's fields before it
		at := before*n + i*width
		return edfField{256 + at, strings.TrimSpace(string(b[at : at+width]))}
	}
	record := 0
	for i := range h.signals {
		s := &h.signals[i]
		s.label = field(i, 0, 16).text
		s.notes = s.label == "EDF Annotations" || s.label == "BDF Annotations"
		var err error
		if s.samples, err = h.whole(field(i, 216, 8), 1, maxEDFRecord/h.width); err != nil {
			return err
		}
		if record += h.width * s.samples; record > maxEDFRecord {
			return h.wrong(field(i, 216, 8), fmt.Sprintf("records of more than %d bytes", maxEDFRecord), "shorter ones")
		}
		if s.notes {
			continue
		}
		if err := h.takeScale(s, field(i, 104, 8), field(i, 112, 8), field(i, 120, 8), field(i, 128, 8)); err != nil {
			return err
		}
		if rate := float64(s.samples) / h.duration; !(rate > 0 && rate <= maxRate) {
			return h.wrong(edfField{}, fmt.Sprintf("%d samples in records of %v s", s.samples, h.duration), fmt.Sprintf("a rate above 0 and up to %v Hz", maxRate))
		}
	}
	return nil
}

func (h *edfHeader) takeScale(s *edfSignal, low, high, digLow, digHigh edfField) (err error) {
	if s.physLow, err = h.number(low); err != nil {
		return err
	}
	if s.physHigh, err = h.number(high); err != nil {
		return err
	}
	half := 1 << (8*h.width - 1)
	if s.digLow, err = h.whole(digLow, -half, half-1); err != nil {
		return err
	}
	if s.digHigh, err = h.whole(digHigh, -half, half-1); err != nil {
		return err
	}
	if s.physLow == s.physHigh {
		return h.wrong(high, "", "another physical maximum than the minimum")
	}
	if s.digLow >= s.digHigh {
		return h.wrong(digHigh, "", "a digital maximum above the minimum")
	}
	return nil
}

// whole reads a whole number of a field.
func (h *edfHeader) whole(f edfField, low, high int) (int, error) {
	n, err := strconv.Atoi(f.text)
	if err != nil || n < low || n > high {
		return 0, h.wrong(f, "", fmt.Sprintf("a whole number from %d to %d", low, high))
	}
	return n, nil
}

// number reads a number of a field.
func (h *edfHeader) number(f edfField) (float64, error) {
	x, kind := parseNumber(f.text)
	if kind != numeric {
		return 0, h.wrong(f, "", "a number")
	}
	return x, nil
}

// wrong is an error about a field; found is its text where it isn't said.
func (h *edfHeader) wrong(f edfField, found, expected string) error {
	if found == "" {
		found = fmt.Sprintf("%s at byte %d", quoted(f.text), f.at)
	}
	return &CellError{File: h.file, Found: found, Expected: expected}
}
