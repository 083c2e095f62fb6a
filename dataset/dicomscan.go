package dataset

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// dicomElement is an element of a DICOM data set that isn't inside a sequence.
type dicomElement struct {
	tag       tag.Tag
	vr        string
	raw       []byte   // all of it
	value     []byte   // nil where it has no length of its own
	fragments [][]byte // of encapsulated pixels, the offset table first
}

// dicomScan walks the structure of a data set (PS3.5, section 7) and holds every length
// against what there is, before anybody makes room for it. The library trusts lengths: a
// file of 4.6 KB can make it ask for 3 GiB, and of files cut short it takes many for whole.
type dicomScan struct {
	where    string
	data     []byte
	order    binary.ByteOrder
	implicit bool // elements don't say their representation

	elements []dicomElement
	count    int // of elements at any depth
}

const (
	mostElements    = 1 << 20
	mostDepth       = 32 // of sequences in sequences
	undefinedLength = math.MaxUint32
)

var (
	itemTag        = tag.Tag{Group: 0xfffe, Element: 0xe000}
	itemEndTag     = tag.Tag{Group: 0xfffe, Element: 0xe00d}
	sequenceEndTag = tag.Tag{Group: 0xfffe, Element: 0xe0dd}
)

// longRepresentations have a length of four bytes.
const longRepresentations = "OB OD OF OL OV OW SQ SV UC UN UR UT UV "

// head is what stands before an element's value.
type head struct {
	tag    tag.Tag
	vr     string
	length uint32
	value  int // where it begins
}

func (s *dicomScan) cut(what string) error {
	return &CellError{File: s.where, Found: what + " that goes on beyond the file's end", Expected: "a whole file: it is cut off or damaged"}
}

func (s *dicomScan) odd(found, expected string, args ...any) error {
	return &CellError{File: s.where, Found: found, Expected: fmt.Sprintf(expected, args...)}
}

// head reads what stands before a value, which must end before to.
func (s *dicomScan) head(at, to int, implicit bool) (head, error) {
	if s.count++; s.count > mostElements {
		return head{}, s.odd("more than a million elements", "at most that many")
	}
	if to-at < 8 {
		return head{}, s.cut("an element")
	}
	h := head{tag: tag.Tag{Group: s.order.Uint16(s.data[at:]), Element: s.order.Uint16(s.data[at+2:])}, value: at + 8}
	switch {
	case h.tag.Group == itemTag.Group:
		h.length = s.order.Uint32(s.data[at+4:])
		return h, nil
	case implicit:
		h.length = s.order.Uint32(s.data[at+4:])
		h.vr = "UN"
		if known, err := tag.Find(h.tag); err == nil {
			h.vr = known.VRs[0]
		}
		return h, nil
	}
	h.vr = string(s.data[at+4 : at+6])
	if !isRepresentation(s.data[at+4 : at+6]) {
		return h, s.odd(fmt.Sprintf("element %v without a value representation", h.tag), "two capitals (is its transfer syntax the one that the file says?)")
	}
	if !strings.Contains(longRepresentations, h.vr+" ") {
		h.length = uint32(s.order.Uint16(s.data[at+6:]))
		return h, nil
	}
	if to-at < 12 {
		return h, s.cut("an element")
	}
	h.length, h.value = s.order.Uint32(s.data[at+8:]), at+12
	return h, nil
}

// isRepresentation reports whether two bytes may be a value representation.
func isRepresentation(b []byte) bool {
	return b[0] >= 'A' && b[0] <= 'Z' && b[1] >= 'A' && b[1] <= 'Z'
}

// all scans the whole data set.
func (s *dicomScan) all() error {
	at, last := 0, tag.Tag{}
	for at < len(s.data) {
		h, err := s.head(at, len(s.data), s.implicit)
		if err != nil {
			return err
		}
		if len(s.elements) > 0 && h.tag.Compare(last) <= 0 {
			return s.odd(fmt.Sprintf("element %v behind %v", h.tag, last), "rising elements")
		}
		last = h.tag
		e := dicomElement{tag: h.tag, vr: h.vr}
		end := 0
		if h.tag == tag.PixelData && h.length == undefinedLength {
			e.fragments, end, err = s.fragments(h.value)
		} else {
			end, err = s.value(h, len(s.data), s.implicit, 0)
		}
		if err != nil {
			return err
		}
		e.raw = s.data[at:end]
		if h.length != undefinedLength {
			e.value = s.data[h.value:end]
		}
		s.elements = append(s.elements, e)
		at = end
	}
	return nil
}

// value walks over a value and returns where it ends.
func (s *dicomScan) value(h head, to int, implicit bool, depth int) (int, error) {
	if depth > mostDepth {
		return 0, s.odd(fmt.Sprintf("more than %d sequences in each other", mostDepth), "fewer")
	}
	if h.length == undefinedLength {
		if h.vr != "SQ" && h.vr != "UN" && h.tag != tag.PixelData {
			return 0, s.odd(fmt.Sprintf("element %v without a length", h.tag), "one")
		}
		// A sequence of unknown representation is implicit inside (PS3.5, section 6.2.2).
		return s.items(h.value, to, true, implicit || h.vr == "UN", depth)
	}
	if int64(h.length) > int64(to-h.value) {
		return 0, s.cut(fmt.Sprintf("element %v of %d bytes", h.tag, h.length))
	}
	end := h.value + int(h.length)
	if h.vr == "SQ" {
		return s.items(h.value, end, false, implicit, depth)
	}
	return end, nil
}

// items walks over the items of a sequence, up to to or to the delimiter.
func (s *dicomScan) items(at, to int, delimited, implicit bool, depth int) (int, error) {
	for at < to || delimited {
		h, err := s.head(at, to, implicit)
		switch {
		case err != nil:
			return 0, err
		case delimited && h.tag == sequenceEndTag && h.length == 0:
			return h.value, nil
		case h.tag != itemTag:
			return 0, s.odd(fmt.Sprintf("element %v in a sequence", h.tag), "an item")
		}
		end, open := to, h.length == undefinedLength
		if !open {
			if int64(h.length) > int64(to-h.value) {
				return 0, s.cut("an item of a sequence")
			}
			end = h.value + int(h.length)
		}
		if at, err = s.item(h.value, end, open, implicit, depth+1); err != nil {
			return 0, err
		}
	}
	return at, nil
}

// item walks over the elements of an item.
func (s *dicomScan) item(at, to int, delimited, implicit bool, depth int) (int, error) {
	for at < to || delimited {
		h, err := s.head(at, to, implicit)
		if err != nil {
			return 0, err
		}
		if delimited && h.tag == itemEndTag && h.length == 0 {
			return h.value, nil
		}
		if at, err = s.value(h, to, implicit, depth); err != nil {
			return 0, err
		}
	}
	return at, nil
}

// fragments returns those of encapsulated pixels (PS3.5, section A.4).
func (s *dicomScan) fragments(at int) ([][]byte, int, error) {
	var all [][]byte
	for {
		h, err := s.head(at, len(s.data), s.implicit)
		switch {
		case err != nil:
			return nil, 0, err
		case h.tag == sequenceEndTag:
			return all, h.value, nil
		case h.tag != itemTag:
			return nil, 0, s.odd(fmt.Sprintf("element %v among the fragments of the pixels", h.tag), "an item")
		case int64(h.length) > int64(len(s.data)-h.value):
			return nil, 0, s.cut("a fragment of the pixels")
		}
		at = h.value + int(h.length)
		all = append(all, s.data[h.value:at])
	}
}
