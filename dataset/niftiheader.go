package dataset

import (
	"encoding/binary"
	"fmt"
	"math"
)

// niftiHeader reads fields at the places that nifti1.h and nifti2.h give them.
type niftiHeader struct {
	b     []byte
	order binary.ByteOrder
	two   bool // NIfTI-2
}

// pick returns the place of a field in either header.
func (h niftiHeader) pick(one, two int) int {
	if h.two {
		return two
	}
	return one
}

func (h niftiHeader) int16(one, two int) int16 {
	return int16(h.order.Uint16(h.b[h.pick(one, two):]))
}

// real reads a float of 4 bytes, of 8 in NIfTI-2.
func (h niftiHeader) real(one, two, index int) float64 {
	if h.two {
		return math.Float64frombits(h.order.Uint64(h.b[two+8*index:]))
	}
	return float64(math.Float32frombits(h.order.Uint32(h.b[one+4*index:])))
}

// dim reads a side: of 2 bytes, of 8 in NIfTI-2.
func (h niftiHeader) dim(index int) int64 {
	if h.two {
		return int64(h.order.Uint64(h.b[16+8*index:]))
	}
	return int64(int16(h.order.Uint16(h.b[40+2*index:])))
}

// code reads the code of a transformation.
func (h niftiHeader) code(one, two int) int {
	if h.two {
		return int(int32(h.order.Uint32(h.b[two:])))
	}
	return int(h.int16(one, 0))
}

// into fills in a volume but for its voxels, and returns where in the file they begin.
func (h niftiHeader) into(v *niftiVolume) (offset int64, err error) {
	magic := string(h.b[h.pick(344, 4):][:4])
	switch {
	case magic == "ni1\x00" || magic == "ni2\x00":
		return 0, v.odd("a header whose voxels are in another file (.hdr and .img)", "both in one: pairs aren't supported")
	case magic != "n+1\x00" && !h.two || magic != "n+2\x00" && h.two:
		return 0, v.odd("no NIfTI file", `one, with the magic "n+1" or "n+2"`)
	}
	if err := h.sides(v); err != nil {
		return 0, err
	}
	code := h.int16(70, 12)
	kind, ok := niftiKinds[code]
	if !ok {
		name := niftiNames[code]
		if name == "" {
			name = fmt.Sprint("kind ", code)
		}
		return 0, v.odd("voxels of "+name, "integers or floats of 8 bytes at most: others aren't supported")
	}
	if bits := h.int16(72, 14); int(bits) != 8*kind.size {
		return 0, v.odd(fmt.Sprintf("%d bits a voxel", bits), "%d, as %s has", 8*kind.size, kind.name)
	}
	v.kind = kind
	if v.slope, v.shift = h.real(112, 176, 0), h.real(116, 184, 0); v.slope-v.slope != 0 || v.shift-v.shift != 0 {
		v.slope, v.shift = 0, 0 // not finite: the values are as they are stored
	}
	least := int64(h.pick(352, 544))
	if h.two {
		offset = int64(h.order.Uint64(h.b[168:]))
	} else {
		x := h.real(108, 0, 0)
		if !(x >= 0 && x <= 1<<30) || x != math.Trunc(x) {
			return 0, v.odd(fmt.Sprintf("voxels from byte %v", x), "%d or more", least)
		}
		offset = int64(x)
	}
	if offset == 0 {
		offset = least
	}
	if offset < least || offset > 1<<30 {
		return 0, v.odd(fmt.Sprintf("voxels from byte %d", offset), "%d or more", least)
	}
	v.affine = h.affine(v.sides)
	for _, row := range v.affine {
		for _, x := range row {
			if x-x != 0 {
				return 0, v.odd("a place in space that isn't finite", "numbers")
			}
		}
	}
	return offset, nil
}

// sides reads how large the volume is: two or three sides, and no more but of 1.
func (h niftiHeader) sides(v *niftiVolume) error {
	rank := h.dim(0)
	if rank < 1 || rank > 7 {
		return v.odd(fmt.Sprintf("%d dimensions", rank), "2 or 3")
	}
	voxels := int64(1)
	for i := range 7 {
		n := int64(1)
		if int64(i) < rank {
			n = h.dim(i + 1)
		}
		switch {
		case n < 1 || n > mostVoxels/voxels:
			return v.odd(fmt.Sprintf("a side of %d voxels", n), "1 or more, and at most %d voxels", mostVoxels)
		case i < 3:
			v.sides[i] = int(n)
		case n > 1:
			return v.odd(fmt.Sprintf("%d volumes in one file (4-D)", n), "one: a series, as of fMRI or diffusion, is to be split into files of a volume each (fslsplit and nibabel's four_to_three do it), or the one that matters taken out")
		}
		voxels *= n
	}
	return nil
}

// affine returns where voxels are: by the s-form, else the q-form, else by their size
// alone with the middle at 0 (methods 3, 2 and 1 of nifti1.h; the last with x to the left,
// as is the custom).
func (h niftiHeader) affine(sides [3]int) (a [3][4]float64) {
	size := [3]float64{h.real(76, 104, 1), h.real(76, 104, 2), h.real(76, 104, 3)}
	switch {
	case h.code(254, 348) > 0:
		for i := range a {
			for j := range a[i] {
				a[i][j] = h.real(280+16*i, 400+32*i, j)
			}
		}
		return a
	case h.code(252, 344) > 0:
		turn := quaternion(h.real(256, 352, 0), h.real(260, 360, 0), h.real(264, 368, 0))
		if h.real(76, 104, 0) < 0 {
			size[2] = -size[2]
		}
		for i := range a {
			for j := range 3 {
				a[i][j] = turn[i][j] * size[j]
			}
			a[i][3] = h.real(268, 376, i)
		}
		return a
	}
	size[0] = -size[0]
	for i := range a {
		a[i][i] = size[i]
		a[i][3] = -size[i] * float64(sides[i]-1) / 2
	}
	return a
}

// quaternion returns the turn of (a, b, c, d), with a such that it is a turn.
func quaternion(b, c, d float64) [3][3]float64 {
	rest := 1 - float64(b*b) - float64(c*c) - float64(d*d)
	a := 0.0
	if rest < 1e-7 { // half a turn, as nifti1_io.c takes it
		norm := math.Sqrt(float64(b*b) + float64(c*c) + float64(d*d))
		b, c, d = b/norm, c/norm, d/norm
	} else {
		a = math.Sqrt(rest)
	}
	p := func(x, y float64) float64 { return float64(x * y) }
	return [3][3]float64{
		{p(a, a) + p(b, b) - p(c, c) - p(d, d), 2*p(b, c) - 2*p(a, d), 2*p(b, d) + 2*p(a, c)},
		{2*p(b, c) + 2*p(a, d), p(a, a) + p(c, c) - p(b, b) - p(d, d), 2*p(c, d) - 2*p(a, b)},
		{2*p(b, d) - 2*p(a, c), 2*p(c, d) + 2*p(a, b), p(a, a) + p(d, d) - p(c, c) - p(b, b)},
	}
}
