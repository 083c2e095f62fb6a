package elementary

import "math"

// atanTable holds atan(j/8) for j = 0 … 8 as the sum of two float64.
var atanTable = [9][2]float64{
	{0, 0},
	{0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
	{0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
	{0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
	{0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
	{0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
	{0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
	{0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
	{0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
}

// Atan returns the arctangent of x in radians, within 2 ulp.
func Atan(x float64) float64 {
	switch {
	case x != x || math.Abs(x) < 0x1p-27:
		return x
	case x < 0:
		return -atanPositive(-x)
	}
	return atanPositive(x)
}

// atanPositive uses atan x = atan c + atan((x-c)/(1+c·x)) with the nearest c of the
// table, and above 1 the reciprocal.
func atanPositive(x float64) float64 {
	if x > 1 {
		s, e := fastTwoSum(halfPiHi, -atanPositive(1/x))
		return s + (e + halfPiLo)
	}
	j := math.Floor(mulAdd(x, 8, 0.5))
	c := float64(j * 0.125)
	t := (x - c) / mulAdd(c, x, 1)
	row := &atanTable[int(j)]
	return row[0] + (row[1] + atanTaylor(t))
}

// atanTaylor returns atan t for |t| ≤ 1/16, as t - t³/3 + … + t¹⁵/15.
func atanTaylor(t float64) float64 {
	z := float64(t * t)
	p := mulAdd(z, -1.0/15, 1.0/13)
	p = mulAdd(z, p, -1.0/11)
	p = mulAdd(z, p, 1.0/9)
	p = mulAdd(z, p, -1.0/7)
	p = mulAdd(z, p, 1.0/5)
	p = mulAdd(z, p, -1.0/3)
	return mulAdd(float64(t*z), p, t)
}
