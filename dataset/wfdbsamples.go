package dataset

import (
	"fmt"
	"path"
	"slices"
)

// wfdbFormat is how a signal file stores samples, as signal(5) describes it.
type wfdbFormat struct {
	bits    int // a sample's share of the file
	invalid int // what stands for no sample
	decode  func(b []byte, i int) int
}

// wfdbFormats are those that are read. Sample i of a file is the i/n-th of its i%n-th
// signal.
var wfdbFormats = map[int]wfdbFormat{
	16: {16, -1 << 15, func(b []byte, i int) int { return int(int16(uint16(b[2*i]) | uint16(b[2*i+1])<<8)) }},
	24: {24, -1 << 23, func(b []byte, i int) int {
		return int(int32(uint32(b[3*i])<<8|uint32(b[3*i+1])<<16|uint32(b[3*i+2])<<24) >> 8)
	}},
	32: {32, -1 << 31, func(b []byte, i int) int {
		return int(int32(uint32(b[4*i]) | uint32(b[4*i+1])<<8 | uint32(b[4*i+2])<<16 | uint32(b[4*i+3])<<24))
	}},
	61:  {16, -1 << 15, func(b []byte, i int) int { return int(int16(uint16(b[2*i])<<8 | uint16(b[2*i+1]))) }},
	80:  {8, -1 << 7, func(b []byte, i int) int { return int(b[i]) - 1<<7 }},
	160: {16, -1 << 15, func(b []byte, i int) int { return int(uint16(b[2*i])|uint16(b[2*i+1])<<8) - 1<<15 }},
	212: {12, -1 << 11, decode212},
}

// decode212 takes pairs of 12-bit samples from three bytes: the first's low byte, both high
// halves (the second's above), the second's low byte.
func decode212(b []byte, i int) int {
	at := i / 2 * 3
	x := int(b[at]) | int(b[at+1]&0x0f)<<8
	if i%2 == 1 {
		x = int(b[at+2]) | int(b[at+1]&0xf0)<<4
	}
	if x >= 1<<11 {
		x -= 1 << 12
	}
	return x
}

// size returns the bytes of n samples.
func (f wfdbFormat) size(n int) int { return (n*f.bits + 7) / 8 }

// readWFDBSignals decodes all signals of a record that stands in a folder of o, in physical
// units, NaN where there is no sample, and holds them against the header: the files'
// lengths, initial values and checksums.
//
// A signal without a file has no sample; a record of nothing else has no signal to read.
func readWFDBSignals(o *origin, folder string, h *wfdbHeader, lim limits) ([][]float64, error) {
	all := make([][]float64, len(h.signals))
	recorded := false
	for first := 0; first < len(h.signals); {
		end := first + 1 // signals in one file stand together, sample by sample
		for end < len(h.signals) && h.signals[end].file == h.signals[first].file {
			end++
		}
		if h.signals[first].file != wfdbNoFile {
			if err := h.readFile(o, folder, first, end, all, lim); err != nil {
				return nil, err
			}
			recorded = true
		}
		first = end
	}
	if !recorded {
		return nil, h.wrong(0, "no signal that has a file", "one at least (a layout alone isn't a record)")
	}
	for i, x := range all {
		if x == nil {
			all[i] = slices.Repeat([]float64{nan64}, h.samples)
		}
	}
	return all, nil
}

func (h *wfdbHeader) readFile(o *origin, folder string, first, end int, all [][]float64, lim limits) error {
	group := h.signals[first:end]
	name, n := path.Join(folder, group[0].file), len(group)
	for _, s := range group {
		if s.format != group[0].format || s.offset != group[0].offset {
			return h.wrong(s.line, "another format than that of the signal before it in one file", "one format a file")
		}
	}
	if !o.has(name) {
		return h.wrong(group[0].line, "no file "+quotedName(group[0].file)+" beside the header", "the signals")
	}
	b, err := o.bytes(name)
	if err != nil {
		return err
	}
	format := wfdbFormats[group[0].format]
	if int64(len(b)) < group[0].offset {
		return &CellError{File: o.where(name), Found: fmt.Sprintf("%d bytes", len(b)), Expected: fmt.Sprintf("more than the %d before the first sample", group[0].offset)}
	}
	b = b[group[0].offset:]
	if h.samples == 0 {
		h.samples = len(b) * 8 / format.bits / n
	}
	if h.samples == 0 || h.samples > lim.values/len(h.signals) {
		return h.wrong(0, fmt.Sprintf("%d samples of %d signals", h.samples, len(h.signals)), fmt.Sprintf("1 to %d values", lim.values))
	}
	want := format.size(h.samples * n)
	if len(b) < want || len(b) > want && !(len(b) == want+1 && format.bits == 12) { // 212 may fill up its last pair
		return &CellError{
			File: o.where(name), Found: fmt.Sprintf("%d bytes of samples", len(b)),
			Expected: fmt.Sprintf("%d: %d samples of %d signals in format %d", want, h.samples, n, group[0].format),
		}
	}
	for k := range group {
		x, err := h.decode(o.where(name), b, format, k, n, &group[k])
		if err != nil {
			return err
		}
		all[first+k] = x
	}
	return nil
}

// decode returns the k-th of n signals that alternate in a file. Of a signal that was
// recorded late by some samples (its skew), those before the record's first count towards
// the checksum alone, and as many are missing at its end.
func (h *wfdbHeader) decode(file string, b []byte, format wfdbFormat, k, n int, s *wfdbSignal) ([]float64, error) {
	if s.skew >= h.samples {
		return nil, h.wrong(s.line, fmt.Sprintf("a skew of %d samples", s.skew), fmt.Sprintf("less than the record's %d", h.samples))
	}
	x := slices.Repeat([]float64{nan64}, h.samples)
	sum := uint16(0)
	for t := range x {
		raw := format.decode(b, t*n+k)
		if t == 0 && s.skew == 0 && s.hasFirst && raw != s.initial {
			return nil, &CellError{File: file, Found: fmt.Sprintf("%d as the first sample of %s", raw, oneLine(s.name)), Expected: fmt.Sprintf("%d, as %s says", s.initial, h.file)}
		}
		sum += uint16(raw)
		if raw != format.invalid && t >= s.skew {
			x[t-s.skew] = float64(raw-s.baseline) / s.gain
		}
	}
	if s.hasSum && sum != uint16(s.checksum) {
		return nil, &CellError{File: file, Found: fmt.Sprintf("a checksum of %d over %s", int16(sum), oneLine(s.name)), Expected: fmt.Sprintf("%d, as %s says: the file is damaged", int16(s.checksum), h.file)}
	}
	return x, nil
}
