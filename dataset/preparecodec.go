package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// errPreparation is wrapped by what [Preparation.UnmarshalBinary] refuses.
var errPreparation = errors.New("reading a preparation")

// How features are scaled, as it is written.
const (
	byCentre = iota
	byQuantile
	byQuantileNormal
)

// AppendBinary appends p as docs/artifact-format.md describes it, all that it takes to
// prepare other examples. The error is nil.
func (p *Preparation) AppendBinary(b []byte) ([]byte, error) {
	e := preparationEncoder{b}
	e.floats(p.Fill)
	e.floats(p.Center)
	e.floats(p.Scale)
	e.floats([]float64{p.TargetMean, p.TargetSD})
	switch {
	case p.donors == nil:
		e.int(0)
	default:
		e.int(p.donors.k)
		e.floats(p.donors.sd)
		e.floats(p.donors.values)
	}
	switch {
	case p.ladders == nil:
		e.int(byCentre)
		return e.b, nil
	case p.ladders.normal:
		e.int(byQuantileNormal)
	default:
		e.int(byQuantile)
	}
	for _, l := range p.ladders.of {
		e.floats(l)
	}
	return e.b, nil
}

// UnmarshalBinary reads what AppendBinary wrote. Bytes that aren't a preparation are an
// error; whatever is read can be asked to prepare examples of len(Fill) features.
func (p *Preparation) UnmarshalBinary(b []byte) error {
	d := &preparationDecoder{b: b}
	out := Preparation{Fill: d.floats(), Center: d.floats(), Scale: d.floats()}
	n := len(out.Fill)
	target := d.floats()
	if d.err == nil && (len(out.Center) != n || len(out.Scale) != n || len(target) != 2) {
		d.fail("%d features have %d centres, %d scales and %d numbers of targets", n, len(out.Center), len(out.Scale), len(target))
	}
	if d.err != nil {
		return d.err
	}
	out.TargetMean, out.TargetSD = target[0], target[1]
	if k := d.int(); k != 0 {
		out.donors = &donors{k: k, sd: d.floats(), values: d.floats()}
		if d.err == nil && (k < 0 || k > mostNeighbours || n == 0 || len(out.donors.sd) != n || len(out.donors.values)%n != 0) {
			d.fail("%d neighbours among %d values of %d features", k, len(out.donors.values), n)
		}
	}
	if how := d.int(); how != byCentre {
		if how != byQuantile && how != byQuantileNormal {
			d.fail("unknown scaling %d", how)
		}
		out.ladders = &ladders{normal: how == byQuantileNormal}
		for range n {
			out.ladders.of = append(out.ladders.of, d.floats())
		}
	}
	if d.err == nil && len(d.b) > 0 {
		d.fail("%d bytes behind its end", len(d.b))
	}
	if d.err != nil {
		return d.err
	}
	*p = out
	return nil
}

type preparationEncoder struct{ b []byte }

func (e *preparationEncoder) int(n int) { e.b = binary.LittleEndian.AppendUint64(e.b, uint64(n)) }

func (e *preparationEncoder) floats(xs []float64) {
	e.int(len(xs))
	for _, x := range xs {
		e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(x))
	}
}

// preparationDecoder reads until its first error.
type preparationDecoder struct {
	b   []byte
	err error
}

func (d *preparationDecoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", errPreparation, fmt.Sprintf(format, args...))
	}
}

func (d *preparationDecoder) int() int {
	if len(d.b) < 8 {
		d.fail("it ends too soon")
	}
	if d.err != nil {
		return 0
	}
	n := int(binary.LittleEndian.Uint64(d.b))
	d.b = d.b[8:]
	return n
}

// floats returns nil for none.
func (d *preparationDecoder) floats() []float64 {
	n := d.int()
	if d.err == nil && (n < 0 || n > len(d.b)/8) {
		d.fail("it ends too soon")
	}
	if d.err != nil || n == 0 {
		return nil
	}
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = math.Float64frombits(binary.LittleEndian.Uint64(d.b[8*i:]))
	}
	d.b = d.b[8*n:]
	return xs
}
