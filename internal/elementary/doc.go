// Package elementary has exp, log, sin, cos and their like in float64, with the same
// bits on every processor.
//
// The standard library's own depend on it: math.Exp on amd64 uses fused multiply-add
// where the processor has it, and compilers for other architectures fuse x*y+z. Here
// every product that meets a sum is rounded by an explicit conversion, and nothing is
// assembly. Use it wherever a result reaches a proposal, a weight or a metric;
// math.Sqrt, Floor, Abs, Max and the like are exact everywhere and need no twin.
//
// Signatures and special cases are those of package math. Each function states its
// largest error in units in the last place (ulp), where the result is a normal number;
// the tests hold them to it against math/big, and hold the bits of 100,000 results of
// each to a golden hash.
//
// When you change a file here, studies made before can no longer be reproduced to the
// bit: the golden hash is a promise, not a convenience.
package elementary
