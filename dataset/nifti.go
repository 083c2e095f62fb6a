package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// niftiVolume is a volume of NIfTI-1 (Cox et al. 2004, nifti1.h) or NIfTI-2 (nifti2.h) in
// one file: x runs fastest.
type niftiVolume struct {
	where  string
	sides  [3]int
	order  binary.ByteOrder
	kind   niftiKind
	slope  float64 // 0 for none
	shift  float64
	affine [3][4]float64 // from voxel numbers to millimetres: right, anterior, superior
	data   []byte
}

// niftiKind is how voxels are stored.
type niftiKind struct {
	name string
	size int // bytes
}

var niftiKinds = map[int16]niftiKind{
	2: {"uint8", 1}, 4: {"int16", 2}, 8: {"int32", 4}, 16: {"float32", 4}, 64: {"float64", 8},
	256: {"int8", 1}, 512: {"uint16", 2}, 768: {"uint32", 4}, 1024: {"int64", 8}, 1280: {"uint64", 8},
}

// niftiNames are those of kinds that aren't read.
var niftiNames = map[int16]string{
	1: "bits", 32: "complex64", 128: "RGB24", 1536: "float128", 1792: "complex128", 2048: "complex256", 2304: "RGBA32",
}

// mostVoxels bounds a volume.
const mostVoxels = 1 << 26

// openNifti reads a volume, packed by gzip or not. The header is believed only as far as
// bytes follow.
func openNifti(where string, file []byte) (*niftiVolume, error) {
	in := io.Reader(bytes.NewReader(file))
	if bytes.HasPrefix(file, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, niftiDamage(where, err)
		}
		in = z
	}
	head := make([]byte, 348)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, niftiDamage(where, err)
	}
	v := &niftiVolume{where: where}
	rest := 0 // of the header
	switch {
	case binary.LittleEndian.Uint32(head) == 348:
		v.order = binary.LittleEndian
	case binary.BigEndian.Uint32(head) == 348:
		v.order = binary.BigEndian
	case binary.LittleEndian.Uint32(head) == 540:
		v.order, rest = binary.LittleEndian, 540-348
	case binary.BigEndian.Uint32(head) == 540:
		v.order, rest = binary.BigEndian, 540-348
	default:
		return nil, v.odd("no NIfTI header", "one of 348 or 540 bytes")
	}
	head = append(head, make([]byte, rest)...)
	if _, err := io.ReadFull(in, head[348:]); err != nil {
		return nil, niftiDamage(where, err)
	}
	h := niftiHeader{head, v.order, rest > 0}
	offset, err := h.into(v)
	if err != nil {
		return nil, err
	}
	return v, v.load(in, offset-int64(len(head)))
}

func (v *niftiVolume) odd(found, expected string, args ...any) error {
	return &CellError{File: v.where, Found: found, Expected: fmt.Sprintf(expected, args...)}
}

func niftiDamage(where string, err error) error {
	e := &CellError{File: where, Found: "damage (" + oneLine(err.Error()) + ")", Expected: "a whole volume"}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		e.Found = "a file that is cut off"
	}
	return e
}

// load reads the voxels, which begin after so many bytes.
func (v *niftiVolume) load(in io.Reader, gap int64) error {
	if _, err := io.CopyN(io.Discard, in, gap); err != nil {
		return niftiDamage(v.where, err)
	}
	want := int64(v.sides[0]) * int64(v.sides[1]) * int64(v.sides[2]) * int64(v.kind.size)
	var data bytes.Buffer
	if n, err := io.CopyN(&data, in, want); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return v.odd(fmt.Sprintf("%d bytes of voxels", n), "%d: %v voxels of %s; it is cut off", want, v.sides, v.kind.name)
		}
		return niftiDamage(v.where, err)
	}
	// Reading to the end has gzip's checksum checked. A little padding is nothing bad.
	const most = 1 << 16
	switch n, err := io.CopyN(io.Discard, in, most); {
	case err == nil && n == most:
		return v.odd("more bytes than its voxels take", "%d: %v voxels of %s", want, v.sides, v.kind.name)
	case err != nil && err != io.EOF:
		return niftiDamage(v.where, err)
	}
	v.data = data.Bytes()
	return nil
}

// at returns a voxel's value, scaled.
func (v *niftiVolume) at(x, y, z int) float64 {
	b := v.data[((z*v.sides[1]+y)*v.sides[0]+x)*v.kind.size:]
	var value float64
	switch v.kind.name {
	case "uint8":
		value = float64(b[0])
	case "int8":
		value = float64(int8(b[0]))
	case "uint16":
		value = float64(v.order.Uint16(b))
	case "int16":
		value = float64(int16(v.order.Uint16(b)))
	case "uint32":
		value = float64(v.order.Uint32(b))
	case "int32":
		value = float64(int32(v.order.Uint32(b)))
	case "uint64":
		value = float64(v.order.Uint64(b))
	case "int64":
		value = float64(int64(v.order.Uint64(b)))
	case "float32":
		value = float64(math.Float32frombits(v.order.Uint32(b)))
	default:
		value = math.Float64frombits(v.order.Uint64(b))
	}
	if v.slope != 0 {
		value = float64(value*v.slope) + v.shift
	}
	return value
}
