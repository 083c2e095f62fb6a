package dataset

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/suyashkumar/dicom"
	"github.com/suyashkumar/dicom/pkg/tag"
)

// dicomFile is a file whose structure holds.
type dicomFile struct {
	where  string
	syntax dicomSyntax
	order  binary.ByteOrder
	values map[tag.Tag][]string // of the elements that are words or numbers
	pixels *dicomElement
}

// openDicom reads a file of PS3.10: preamble, meta information, data set.
func openDicom(where string, file []byte, lim limits) (*dicomFile, error) {
	if len(file) < 132 || string(file[128:132]) != "DICM" {
		return nil, &CellError{File: where, Found: "no DICOM file", Expected: "one, with DICM at byte 128"}
	}
	meta := &dicomScan{where: where, data: file[132:], order: binary.LittleEndian}
	at := 0
	for at+2 <= len(meta.data) && meta.order.Uint16(meta.data[at:]) == 2 {
		h, err := meta.head(at, len(meta.data), false)
		if err != nil {
			return nil, err
		}
		end, err := meta.value(h, len(meta.data), false, 0)
		if err != nil {
			return nil, err
		}
		if h.length == undefinedLength {
			return nil, meta.odd(fmt.Sprintf("element %v without a length", h.tag), "one")
		}
		meta.elements = append(meta.elements, dicomElement{tag: h.tag, vr: h.vr, value: meta.data[h.value:end]})
		at = end
	}
	f := &dicomFile{where: where, order: binary.LittleEndian}
	if err := f.findSyntax(meta.elements); err != nil {
		return nil, err
	}
	s := &dicomScan{where: where, data: meta.data[at:], order: f.order, implicit: f.syntax.implicit}
	if f.syntax.deflated {
		var err error
		if s.data, err = inflate(where, s.data, lim); err != nil {
			return nil, err
		}
	}
	// Some writers of compressed images leave the representations out although the syntax
	// has them; such a data set can't be taken for anything else.
	if !s.implicit && len(s.data) >= 8 && !isRepresentation(s.data[4:6]) {
		s.implicit = true
	}
	if err := s.all(); err != nil {
		return nil, err
	}
	for i := range s.elements {
		if s.elements[i].tag == tag.PixelData {
			f.pixels = &s.elements[i]
		}
	}
	return f, f.parse(s)
}

func (f *dicomFile) findSyntax(meta []dicomElement) error {
	for _, e := range meta {
		if e.tag != tag.TransferSyntaxUID {
			continue
		}
		id := strings.TrimRight(string(e.value), "\x00 ")
		syntax, ok := dicomSyntaxes[id]
		if !ok {
			return &CellError{File: f.where, Found: "transfer syntax " + quoted(id), Expected: "one that is known"}
		}
		if f.syntax = syntax; syntax.big {
			f.order = binary.BigEndian
		}
		return nil
	}
	return &CellError{File: f.where, Found: "no transfer syntax", Expected: "one in the meta information"}
}

// inflate unpacks a deflated data set, within the limits.
func inflate(where string, packed []byte, lim limits) ([]byte, error) {
	r := flate.NewReader(bytes.NewReader(packed))
	most := min(lim.bytes, 1<<28)
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, &CellError{File: where, Found: "a deflated data set that is cut off or damaged", Expected: "a whole one"}
	case int64(len(data)) > most:
		return nil, &CellError{File: where, Found: fmt.Sprintf("a data set that unpacks to more than %d bytes", most), Expected: "a smaller one"}
	}
	return data, nil
}

// plainRepresentations are those of words and numbers, which the library is given.
const plainRepresentations = "AE AS CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US "

// parse has the library read the words and numbers. What it is given has sound lengths, no
// sequences and no pixels.
func (f *dicomFile) parse(s *dicomScan) (err error) {
	defer func() {
		if r := recover(); r != nil { // the library has panicked on values before
			err = &CellError{File: f.where, Found: "a header that is damaged", Expected: "a whole one"}
		}
	}()
	const mostValue, mostPlain = 1 << 16, 10_000
	var plain bytes.Buffer
	n := 0
	for _, e := range s.elements {
		if strings.Contains(plainRepresentations, e.vr+" ") && len(e.value) <= mostValue {
			plain.Write(e.raw)
			n++
		}
	}
	if n > mostPlain {
		return s.odd(fmt.Sprintf("more than %d elements of words and numbers", mostPlain), "fewer")
	}
	whole := append(metaOf(s), plain.Bytes()...)
	p, err := dicom.NewParser(bytes.NewReader(whole), int64(len(whole)), nil, dicom.AllowUnknownSpecificCharacterSet())
	if err != nil {
		return s.odd("a header that can't be read ("+oneLine(err.Error())+")", "a whole one")
	}
	f.values = make(map[tag.Tag][]string, n)
	for {
		e, err := p.Next()
		if errors.Is(err, dicom.ErrorEndOfDICOM) || errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.odd("a header that can't be read ("+oneLine(err.Error())+")", "a whole one")
		}
		f.values[e.Tag] = valueWords(e)
	}
}

// metaOf returns the beginning of a file in the syntax of a scan. Left without a syntax, the
// library would try several on the first element, and make room for whatever length it then
// seems to have.
func metaOf(s *dicomScan) []byte {
	id := "1.2.840.10008.1.2.1\x00"
	switch {
	case s.implicit:
		id = "1.2.840.10008.1.2\x00"
	case s.order == binary.BigEndian:
		id = "1.2.840.10008.1.2.2\x00"
	}
	meta := append(make([]byte, 128), "DICM\x02\x00\x00\x00UL\x04\x00"...)
	meta = binary.LittleEndian.AppendUint32(meta, uint32(8+len(id)))
	meta = append(meta, "\x02\x00\x10\x00UI"...)
	meta = binary.LittleEndian.AppendUint16(meta, uint16(len(id)))
	return append(meta, id...)
}

// valueWords returns an element's values in the form of a table's cells.
func valueWords(e *dicom.Element) []string {
	var words []string
	switch v := e.Value.GetValue().(type) {
	case []string:
		for _, w := range v {
			words = append(words, strings.Trim(w, " \x00"))
		}
	case []int:
		for _, n := range v {
			words = append(words, strconv.Itoa(n))
		}
	case []float64:
		for _, x := range v {
			words = append(words, strconv.FormatFloat(x, 'g', -1, 64))
		}
	case string:
		words = []string{strings.Trim(v, " \x00")}
	}
	return words
}

// word returns an element's first value, "" where there is none. An age is in years.
func (f *dicomFile) word(t tag.Tag) string {
	if len(f.values[t]) == 0 {
		return ""
	}
	word := f.values[t][0]
	if t == tag.PatientAge {
		return years(word)
	}
	return word
}

// years returns an age such as 060Y or 018M (PS3.5, section 6.2, AS) in years, "" where it
// is of another form.
func years(age string) string {
	if len(age) != 4 {
		return ""
	}
	n, err := strconv.Atoi(age[:3])
	parts := map[byte]float64{'Y': 1, 'M': 12, 'W': 52.1775, 'D': 365.2425}[age[3]]
	if err != nil || n < 0 || parts == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(n)/parts, 'g', 6, 64)
}

// number returns an element's first value as a number; otherwise where there is none.
func (f *dicomFile) number(t tag.Tag, otherwise float64) (float64, error) {
	word := f.word(t)
	if word == "" {
		return otherwise, nil
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
	if err != nil || x-x != 0 {
		return 0, &CellError{File: f.where, Found: fmt.Sprintf("%s in element %s", quoted(word), tag.DebugString(t)), Expected: "a number"}
	}
	return x, nil
}
