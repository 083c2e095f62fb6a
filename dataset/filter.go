package dataset

import (
	"fmt"
	"math"

	"medml/internal/elementary"
)

// biquad is a second-order section, a[0] = 1: y[t] = b0 x[t] + b1 x[t-1] + b2 x[t-2] -
// a1 y[t-1] - a2 y[t-2].
type biquad struct{ b0, b1, b2, a1, a2 float64 }

// filter is a cascade of sections.
type filter []biquad

// newFilter designs a Butterworth filter for signals of rate samples a second: the analogue
// prototype's poles on the circle (Butterworth 1930), moved to the band and mapped by the
// bilinear transform with prewarped edges (Oppenheim & Schafer, "Discrete-time signal
// processing", 7.1). Order n of a band has n sections, of one edge (n+1)/2.
func newFilter(c FilterConfig, rate float64) (filter, error) {
	for _, edge := range []struct {
		field string
		hertz float64
	}{{"low", c.Low}, {"high", c.High}} {
		if edge.hertz >= rate/2 {
			return nil, &FieldError{"signal.filter." + edge.field, fmt.Sprintf("%v Hz: expected less than half of the %v samples a second", edge.hertz, rate)}
		}
	}
	low, high := warp(c.Low, rate), warp(c.High, rate)
	poles := prototype(c.Order)
	switch {
	case c.Low == 0:
		return lowPass(poles, high), nil
	case c.High == 0:
		return highPass(poles, low), nil
	}
	return bandPass(poles, low, high), nil
}

// warp returns the analogue frequency that the bilinear transform maps to a digital one, in
// units in which z = (2+s)/(2-s).
func warp(hertz, rate float64) float64 {
	angle := math.Pi * hertz / rate
	return 2 * elementary.Sin(angle) / elementary.Cos(angle)
}

// prototype returns the poles of the analogue low pass of cut-off 1 in the upper half plane
// and, for an odd order, the real one last.
func prototype(order int) []complex128 {
	var poles []complex128
	for k := range (order + 1) / 2 {
		angle := math.Pi * float64(2*k+1) / float64(2*order)
		p := complex(-elementary.Sin(angle), elementary.Cos(angle))
		if 2*k+1 == order {
			p = -1
		}
		poles = append(poles, p)
	}
	return poles
}

// bilinear maps an analogue pole to z.
func bilinear(s complex128) complex128 { return quotient(2+s, 2-s) }

// section returns that of two poles, conjugates or both real, and two zeros at 1 or -1.
func section(p, q complex128, zero1, zero2 float64) biquad {
	pq := product(p, q)
	return biquad{1, -(zero1 + zero2), zero1 * zero2, -(real(p) + real(q)), real(pq)}
}

// first returns a section of one real pole and zero.
func first(p, zero float64) biquad { return biquad{1, -zero, 0, -p, 0} }

func lowPass(poles []complex128, edge float64) filter {
	return oneSided(poles, func(p complex128) complex128 { return scaled(p, edge) }, -1)
}

func highPass(poles []complex128, edge float64) filter {
	return oneSided(poles, func(p complex128) complex128 { return quotient(complex(edge, 0), p) }, 1)
}

// oneSided makes sections with unit gain at the end of the spectrum opposite to the zeros.
func oneSided(poles []complex128, move func(complex128) complex128, zero float64) filter {
	var f filter
	for _, p := range poles {
		z := bilinear(move(p))
		s := section(z, conjugate(z), zero, zero)
		if imag(p) == 0 {
			s = first(real(z), zero)
		}
		// At z = -zero.
		at := -zero
		gain := (1 + s.a1*at + s.a2) / (1 + s.b1*at + s.b2)
		s.b0, s.b1, s.b2 = gain, s.b1*gain, s.b2*gain
		f = append(f, s)
	}
	return f
}

func bandPass(poles []complex128, low, high float64) filter {
	var f filter
	half, center := (high-low)/2, math.Sqrt(low*high)
	for _, p := range poles {
		// s -> (s² + center²) / (s (high-low)) takes each pole to two.
		b := scaled(p, half)
		root := squareRoot(product(b, b) - complex(float64(center*center), 0))
		z1, z2 := bilinear(b+root), bilinear(b-root)
		if imag(p) == 0 {
			f = append(f, section(z1, z2, 1, -1))
		} else {
			f = append(f, section(z1, conjugate(z1), 1, -1), section(z2, conjugate(z2), 1, -1))
		}
	}
	// Unit gain at the centre, where z = (2+ic)/(2-ic).
	z := quotient(complex(1, 0), bilinear(complex(0, center)))
	for i := range f {
		s := &f[i]
		top := 1 + scaled(z, s.b1) + scaled(product(z, z), s.b2)
		bottom := 1 + scaled(z, s.a1) + scaled(product(z, z), s.a2)
		gain := magnitude(quotient(bottom, top))
		s.b0, s.b1, s.b2 = gain, s.b1*gain, s.b2*gain
	}
	return f
}

// forward filters x in place, from the state in which its first value had stood there for
// ever: without it a filter rings at the start.
func (f filter) forward(x []float64) {
	if len(x) == 0 {
		return
	}
	level := x[0]
	for _, s := range f {
		gain := (s.b0 + s.b1 + s.b2) / (1 + s.a1 + s.a2)
		z2 := (s.b2 - float64(s.a2*gain)) * level
		z1 := (s.b1 + s.b2 - float64((s.a1+s.a2)*gain)) * level
		level *= gain
		for i, v := range x { // the transposed direct form II
			y := float64(s.b0*v) + z1
			z1 = float64(s.b1*v) - float64(s.a1*y) + z2
			z2 = float64(s.b2*v) - float64(s.a2*y)
			x[i] = y
		}
	}
}

// zeroPhase filters forwards and backwards, over a signal that goes on beyond its ends as
// its reflection about them (Gustafsson 1996 has why). It takes as many samples there as
// scipy's sosfiltfilt.
func (f filter) zeroPhase(x []float64) []float64 {
	orders := 0 // of sections that have but one pole
	for _, s := range f {
		if s.a2 == 0 && s.b2 == 0 {
			orders++
		}
	}
	n := min(3*(2*len(f)+1-orders), len(x)-1)
	if n < 0 {
		return nil
	}
	y := make([]float64, 0, len(x)+2*n)
	for i := n; i > 0; i-- {
		y = append(y, 2*x[0]-x[i])
	}
	y = append(y, x...)
	for i := 1; i <= n; i++ {
		y = append(y, 2*x[len(x)-1]-x[len(x)-1-i])
	}
	f.forward(y)
	reverse(y)
	f.forward(y)
	reverse(y)
	return y[n : n+len(x)]
}

func reverse(x []float64) {
	for i, j := 0, len(x)-1; i < j; i, j = i+1, j-1 {
		x[i], x[j] = x[j], x[i]
	}
}
