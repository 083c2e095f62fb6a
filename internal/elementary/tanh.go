package elementary

import "math"

// Tanh returns the hyperbolic tangent of x, within 3 ulp.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	var t float64
	switch {
	case x != x || a < 0x1p-28:
		return x
	case a > 20:
		t = 1
	case a > 0.5:
		t = 1 - 2/(Exp(float64(2*a))+1)
	default:
		e := Expm1(float64(2 * a))
		t = e / (e + 2)
	}
	return math.Copysign(t, x)
}

// Sigmoid returns the logistic function 1/(1 + e^-x), within 2.5 ulp.
func Sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + Exp(-x))
	}
	e := Exp(x)
	return e / (1 + e)
}
