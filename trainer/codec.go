package trainer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"medml"
)

// A file of ours is a magic word with its version, a body, and the CRC-32C of both. In a
// body all numbers are little-endian, a whole number or a float64 takes eight bytes, and a
// list begins with its length.

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encoder appends to a body.
type encoder struct{ b []byte }

func newEncoder(magic string, room int) *encoder {
	return &encoder{append(make([]byte, 0, len(magic)+room+crc32.Size), magic...)}
}

// seal ends the file.
func (e *encoder) seal() []byte {
	return binary.LittleEndian.AppendUint32(e.b, crc32.Checksum(e.b, castagnoli))
}

func (e *encoder) int(n int)       { e.b = binary.LittleEndian.AppendUint64(e.b, uint64(n)) }
func (e *encoder) float(x float64) { e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(x)) }

func (e *encoder) bytes(b []byte) {
	e.int(len(b))
	e.b = append(e.b, b...)
}

func (e *encoder) text(s string) {
	e.int(len(s))
	e.b = append(e.b, s...)
}

func (e *encoder) ints(ns []int) {
	e.int(len(ns))
	for _, n := range ns {
		e.int(n)
	}
}

func (e *encoder) floats(xs []float64) {
	e.int(len(xs))
	for _, x := range xs {
		e.float(x)
	}
}

func (e *encoder) texts(ss []string) {
	e.int(len(ss))
	for _, s := range ss {
		e.text(s)
	}
}

func (e *encoder) epochs(es []medml.Epoch) {
	e.int(len(es))
	for _, ep := range es {
		e.int(ep.Step)
		for _, x := range [...]float64{ep.Loss, ep.ValidLoss, ep.Value, ep.Report} {
			e.float(x)
		}
	}
}

func (e *encoder) run(r medml.Run) {
	e.int(r.Fold)
	e.epochs(r.Epochs)
	e.float(r.Value)
	e.int(len(r.Measures))
	for _, m := range r.Measures {
		e.text(m.Name)
		e.float(m.Value)
	}
	e.text(r.Weights)
}

// decoder reads a body from its start. After the first mistake everything is zero.
type decoder struct {
	b   []byte
	err error
}

var (
	errForeign = errors.New("it is something else, or of another version")
	errDamaged = errors.New("it is damaged")
)

// unseal returns a decoder of the body of a file.
func unseal(magic string, b []byte) *decoder {
	end := len(b) - crc32.Size
	switch {
	case end < len(magic) || string(b[:len(magic)]) != magic:
		return &decoder{err: errForeign}
	case crc32.Checksum(b[:end], castagnoli) != binary.LittleEndian.Uint32(b[end:]):
		return &decoder{err: errDamaged}
	}
	return &decoder{b: b[len(magic):end]}
}

// end returns the first mistake; bytes that are left over are one.
func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		d.fail("%d bytes are left over", len(d.b))
	}
	return d.err
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
	d.b = nil
}

// take returns the next n bytes.
func (d *decoder) take(n int) []byte {
	if d.err != nil || n > len(d.b) {
		d.fail("it ends in the middle")
		return nil
	}
	b := d.b[:n:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) word() uint64 {
	b := d.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// int returns a whole number that isn't negative.
func (d *decoder) int() int {
	n := d.word()
	if n > math.MaxInt32 {
		d.fail("the number %d is too large", n)
		return 0
	}
	return int(n)
}

// count returns the length of a list whose elements take at least so many bytes.
func (d *decoder) count(each int) int {
	n := d.word()
	if n > uint64(len(d.b)/each) {
		d.fail("it ends in the middle of a list")
		return 0
	}
	return int(n)
}

func (d *decoder) float() float64 { return math.Float64frombits(d.word()) }
func (d *decoder) bytes() []byte  { return d.take(d.count(1)) }
func (d *decoder) text() string   { return string(d.bytes()) }

func (d *decoder) ints() []int { return list(d, 8, d.int) }

func (d *decoder) floats() []float64 { return list(d, 8, d.float) }

func (d *decoder) texts() []string { return list(d, 8, d.text) }

func (d *decoder) epochs() []medml.Epoch {
	return list(d, 5*8, func() medml.Epoch {
		return medml.Epoch{Step: d.int(), Loss: d.float(), ValidLoss: d.float(), Value: d.float(), Report: d.float()}
	})
}

func (d *decoder) run() medml.Run {
	r := medml.Run{Fold: d.int(), Epochs: d.epochs(), Value: d.float()}
	r.Measures = list(d, 2*8, func() medml.Measure { return medml.Measure{Name: d.text(), Value: d.float()} })
	r.Weights = d.text()
	return r
}

// list reads a list, nil if it is empty, of elements that take at least so many bytes.
func list[T any](d *decoder, each int, element func() T) []T {
	n := d.count(each)
	if n == 0 || d.err != nil {
		return nil
	}
	out := make([]T, 0, n)
	for len(out) < n && d.err == nil {
		out = append(out, element())
	}
	return out
}
