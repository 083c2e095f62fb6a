package elementary

import "math"

// mulAdd returns x·y + z, with the product rounded before the sum. No compiler may fuse
// the two.
func mulAdd(x, y, z float64) float64 { return float64(x*y) + z }

// twoSum returns a + b as the rounded sum and its exact error (Knuth 1969).
func twoSum(a, b float64) (s, e float64) {
	s = a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// fastTwoSum is twoSum for |a| ≥ |b| or a = 0 (Dekker 1971).
func fastTwoSum(a, b float64) (s, e float64) {
	s = a + b
	return s, b - (s - a)
}

// split returns a as hi + lo, hi having 26 significant bits.
func split(a float64) (hi, lo float64) {
	hi = math.Float64frombits(math.Float64bits(a) &^ (1<<27 - 1))
	return hi, a - hi
}

// twoProd returns a·b as the rounded product and its error, right to 2⁻¹⁰⁵ of the
// product (Dekker 1971).
func twoProd(a, b float64) (p, e float64) {
	p = float64(a * b)
	ah, al := split(a)
	bh, bl := split(b)
	e = float64(ah*bh) - p
	e += float64(ah * bl)
	e += float64(al * bh)
	return p, e + float64(al*bl)
}
