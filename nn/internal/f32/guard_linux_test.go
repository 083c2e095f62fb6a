package f32_test

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"

	"medml/nn/internal/f32"
)

// guarded returns n numbers, behind the last of which, or before the first, lies a page that
// mustn't be touched.
func guarded(t *testing.T, n int, atEnd bool) []float32 {
	t.Helper()
	page := syscall.Getpagesize()
	size := (4*n + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(mem); err != nil {
			t.Error(err)
		}
	})
	for _, forbidden := range [][]byte{mem[:page], mem[page+size:]} {
		if err := syscall.Mprotect(forbidden, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		return nil
	}
	first := page
	if atEnd {
		first = page + size - 4*n
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&mem[first])), n)
}

// A kernel that read or wrote a number beyond its buffers would crash the test.
func TestKernelsStayWithinTheirBuffers(t *testing.T) {
	defer func() { allocate, guard = heap, fence }()
	guard = 0
	onEachPath(t, func(t *testing.T) {
		for _, atEnd := range []bool{true, false} {
			for _, n := range []int{1, 7, 8, 9, 15, 16, 17, 31, 33} {
				t.Run("", func(t *testing.T) { // unmaps what each size took
					allocate = func(n int) []float32 { return guarded(t, n, atEnd) }
					for _, c := range twins {
						c.run(rand.New(rand.NewPCG(1, 7)), 2, n)
					}
					a, b, dst := wild(rand.New(rand.NewPCG(1, 1)), n), wild(rand.New(rand.NewPCG(1, 2)), n), allocate(n)
					for _, c := range maps {
						c.run(dst, a, b)
					}
					f32.Dot(a, b)
					f32.Sum(a)
				})
			}
		}
	})
}
