package dataset

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The format edf reads recordings in the European Data Format and EDF+, and in their twins
// of 24 bits, BDF (BioSemi's data format) and BDF+: sleep, EEG, EMG. A source is a folder of
// .edf and .bdf files or one of them. Files of annotations alone aren't read.

// gatherEDF makes examples of all recordings of a source, in the order of their names.
func gatherEDF(o *origin, c Config, lim limits, into *cases) error {
	all, err := o.list()
	if err != nil {
		return err
	}
	recordings := all
	if o.isDir() {
		recordings = slices.DeleteFunc(all, func(name string) bool { return ext(name) != ".edf" && ext(name) != ".bdf" })
	}
	if len(recordings) == 0 {
		return &CellError{File: o.path(), Found: "no recording", Expected: "files NAME.edf or NAME.bdf"}
	}
	cut, err := newCutter(o, c, lim, into)
	if err != nil {
		return err
	}
	for _, name := range recordings {
		r, err := readEDF(o, name, c.Signal, lim)
		if err != nil {
			return err
		}
		if err := cut.take(r); err != nil {
			return err
		}
	}
	return cut.end()
}

// readEDF reads a file: the signals that are asked for alone, and all annotations.
func readEDF(o *origin, name string, c SignalConfig, lim limits) (*recording, error) {
	f, err := o.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	h, err := readEDFHeader(o.where(name), in)
	if err != nil {
		return nil, err
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	r := &recording{where: o.where(name), name: stem, patient: stem, facts: map[string]string{"record": stem}}
	h.tellPatient(r)
	var places []int // in the header, of the recording's channels
	for i, s := range h.signals {
		if !s.notes {
			places = append(places, i)
			r.channels = append(r.channels, s.label)
		}
	}
	if len(places) == 0 {
		return nil, h.wrong(edfField{}, "annotations alone", "signals")
	}
	chosen, err := r.choose(c.Channels)
	if err != nil {
		return nil, err
	}
	data := &edfData{header: h, at: 256 * (len(h.signals) + 1), signals: make([][]float64, len(h.signals)), chosen: make([]bool, len(h.signals)), most: lim.values}
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	names := r.channels
	r.channels = nil
	for _, i := range chosen {
		data.chosen[places[i]] = true
		r.channels = append(r.channels, names[i])
		r.rates = append(r.rates, float64(h.signals[places[i]].samples)/h.duration)
	}
	if err := data.read(in); err != nil {
		return nil, err
	}
	for _, i := range chosen {
		r.signals = append(r.signals, data.signals[places[i]])
	}
	r.spans = spansOf(data.notes, data.start)
	return r, nil
}

// edfData gathers the data records.
type edfData struct {
	header  *edfHeader
	at      int // byte
	chosen  []bool
	signals [][]float64 // in physical units
	notes   []edfNote
	start   float64 // of the first record, in seconds since the file's start
	most    int     // values
}

func (d *edfData) read(in io.Reader) error {
	h := d.header
	size := 0
	for _, s := range h.signals {
		size += h.width * s.samples
	}
	record := make([]byte, size)
	for n := 0; ; n++ {
		got, err := io.ReadFull(in, record)
		switch {
		case err == io.EOF && n > 0 && (h.records < 0 || n == h.records):
			return nil
		case h.records >= 0 && n == h.records && got > 0:
			return h.wrong(edfField{}, fmt.Sprintf("more behind byte %d", d.at), fmt.Sprintf("the end: the header has %d records", h.records))
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			want := "whole records"
			if h.records >= 0 {
				want = fmt.Sprintf("%d records of %d bytes: the file is cut off", h.records, size)
			}
			return h.wrong(edfField{}, fmt.Sprintf("the end at byte %d, in record %d", d.at+got, n+1), want)
		case err != nil:
			return err
		}
		if err := d.take(n, record); err != nil {
			return err
		}
		d.at += size
	}
}

// take takes a data record: all samples of a signal before those of the next.
func (d *edfData) take(n int, record []byte) error {
	h := d.header
	first := true
	for i, s := range h.signals {
		b := record[:h.width*s.samples]
		record = record[h.width*s.samples:]
		switch {
		case s.notes && h.plus:
			notes, start, err := parseTALs(b, first)
			if err != nil {
				return h.wrong(edfField{}, fmt.Sprintf("%v in record %d, which begins at byte %d", err, n+1, d.at), "annotations as EDF+ and BDF+ have them")
			}
			if first {
				if err := d.follow(n, start); err != nil {
					return err
				}
			}
			first = false
			if d.notes = append(d.notes, notes...); len(d.notes) > d.most/16 {
				return h.wrong(edfField{}, fmt.Sprintf("more than %d annotations", d.most/16), "at most that many")
			}
		case d.chosen[i]:
			if d.most -= s.samples; d.most < 0 {
				return h.wrong(edfField{}, "too many samples", "a shorter recording, or fewer channels")
			}
			scale := (s.physHigh - s.physLow) / float64(s.digHigh-s.digLow)
			for k := range s.samples {
				raw := h.sample(b, k)
				d.signals[i] = append(d.signals[i], s.physLow+float64(float64(raw-s.digLow)*scale))
			}
		}
	}
	return nil
}

// sample returns the k-th sample of a record's piece, the low byte first.
func (h *edfHeader) sample(b []byte, k int) int {
	if h.width == 3 {
		return int(int32(uint32(b[3*k])<<8|uint32(b[3*k+1])<<16|uint32(b[3*k+2])<<24) >> 8)
	}
	return int(int16(uint16(b[2*k]) | uint16(b[2*k+1])<<8))
}

// follow checks that a record begins where the one before it ended.
func (d *edfData) follow(n int, start float64) error {
	if n == 0 {
		d.start = start
		return nil
	}
	want := d.start + float64(float64(n)*d.header.duration)
	if d.header.gaps && math.Abs(start-want) > 1e-3+d.header.duration/1000 {
		return d.header.wrong(edfField{}, fmt.Sprintf("record %d at %v s, a gap", n+1, start), fmt.Sprintf("it at %v s: a discontinuous recording (EDF+D or BDF+D) is read where it has no gap", want))
	}
	return nil
}

// spansOf returns the annotations as labels of stretches of the signals, which begin at
// start. Where some last, those that don't are events and label nothing; where none does,
// each lasts until the next.
func spansOf(notes []edfNote, start float64) []labelSpan {
	notes = slices.Clone(notes)
	slices.SortStableFunc(notes, func(a, b edfNote) int { return cmp.Compare(a.onset, b.onset) })
	lasting := slices.ContainsFunc(notes, func(n edfNote) bool { return n.duration > 0 })
	spans := []labelSpan{}
	for i, n := range notes {
		s := labelSpan{start: n.onset - start, label: n.text}
		switch {
		case lasting && n.duration <= 0:
			continue
		case lasting:
			s.end = s.start + n.duration
		case i+1 < len(notes):
			s.end = notes[i+1].onset - start
		default:
			s.end = math.Inf(1)
		}
		spans = append(spans, s)
	}
	return spans
}

// tellPatient takes what EDF+ says of the patient: a code, sex, birth date and name between
// blanks, X where it isn't told.
func (h *edfHeader) tellPatient(r *recording) {
	r.facts["age"], r.facts["sex"] = "", ""
	if !h.plus {
		return
	}
	words := strings.Fields(h.patient)
	if len(words) > 0 && words[0] != "X" {
		r.patient = words[0]
	}
	if len(words) > 1 && (words[1] == "F" || words[1] == "M") {
		r.facts["sex"] = words[1]
	}
	day := strings.Fields(h.recording) // Startdate dd-MMM-yyyy …
	if len(words) > 2 && len(day) > 1 {
		birth, err1 := time.Parse("02-Jan-2006", words[2])
		start, err2 := time.Parse("02-Jan-2006", day[1])
		if err1 == nil && err2 == nil && !start.Before(birth) {
			years := start.Year() - birth.Year()
			if start.YearDay() < birth.YearDay() {
				years--
			}
			r.facts["age"] = strconv.Itoa(max(0, years))
		}
	}
}
