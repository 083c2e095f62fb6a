package f32

import "math"

// FMA returns x·y + z with one rounding, as the processor's float32 fused multiply-add
// does. The product is exact in float64, so only the sum can go wrong: rounded to float64
// and then to float32 it differs from the sum rounded once where the first rounding lands
// on a tie of the second. Only there is the sum rounded to odd instead (Boldo and
// Melquiond 2008, "Emulation of FMA and correctly rounded sums: proved algorithms using
// rounding to odd"). Hot loops write this body out, since the compiler doesn't inline it.
func FMA(x, y, z float32) float32 {
	p := float64(x) * float64(y)
	s := p + float64(z)
	if mayTie(s) {
		s = toOdd(p, float64(z), s)
	}
	return float32(s)
}

// mayTie reports whether s may lie halfway between two float32s: all do whose 29 bits
// beyond a float32's begin with a one and go on with zeros, and among the numbers below
// the smallest normal one, but not zero, it depends.
func mayTie(s float64) bool {
	const tie, smallest, sign = 1 << 28, 0x381 << 52, 1 << 63
	b := math.Float64bits(s)
	return b&(2*tie-1) == tie || b&^sign-1 < smallest-1
}

// toOdd returns p + z rounded to odd, given s, the sum rounded to nearest: s itself where
// that's exact or odd, else its neighbour on the side of the exact sum.
//
//go:noinline
func toOdd(p, z, s float64) float64 {
	// Knuth's sum: lost is exactly what s lacks.
	v := s - p
	lost := (p - (s - v)) + (z - v)
	b := math.Float64bits(s)
	if lost == 0 || b&1 == 1 {
		return s
	}
	if lost > 0 == (s > 0) {
		return math.Float64frombits(b + 1)
	}
	return math.Float64frombits(b - 1)
}
