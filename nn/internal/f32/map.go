package f32

import "math"

// Exp sets dst = eˣ over len(dst).
func Exp(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Exp1(v)
	}
}

// Log sets dst = ln x over len(dst).
func Log(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Log1(v)
	}
}

// Tanh sets dst = tanh x over len(dst).
func Tanh(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Tanh1(v)
	}
}

// Sigmoid sets dst = 1/(1+e⁻ˣ) over len(dst).
func Sigmoid(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Sigmoid1(v)
	}
}

// Erf sets dst = erf x over len(dst).
func Erf(dst, x []float32) {
	for i, v := range x[:len(dst)] {
		dst[i] = Erf1(v)
	}
}

func Exp1(x float32) float32     { return float32(math.Exp(float64(x))) }
func Log1(x float32) float32     { return float32(math.Log(float64(x))) }
func Log1p1(x float32) float32   { return float32(math.Log1p(float64(x))) }
func Tanh1(x float32) float32    { return float32(math.Tanh(float64(x))) }
func Sigmoid1(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }
func Erf1(x float32) float32     { return float32(math.Erf(float64(x))) }
