package f32_test

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"

	"medml/nn/internal/f32"
)

// guarded returns n numbers with pages before and behind that no one may touch: they lie
// at the end of theirs, or at its beginning.
func guarded(t *testing.T, n int, atEnd bool) []float32 {
	t.Helper()
	page := syscall.Getpagesize()
	size := (4*n + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	must(t, err)
	t.Cleanup(func() { must(t, syscall.Munmap(all)) })
	must(t, syscall.Mprotect(all[:page], syscall.PROT_NONE))
	must(t, syscall.Mprotect(all[page+size:], syscall.PROT_NONE))
	from := page
	if atEnd {
		from += size - 4*n
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&all[from])), n)
}

// A kernel that reads or writes beyond its operands dies here.
func TestGemmStaysWithinItsOperands(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, s := range [][3]int{{1, 1, 1}, {13, 31, 9}, {12, 32, 4}, {7, 17, 70}, {25, 8, 3}, {36, 33, 65}, {40, 3, 130}} {
		m, n, k := s[0], s[1], s[2]
		for _, atEnd := range []bool{false, true} {
			a, b, c := guarded(t, m*k, atEnd), guarded(t, k*n, atEnd), guarded(t, m*n, atEnd)
			copy(a, filled(rng, len(a), false))
			copy(b, filled(rng, len(b), false))
			for _, form := range forms {
				lda, ldb := k, n
				if form.tA {
					lda = m
				}
				if form.tB {
					ldb = k
				}
				want := make([]float32, m*n)
				plain(form.tA, form.tB, m, n, k, a, lda, b, ldb, want, n, false)
				for _, path := range f32.Paths() {
					use(t, path)
					form.run(m, n, k, a, lda, b, ldb, c, n, false)
					same(t, form.name+" "+path, c, want)
				}
			}
		}
	}
}
