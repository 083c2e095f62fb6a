package nn

import "medml/nn/internal/f32"

// Kernels names the kernels in use: "generic", or the instruction set they are written
// for. All give the same bits.
func Kernels() string { return f32.Path() }

// SelectKernels chooses the kernels by the value of MEDML_CPU; the empty string takes the
// best the processor has. It is called before any model is built.
func SelectKernels(name string) error { return f32.Select(name) }
