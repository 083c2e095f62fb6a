package dataset

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// edfHeader is what stands before the data records of a file of the European Data Format
// (Kemp et al. 1992) or EDF+ (Kemp & Olivan 2003): texts of fixed lengths.
type edfHeader struct {
	file      string // as errors name it
	patient   string
	recording string
	plus      bool // EDF+
	gaps      bool // EDF+D: records needn't follow each other
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
	h := &edfHeader{file: file}
	b := make([]byte, 256)
	if err := h.fill(r, b, 0); err != nil {
		return nil, err
	}
	if b[0] == 0xff && string(b[1:8]) == "BIOSEMI" {
		return nil, h.wrong(edfField{}, "a BDF file of 24 bits", "EDF or EDF+ (BDF isn't read)")
	}
	if strings.TrimRight(string(b[:8]), " ") != "0" {
		return nil, h.wrong(edfField{text: string(b[:8])}, "", "an EDF file, which begins with 0")
	}
	at := 8
	next := func(b []byte, n int) edfField {
		f := edfField{at, strings.TrimSpace(string(b[at : at+n]))}
		at += n
		return f
	}
	for _, c := range b {
		if c < 32 || c > 126 {
			return nil, h.wrong(edfField{}, "bytes that are no ASCII text", "a header of 256 characters")
		}
	}
	h.patient, h.recording = next(b, 80).text, next(b, 80).text
	next(b, 16) // date and time of the start
	size, kind := next(b, 8), next(b, 44).text
	h.plus, h.gaps = strings.HasPrefix(kind, "EDF+"), strings.HasPrefix(kind, "EDF+D")
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
		if s.samples, err = h.whole(field(i, 216, 8), 1, maxEDFRecord/2); err != nil {
			return err
		}
		if record += 2 * s.samples; record > maxEDFRecord {
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
	if s.digLow, err = h.whole(digLow, -1<<15, 1<<15-1); err != nil {
		return err
	}
	if s.digHigh, err = h.whole(digHigh, -1<<15, 1<<15-1); err != nil {
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
