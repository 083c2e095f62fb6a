package f32

import "fmt"

// path is a set of kernels. Each has those of the paths below it to fall back on.
type path int

const (
	generic path = iota // the portable loops
	avx2                // AVX2 and FMA, 8 lanes
	avx512              // AVX-512 F, VL, DQ and BW, 16 lanes
)

var pathNames = [...]string{generic: "generic", avx2: "avx2", avx512: "avx512"}

// active is the path that every kernel takes: the best the processor has, until [Select].
var active = best()

// Path names the kernels in use: "avx512", "avx2", or "generic", the portable ones.
func Path() string { return pathNames[active] }

// Paths names all the kernels that this build has for this processor, the portable ones
// first.
func Paths() []string { return pathNames[:best()+1] }

// Select chooses the kernels by the value of MEDML_CPU; the empty string takes the best
// the processor has. All paths give the same bits. It isn't safe beside a running kernel.
func Select(name string) error {
	if name == "" {
		active = best()
		return nil
	}
	for p, known := range pathNames {
		if name != known {
			continue
		}
		if path(p) > best() {
			return fmt.Errorf("MEDML_CPU=%s: this processor or this build has only the paths %v", name, Paths())
		}
		active = path(p)
		return nil
	}
	return fmt.Errorf("MEDML_CPU=%s: no such path, known are %v", name, pathNames)
}
