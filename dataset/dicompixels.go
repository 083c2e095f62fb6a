package dataset

import (
	"fmt"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// dicomImage is the form of a file's pixels (PS3.3, section C.7.6.3).
type dicomImage struct {
	rows, columns, samples, frames int
	allocated, stored, high        int // bits
	signed, planar                 bool
	photometric                    string
}

// dicomPhotometrics are the interpretations that are read; YBR ones become RGB.
var dicomPhotometrics = map[string]int{"MONOCHROME1": 1, "MONOCHROME2": 1, "RGB": 3, "YBR_FULL": 3, "YBR_FULL_422": 3}

// form reads what the file says of its pixels, and whether that can be.
func (f *dicomFile) form() (m dicomImage, err error) {
	odd := func(found, expected string, args ...any) (dicomImage, error) {
		return m, &CellError{File: f.where, Found: found, Expected: fmt.Sprintf(expected, args...)}
	}
	if f.pixels == nil {
		return odd("no pixels", "an image")
	}
	var signed, planar int
	for _, field := range []struct {
		to        *int
		tag       tag.Tag
		otherwise float64 // 0 makes a missing one an error, if low is above it
		low, most int
	}{
		{&m.rows, tag.Rows, 0, 1, 1 << 16}, {&m.columns, tag.Columns, 0, 1, 1 << 16},
		{&m.samples, tag.SamplesPerPixel, 1, 1, 4}, {&m.frames, tag.NumberOfFrames, 1, 1, 1 << 20},
		{&m.allocated, tag.BitsAllocated, 0, 1, 64}, {&m.stored, tag.BitsStored, 0, 1, 64}, {&m.high, tag.HighBit, -1, -1, 63},
		{&signed, tag.PixelRepresentation, 0, 0, 1}, {&planar, tag.PlanarConfiguration, 0, 0, 1},
	} {
		x, err := f.number(field.tag, field.otherwise)
		if err != nil {
			return m, err
		}
		if !(x >= float64(field.low) && x <= float64(field.most)) || x != float64(int(x)) {
			return odd(fmt.Sprintf("%v in element %s", x, tag.DebugString(field.tag)), "a number from %d to %d", field.low, field.most)
		}
		*field.to = int(x)
	}
	m.signed, m.planar, m.photometric = signed == 1, planar == 1, f.word(tag.PhotometricInterpretation)
	if m.high < 0 {
		m.high = m.stored - 1
	}
	channels, ok := dicomPhotometrics[m.photometric]
	switch {
	case !ok:
		return odd("photometric interpretation "+quoted(m.photometric), "one of MONOCHROME1, MONOCHROME2, RGB, YBR_FULL, YBR_FULL_422: others aren't supported")
	case m.samples != channels:
		return odd(fmt.Sprintf("%d samples a pixel in a %s image", m.samples, m.photometric), "%d", channels)
	case m.allocated != 1 && m.allocated != 8 && m.allocated != 16 && m.allocated != 32:
		return odd(fmt.Sprintf("%d bits allocated", m.allocated), "1, 8, 16 or 32")
	case m.stored > m.allocated || m.high >= m.allocated || m.high < m.stored-1:
		return odd(fmt.Sprintf("%d bits stored up to bit %d of %d", m.stored, m.high, m.allocated), "as many as fit")
	case m.samples == 3 && m.stored != 8:
		return odd(fmt.Sprintf("colours of %d bits", m.stored), "8: others aren't supported")
	case m.rows*m.columns > mostPixels:
		return odd(fmt.Sprintf("an image of %d by %d pixels", m.columns, m.rows), "at most %d pixels", mostPixels)
	case f.syntax.encapsulated && f.syntax.decode == "":
		return odd("transfer syntax "+f.syntax.name, "an uncompressed one, RLE Lossless or JPEG Baseline: this one isn't supported")
	case f.syntax.encapsulated != (f.pixels.fragments != nil):
		return odd("pixels that aren't in the form of transfer syntax "+f.syntax.name, "pixels in that form")
	case f.syntax.encapsulated && m.allocated == 1:
		return odd("compressed pixels of 1 bit", "8 bits or more")
	}
	return m, nil
}

// size returns how many values a frame has.
func (m dicomImage) size() int { return m.rows * m.columns * m.samples }

// stored returns the stored values of a frame, [row, column, sample].
func (f *dicomFile) stored(m dicomImage, frame int) ([]int64, error) {
	switch f.syntax.decode {
	case "rle":
		return f.rleFrame(m, frame)
	case "jpeg":
		return f.jpegFrame(m, frame)
	}
	return f.nativeFrame(m, frame)
}

// nativeFrame reads uncompressed pixels. They must be all there, and not be more but for a
// byte of padding.
func (f *dicomFile) nativeFrame(m dicomImage, frame int) ([]int64, error) {
	if m.photometric == "YBR_FULL_422" {
		return nil, &CellError{File: f.where, Found: "uncompressed YBR_FULL_422 pixels", Expected: "another photometric interpretation: this one isn't supported"}
	}
	bits := int64(m.size()) * int64(m.allocated)
	want := (bits*int64(m.frames) + 7) / 8
	if have := int64(len(f.pixels.value)); have != want && have != want+want%2 {
		return nil, &CellError{
			File: f.where, Found: fmt.Sprintf("%d bytes of pixels", have),
			Expected: fmt.Sprintf("%d: %d frames of %d by %d pixels of %d × %d bits", want, m.frames, m.columns, m.rows, m.samples, m.allocated),
		}
	}
	values := make([]int64, m.size())
	first := frame * len(values)
	for i := range values {
		at := first + m.place(i)
		var raw uint64
		switch m.allocated {
		case 1: // the first pixel is the lowest bit (PS3.5, section 8.1.1)
			raw = uint64(f.pixels.value[at/8]>>(at%8)) & 1
		case 8:
			raw = uint64(f.byteOf(at))
		case 16:
			raw = uint64(f.order.Uint16(f.pixels.value[2*at:]))
		default:
			raw = uint64(f.order.Uint32(f.pixels.value[4*at:]))
		}
		values[i] = m.value(raw)
	}
	return values, nil
}

// byteOf returns a pixel of eight bits. In words of a big-endian file, bytes are swapped.
func (f *dicomFile) byteOf(at int) byte {
	if f.syntax.big && f.pixels.vr == "OW" {
		at ^= 1
		if at >= len(f.pixels.value) {
			at ^= 1
		}
	}
	return f.pixels.value[at]
}

// place returns where value i of a frame, [row, column, sample], stands.
func (m dicomImage) place(i int) int {
	if !m.planar || m.samples == 1 {
		return i
	}
	return i%m.samples*m.rows*m.columns + i/m.samples
}

// value cuts the stored bits out of the allocated ones.
func (m dicomImage) value(raw uint64) int64 {
	raw >>= m.high + 1 - m.stored
	if m.signed {
		return int64(raw<<(64-m.stored)) >> (64 - m.stored)
	}
	return int64(raw & (1<<m.stored - 1))
}

// fragment returns the compressed bytes of a frame: its fragment, or all of them where
// there is one frame, or those that the offset table gives it.
func (f *dicomFile) fragment(m dicomImage, frame int) ([]byte, error) {
	all := f.pixels.fragments
	if len(all) < 2 {
		return nil, &CellError{File: f.where, Found: "no compressed pixels", Expected: fmt.Sprintf("%d frames", m.frames)}
	}
	table, parts := all[0], all[1:]
	switch {
	case m.frames == len(parts):
		return parts[frame], nil
	case m.frames == 1:
		return joined(parts), nil
	case len(table) != 4*m.frames:
		return nil, &CellError{File: f.where, Found: fmt.Sprintf("%d fragments of pixels", len(parts)), Expected: fmt.Sprintf("%d, one a frame, or an offset table", m.frames)}
	}
	from := int64(f.order.Uint32(table[4*frame:]))
	to := int64(1) << 40
	if frame+1 < m.frames {
		to = int64(f.order.Uint32(table[4*frame+4:]))
	}
	var own [][]byte
	at := int64(0)
	for _, part := range parts {
		if at >= from && at < to {
			own = append(own, part)
		}
		at += 8 + int64(len(part))
	}
	if len(own) == 0 {
		return nil, &CellError{File: f.where, Found: fmt.Sprintf("no pixels for frame %d", frame+1), Expected: "some"}
	}
	return joined(own), nil
}

func joined(parts [][]byte) []byte {
	if len(parts) == 1 {
		return parts[0]
	}
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}
