// Package elementary has exp, log, sin, cos and their like in float64, with the same
// bits on every processor.
//
// The standard library's own depend on it: math.Exp on amd64 uses fused multiply-add
// where the processor has it, and compilers for other architectures fuse x*y+z. Here
// every product is rounded by an explicit conversion, and nothing is assembly. Use it
// wherever a result reaches a proposal, a weight or a metric; math.Sqrt, Floor, Abs, Max
// and the like are exact everywhere and need no twin.
package elementary
