package dataset

import (
	"math"
	"strconv"
	"strings"
)

// place returns the number in memory of the element with the row-major number i.
func (a *npyArray) place(i int) int {
	if !a.fortran {
		return i
	}
	at, stride := 0, 1
	for _, n := range a.shape {
		stride *= n
	}
	for axis := len(a.shape) - 1; axis >= 0; axis-- {
		n := a.shape[axis]
		stride /= n
		at += i % n * stride
		i /= n
	}
	return at
}

// bytes returns the element with the row-major number i.
func (a *npyArray) bytes(i int) []byte {
	at := a.place(i) * a.size
	return a.data[at : at+a.size]
}

// number returns the element with the row-major number i, rounded to float64; it must not
// be a word.
func (a *npyArray) number(i int) float64 {
	b := a.bytes(i)
	switch {
	case a.kind == 'f' && a.size == 4:
		return float64(math.Float32frombits(a.order.Uint32(b)))
	case a.kind == 'f':
		return math.Float64frombits(a.order.Uint64(b))
	case a.kind == 'i':
		return float64(a.integer(b))
	}
	return float64(a.natural(b))
}

// integer returns a signed element.
func (a *npyArray) integer(b []byte) int64 {
	shift := 64 - 8*a.size
	return int64(a.natural(b)<<shift) >> shift
}

// natural returns an element's bits.
func (a *npyArray) natural(b []byte) uint64 {
	switch a.size {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(a.order.Uint16(b))
	case 4:
		return uint64(a.order.Uint32(b))
	}
	return a.order.Uint64(b)
}

// isWords reports whether the elements are words.
func (a *npyArray) isWords() bool { return a.kind == 'S' || a.kind == 'U' }

// cell returns an element as a table would have it: a number in its shortest form, "" for
// NaN, or a word.
func (a *npyArray) cell(i int) string {
	b := a.bytes(i)
	switch a.kind {
	case 'i':
		return strconv.FormatInt(a.integer(b), 10)
	case 'u', 'b':
		return strconv.FormatUint(a.natural(b), 10)
	case 'f':
		x := a.number(i)
		if math.IsNaN(x) {
			return ""
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	case 'S':
		return strings.TrimRight(string(b), "\x00")
	}
	var word strings.Builder
	for at := 0; at < len(b); at += 4 {
		if r := a.order.Uint32(b[at:]); r != 0 {
			word.WriteRune(rune(r)) // what is no character becomes U+FFFD
		}
	}
	return word.String()
}
