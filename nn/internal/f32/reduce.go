package f32

// Sum returns the sum of x by a tree that doesn't depend on the machine: lane l of 16
// chains the elements l, l+16, l+32, … ascending, and the lanes are then halved, lane l
// taking lane l+8, then l+4, l+2 and l+1.
func Sum(x []float32) float32 {
	var lane [16]float32
	if k := vectors[active].sum; k != nil && len(x) >= 16 {
		lane = k(&x[0], len(x)/16)
		x = x[len(x)&^15:]
	}
	for ; len(x) >= 16; x = x[16:] {
		for l := range lane {
			lane[l] += x[l]
		}
	}
	for l, v := range x {
		lane[l] += v
	}
	return fold(&lane)
}

// SumSquares returns the sum of x's squares by the tree of [Sum].
func SumSquares(x []float32) float32 { return Dot(x, x) }

// Dot returns the sum of a·b over len(a), by the tree of [Sum], whose chains are of fused
// multiply-adds.
func Dot(a, b []float32) float32 {
	b = b[:len(a)]
	var lane [16]float32
	if k := vectors[active].dot; k != nil && len(a) >= 16 {
		lane = k(&a[0], &b[0], len(a)/16)
		a, b = a[len(a)&^15:], b[len(a)&^15:]
	}
	for ; len(a) >= 16; a, b = a[16:], b[16:] {
		for l := range lane {
			lane[l] = FMA(a[l], b[l], lane[l])
		}
	}
	for l, v := range a {
		lane[l] = FMA(v, b[l], lane[l])
	}
	return fold(&lane)
}

func fold[T float32 | float64](lane *[16]T) T {
	for half := 8; half > 0; half /= 2 {
		for l := range half {
			lane[l] += lane[l+half]
		}
	}
	return lane[0]
}
