package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// npyArray is an array as NumPy's .npy format holds it (NEP 1, versions 1.0 to 3.0). The
// reader is our own because the header is the only hard part and must not be trusted: the
// published Go reader allocates what a header asks for, panics on a bent one, and takes an
// array that ends too early for a whole one.
type npyArray struct {
	shape   []int
	fortran bool // the first index runs fastest
	kind    byte // b i u f S U, as in NumPy's type codes
	size    int  // bytes of an element
	order   binary.ByteOrder
	data    []byte
}

// mostNpyHeader bounds the text before the data; NumPy itself refuses more than 10,000.
const mostNpyHeader = 10_000

var (
	npyDescr   = regexp.MustCompile(`'descr': *'([<>|=]?)([biufSU])([0-9]{1,6})'`)
	npyFortran = regexp.MustCompile(`'fortran_order': *(True|False)`)
	npyShape   = regexp.MustCompile(`'shape': *\(([0-9, ]*)\)`)
)

// readNpy reads an array of at most so many elements and bytes. What the header promises
// is never allocated before it has been read.
func readNpy(where string, r io.Reader, lim limits) (*npyArray, error) {
	header, err := npyHeader(where, r)
	if err != nil {
		return nil, err
	}
	a, err := parseNpyHeader(where, header)
	if err != nil {
		return nil, err
	}
	count, err := a.count(where, lim)
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	want := int64(count) * int64(a.size)
	switch n, err := io.Copy(&data, io.LimitReader(r, want)); {
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, npyDamage(where, err)
	case n < want:
		return nil, &CellError{File: where, Found: fmt.Sprintf("%d bytes of data", n), Expected: fmt.Sprintf("%d, as its header says: it is cut off", want)}
	}
	// Reading to the end has an archive's checksum checked.
	switch n, err := io.Copy(io.Discard, io.LimitReader(r, 1)); {
	case err != nil:
		return nil, npyDamage(where, err)
	case n > 0:
		return nil, &CellError{File: where, Found: fmt.Sprintf("more than %d bytes of data", want), Expected: "as many as its header says"}
	}
	a.data = data.Bytes()
	return a, nil
}

// npyHeader reads the magic, the version and the header's text.
func npyHeader(where string, r io.Reader) (string, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:6]) != "\x93NUMPY" {
		return "", &CellError{File: where, Found: "no NumPy array", Expected: `one, which begins with "\x93NUMPY"`}
	}
	length := 0
	switch head[6] {
	case 1:
		var n uint16
		if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
			return "", npyDamage(where, err)
		}
		length = int(n)
	case 2, 3:
		var n uint32
		if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
			return "", npyDamage(where, err)
		}
		length = int(min(n, mostNpyHeader+1))
	default:
		return "", &CellError{File: where, Found: fmt.Sprintf("version %d of the NumPy format", head[6]), Expected: "1, 2 or 3"}
	}
	if length > mostNpyHeader {
		return "", &CellError{File: where, Found: fmt.Sprintf("a header of more than %d bytes", mostNpyHeader), Expected: "a shorter one"}
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", npyDamage(where, err)
	}
	return string(text), nil
}

func npyDamage(where string, err error) error {
	var cell *CellError
	switch {
	case errors.As(err, &cell):
		return err
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return &CellError{File: where, Found: "an array that is cut off", Expected: "a whole one"}
	}
	return &CellError{File: where, Found: "damage (" + oneLine(err.Error()) + ")", Expected: "a whole array"}
}

func parseNpyHeader(where, header string) (*npyArray, error) {
	e := &CellError{File: where}
	text := strings.TrimRight(header, " \n\x00")
	descr, fortran, shape := npyDescr.FindStringSubmatch(text), npyFortran.FindStringSubmatch(text), npyShape.FindStringSubmatch(text)
	switch {
	case !strings.HasPrefix(text, "{") || !strings.HasSuffix(text, "}") || fortran == nil || shape == nil:
		e.Found, e.Expected = "a header that isn't NumPy's", "descr, fortran_order and shape"
		return nil, e
	case descr == nil:
		e.Found, e.Expected = "elements that are objects, records, times or complex", "numbers or words"
		return nil, e
	}
	a := &npyArray{fortran: fortran[1] == "True", kind: descr[2][0], order: binary.LittleEndian}
	if descr[1] == ">" {
		a.order = binary.BigEndian
	}
	a.size, _ = strconv.Atoi(descr[3]) // at most six digits
	if a.kind == 'U' {
		a.size *= 4
	}
	if !a.known() {
		e.Found, e.Expected = fmt.Sprintf("elements of type %s%s", descr[2], descr[3]), "b1, i1 to i8, u1 to u8, f4, f8, or words"
		return nil, e
	}
	for _, side := range strings.Split(shape[1], ",") {
		if side = strings.TrimSpace(side); side == "" {
			continue
		}
		n, err := strconv.Atoi(side)
		if err != nil || n > math.MaxInt32 {
			e.Found, e.Expected = "a shape with a side of "+quoted(side), "a smaller array"
			return nil, e
		}
		a.shape = append(a.shape, n)
	}
	return a, nil
}

// known reports whether elements of this type can be read.
func (a *npyArray) known() bool {
	switch a.kind {
	case 'b':
		return a.size == 1
	case 'i', 'u':
		return a.size == 1 || a.size == 2 || a.size == 4 || a.size == 8
	case 'f':
		return a.size == 4 || a.size == 8
	}
	return a.size > 0 // S, U
}

// count returns how many elements there are, within the limits.
func (a *npyArray) count(where string, lim limits) (int, error) {
	count := 1
	for _, n := range a.shape {
		if n > 0 && count > lim.values/n {
			return 0, &CellError{File: where, Found: fmt.Sprintf("an array of shape %v", a.shape), Expected: fmt.Sprintf("at most %d values", lim.values)}
		}
		count *= n
	}
	if int64(count) > lim.bytes/int64(a.size) {
		return 0, &CellError{File: where, Found: fmt.Sprintf("%d elements of %d bytes", count, a.size), Expected: fmt.Sprintf("at most %d bytes", lim.bytes)}
	}
	return count, nil
}
