//go:build !purego

package f32

import "unsafe"

// workspace is memory for copies of blocks.
type workspace struct {
	all  [packedB + packedA + line/4]float32
	a, b []float32 // its parts, from where cache lines begin
}

const (
	columnsOfA = 96 // how many of its rows, where it's stored transposed, are copied at once

	packedB = widest * (deepest + deepest/2)
	packedA = columnsOfA * (deepest + deepest/2) // of A's columns, or of a product's transpose
)

// workspaces are those that no product is using. They are kept: a step of training has no
// garbage.
var workspaces = make(chan *workspace, 64)

// borrow returns a workspace, made where all are in use.
func borrow() *workspace {
	select {
	case w := <-workspaces:
		return w
	default:
	}
	w := new(workspace)
	past := int(uintptr(unsafe.Pointer(&w.all)) % line)
	from := (line - past) % line / 4
	w.b, w.a = w.all[from:][:packedB], w.all[from+packedB:]
	return w
}

func (w *workspace) giveBack() {
	select {
	case workspaces <- w:
	default:
	}
}

// packColumns copies m numbers of each column of A to lie behind each other.
func (w *workspace) packColumns(m int, k Axis, a []float32) {
	width := 2 * shapes[active].lanes
	i := 0
	for ; i+width <= m; i += width {
		packRows(width, k.Inner, &a[i], k.Stride, &w.a[i], m)
	}
	for p := range k.Inner {
		copy(w.a[p*m+i:][:m-i], a[p*k.Stride+i:])
	}
}

// packRows copies rows of as many numbers as two vectors have.
func packRows(width, rows int, src *float32, lds int, dst *float32, ldd int) {
	if width == 32 {
		pack32(rows, src, lds, dst, ldd)
	} else {
		pack16(rows, src, lds, dst, ldd)
	}
}

// pack32 copies rows of 32 numbers, with AVX-512.
//
//go:noescape
func pack32(rows int, src *float32, lds int, dst *float32, ldd int)

// pack16 copies rows of 16 numbers, with AVX.
//
//go:noescape
func pack16(rows int, src *float32, lds int, dst *float32, ldd int)
