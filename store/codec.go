package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// encoder appends the fields of a record to b. Numbers are little-endian and of fixed
// size, floats are their bits, so that every NaN comes back as it went.
type encoder struct{ b []byte }

func (e *encoder) byte(x byte)     { e.b = append(e.b, x) }
func (e *encoder) int(x int)       { e.b = binary.LittleEndian.AppendUint64(e.b, uint64(int64(x))) }
func (e *encoder) float(x float64) { e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(x)) }

// count writes how many elements or bytes follow.
func (e *encoder) count(n int) { e.b = binary.LittleEndian.AppendUint32(e.b, uint32(n)) }

func (e *encoder) string(s string) {
	e.count(len(s))
	e.b = append(e.b, s...)
}

func (e *encoder) bytes(s []byte) { e.string(string(s)) }

// time writes seconds since 1970 UTC and nanoseconds; the zero time is a time like others.
func (e *encoder) time(t time.Time) {
	e.int(int(t.Unix()))
	e.count(t.Nanosecond())
}

// decoder reads the fields of a record. The first mistake stays in err, and what is read
// after it is zero.
type decoder struct {
	b   []byte
	err error
	// words are strings that many records share, such as the names of metrics; nil shares
	// none.
	words map[string]string
}

var errShort = errors.New("its record ends too early")

// take returns the next n bytes, or zeros after a mistake: as many, up to the size of a
// SHA-256.
func (d *decoder) take(n int) []byte {
	if d.err == nil && n > len(d.b) {
		d.err = errShort
	}
	if d.err != nil {
		return make([]byte, min(n, sha256.Size))
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) byte() byte     { return d.take(1)[0] }
func (d *decoder) int() int       { return int(int64(binary.LittleEndian.Uint64(d.take(8)))) }
func (d *decoder) float() float64 { return math.Float64frombits(binary.LittleEndian.Uint64(d.take(8))) }

// count reads a number of elements that take at least size bytes each, which bounds what
// a reader allocates by what there is.
func (d *decoder) count(size int) int {
	n := int(binary.LittleEndian.Uint32(d.take(4)))
	if d.err == nil && n > len(d.b)/size {
		d.err = errShort
	}
	if d.err != nil {
		return 0
	}
	return n
}

func (d *decoder) string() string {
	n := d.count(1)
	if n == 0 {
		return ""
	}
	return string(d.take(n))
}

// word reads a string of which there are few: it is kept once.
func (d *decoder) word() string {
	n := d.count(1)
	if n == 0 {
		return ""
	}
	b := d.take(n)
	if w, ok := d.words[string(b)]; ok {
		return w
	}
	w := string(b)
	if d.words != nil && d.err == nil {
		d.words[w] = w
	}
	return w
}

// bytes returns a copy: bbolt's memory is gone after the transaction.
func (d *decoder) bytes() []byte {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	return append([]byte(nil), d.take(n)...)
}

func (d *decoder) time() time.Time {
	sec, nsec := d.int(), binary.LittleEndian.Uint32(d.take(4))
	if nsec >= 1e9 {
		d.fail("a time has %d nanoseconds", nsec)
		return time.Time{}
	}
	return time.Unix(int64(sec), int64(nsec)).UTC()
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

// end returns the first mistake, which bytes left over are, too.
func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		d.err = fmt.Errorf("its record has %d bytes too many", len(d.b))
	}
	return d.err
}
