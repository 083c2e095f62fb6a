package f32

import "fmt"

// An instruction set joins with a file of its declarations and dispatch, NAME_amd64.go, its
// assembly beside it, both for the build tag !purego, and a line in Select.

// Path names the kernels in use: "generic", the portable ones.
func Path() string { return "generic" }

// Select chooses the kernels by the value of MEDML_CPU; the empty string takes the best
// the processor has. All paths give the same bits.
func Select(name string) error {
	switch name {
	case "", "generic":
		return nil
	}
	return fmt.Errorf("MEDML_CPU=%s: this build has only the path generic", name)
}
