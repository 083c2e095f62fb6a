package dataset

import "math"

// Arithmetic of complex numbers without fused multiply-adds, so that a filter has the same
// coefficients on every processor.

func product(a, b complex128) complex128 {
	return complex(float64(real(a)*real(b))-float64(imag(a)*imag(b)), float64(real(a)*imag(b))+float64(imag(a)*real(b)))
}

func scaled(a complex128, x float64) complex128 {
	return complex(float64(real(a)*x), float64(imag(a)*x))
}

func conjugate(a complex128) complex128 { return complex(real(a), -imag(a)) }

func quotient(a, b complex128) complex128 {
	size := float64(real(b)*real(b)) + float64(imag(b)*imag(b))
	p := product(a, conjugate(b))
	return complex(real(p)/size, imag(p)/size)
}

func magnitude(a complex128) float64 {
	return math.Sqrt(float64(real(a)*real(a)) + float64(imag(a)*imag(a)))
}

// squareRoot returns the root in the right half plane.
func squareRoot(a complex128) complex128 {
	size := magnitude(a)
	re, im := math.Sqrt(max(0, (size+real(a))/2)), math.Sqrt(max(0, (size-real(a))/2))
	if imag(a) < 0 {
		im = -im
	}
	return complex(re, im)
}
