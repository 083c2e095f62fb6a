package dataset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
)

// rleFrame unpacks run lengths (PS3.5, annex G): a segment for each byte of each sample,
// the highest byte first.
func (f *dicomFile) rleFrame(m dicomImage, frame int) ([]int64, error) {
	data, err := f.fragment(m, frame)
	if err != nil {
		return nil, err
	}
	width := m.allocated / 8
	segments := m.samples * width
	damaged := &CellError{File: f.where, Found: fmt.Sprintf("run lengths of frame %d that are cut off or damaged", frame+1), Expected: fmt.Sprintf("%d whole segments", segments)}
	if len(data) < 64 || int(binary.LittleEndian.Uint32(data)) != segments || segments > 15 {
		return nil, damaged
	}
	pixels := m.rows * m.columns
	raw := make([]uint64, m.size())
	plane := make([]byte, pixels)
	for s := range segments {
		from, to := int64(binary.LittleEndian.Uint32(data[4+4*s:])), int64(len(data))
		if s+1 < segments {
			to = int64(binary.LittleEndian.Uint32(data[8+4*s:]))
		}
		if from < 64 || to < from || to > int64(len(data)) || !unpackBits(plane, data[from:to]) {
			return nil, damaged
		}
		sample := s / width
		for i, b := range plane {
			raw[i*m.samples+sample] = raw[i*m.samples+sample]<<8 | uint64(b)
		}
	}
	values := make([]int64, len(raw))
	for i, r := range raw {
		values[i] = m.value(r)
	}
	return values, nil
}

// unpackBits fills dst from run lengths, and reports whether they fill it.
func unpackBits(dst, src []byte) bool {
	at := 0
	for len(src) > 0 && at < len(dst) {
		n := int(int8(src[0]))
		src = src[1:]
		switch {
		case n >= 0: // n+1 bytes as they are
			if len(src) < n+1 || len(dst)-at < n+1 {
				return false
			}
			copy(dst[at:], src[:n+1])
			at, src = at+n+1, src[n+1:]
		case n > -128: // one byte, 1-n times
			if len(src) < 1 || len(dst)-at < 1-n {
				return false
			}
			for range 1 - n {
				dst[at] = src[0]
				at++
			}
			src = src[1:]
		}
	}
	return at == len(dst)
}

// jpegFrame decodes a JPEG of eight bits a sample, its size first. The components of a
// colour image are taken as they are stored; what they mean, the file says.
func (f *dicomFile) jpegFrame(m dicomImage, frame int) (values []int64, err error) {
	data, err := f.fragment(m, frame)
	if err != nil {
		return nil, err
	}
	odd := func(found, expected string) ([]int64, error) {
		return nil, &CellError{File: f.where, Found: found, Expected: expected}
	}
	if m.stored != 8 || m.allocated != 8 || m.signed {
		return odd(fmt.Sprintf("transfer syntax %s of %d bits", f.syntax.name, m.stored), "8 unsigned bits: others aren't supported")
	}
	defer func() {
		if r := recover(); r != nil {
			values, err = odd("a corrupt JPEG image", "a whole one")
		}
	}()
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return odd("a corrupt JPEG image ("+oneLine(err.Error())+")", "a whole one")
	}
	if config.Width != m.columns || config.Height != m.rows {
		return odd(fmt.Sprintf("a JPEG image of %d by %d pixels", config.Width, config.Height), fmt.Sprintf("%d by %d, as the header says", m.columns, m.rows))
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return odd("a corrupt JPEG image ("+oneLine(err.Error())+")", "a whole one")
	}
	return m.components(f, img)
}

// components returns a JPEG's samples, in RGB where there are three.
func (m dicomImage) components(f *dicomFile, img image.Image) ([]int64, error) {
	values := make([]int64, 0, m.size())
	for y := range m.rows {
		for x := range m.columns {
			switch img := img.(type) {
			case *image.Gray:
				if m.samples == 1 {
					values = append(values, int64(img.GrayAt(x, y).Y))
				}
			case *image.YCbCr:
				if m.samples == 3 {
					c := img.YCbCrAt(x, y)
					r, g, b := c.Y, c.Cb, c.Cr
					if m.photometric != "RGB" {
						r, g, b = color.YCbCrToRGB(r, g, b)
					}
					values = append(values, int64(r), int64(g), int64(b))
				}
			case *image.RGBA: // by its own marker it is RGB
				if m.samples == 3 {
					c := img.RGBAAt(x, y)
					values = append(values, int64(c.R), int64(c.G), int64(c.B))
				}
			}
		}
	}
	if len(values) != m.size() {
		return nil, &CellError{File: f.where, Found: "a JPEG image of another kind of colour", Expected: m.photometric + ", as the header says"}
	}
	return values, nil
}
